import fc from 'fast-check'
import {expect, test} from 'vitest'
import {readDotenv} from '../../src/repo/dotenv.ts'
import type {Reader} from '../../src/repo/files.ts'
import {readIni} from '../../src/repo/ini.ts'
import {readAngular} from '../../src/repo/packages/angular.ts'
import {readNodePackages} from '../../src/repo/packages/node-packages.ts'
import {readPythonDependencies} from '../../src/repo/packages/python-dependencies.ts'
import {readRuff} from '../../src/repo/packages/ruff.ts'
import {readingOf} from '../support/repository.ts'

const good: readonly [string, string, Reader<unknown>][] = [
  [
    'requirements.txt',
    'a[x,y]>=1,<2 ; python_version < "3" # c\n-r b.txt\n-c c.txt\n-e .\nz @ https://x.example/z.whl \\\n --hash=sha256:aa\n',
    readPythonDependencies,
  ],
  [
    'pyproject.toml',
    '[project]\ndependencies = ["a>=1"]\n[project.optional-dependencies]\ndev = ["b"]\n[tool.poetry.dependencies]\nc = {version = "^1", extras = ["x"]}\n[[tool.poetry.source]]\nname = "x"\n[tool.ruff.lint]\nselect = ["E"]\n',
    readPythonDependencies,
  ],
  ['pyproject.toml', '[tool.ruff]\nline-length = 100\n[tool.ruff.lint.per-file-ignores]\n"a.py" = ["F401"]\n', readRuff],
  ['setup.cfg', '[options]\ninstall_requires =\n    a>=1\n    b\n[options.extras_require]\ndev = c\n', readPythonDependencies],
  [
    'setup.py',
    'from setuptools import setup\nR = ["a>=1", "b"]\nsetup(name="x", install_requires=R, extras_require={"dev": ["c"]})\n',
    readPythonDependencies,
  ],
  ['Pipfile', '[packages]\na = "*"\nb = {version = ">=1", extras = ["x"]}\n', readPythonDependencies],
  ['Pipfile.lock', '{"default": {"a": {"version": "==1.0"}}, "develop": {}}', readPythonDependencies],
  ['uv.lock', 'version = 1\n[[package]]\nname = "a"\nversion = "1.0"\n', readPythonDependencies],
  ['package.json', '{"name": "x", "scripts": {"a": "b"}, "dependencies": {"c": "1"}, "workspaces": ["x/*"]}', readNodePackages],
  [
    'angular.json',
    '{"projects": {"a": {"architect": {"build": {"configurations": {"production": {"fileReplacements": [{"replace": "a", "with": "b"}]}}}}}}}',
    readAngular,
  ],
  ['.env.example', '# c\nexport A="b # c" # d\n#E=\nF=\'g\nh\'\n', readDotenv],
  ['alembic.ini', '[alembic]\nscript_location = x\nsqlalchemy.url: y\n  z\n', readIni],
]

const piece = fc.oneof(
  fc.string({unit: 'binary', maxLength: 8}),
  fc.constantFrom('[', ']', '{', '}', '"', "'", '\n', '\r', '=', ',', '#', '\\', '\0', '\uFEFF', '\ud800'),
)
const mutation = fc.record({at: fc.nat(1000), cut: fc.nat(20), put: piece, from: fc.nat(1000)})
const mutated = (text: string, changes: readonly {at: number; cut: number; put: string; from: number}[]) =>
  changes.reduce((made, {at, cut, put, from}) => {
    const place = at % (made.length + 1)
    const source = from % (made.length + 1)
    return made.slice(0, place) + put + made.slice(source, source + cut) + made.slice(place + cut)
  }, text)

test.each(good)('%s, changed anyhow, gives facts or says what it did not read', async (path, text, reader) => {
  await fc.assert(
    fc.asyncProperty(fc.array(mutation, {minLength: 1, maxLength: 8}), async (changes) => {
      const facts = await readingOf({[path]: mutated(text, changes)}).read(reader)
      expect(JSON.parse(JSON.stringify(facts))).toEqual(facts)
    }),
    {numRuns: 100},
  )
})

const hostile = [
  '['.repeat(50_000),
  '{"a":'.repeat(50_000),
  '[a]\n'.repeat(50_000),
  ' '.repeat(200_000),
  '#'.repeat(200_000),
  `a = ${'['.repeat(20_000)}${']'.repeat(20_000)}`,
].concat(
  'a\\\n'.repeat(100_000),
  `a = ${'{b = '.repeat(5000)}`,
  `A="${'\\'.repeat(200_000)}`,
  'a.'.repeat(100_000),
  `${'-'.repeat(100_000)}e x`,
  `x ;${' ;'.repeat(100_000)}`,
)

test.each(good)('%s, made to be slow, is not', {timeout: 20_000}, async (path, _, reader) => {
  for (const text of hostile) {
    const start = performance.now()
    // Python is given shorter ones: its parser may take seconds before it is stopped.
    await readingOf({[path]: path.endsWith('.py') ? text.slice(0, 3000) : text}).read(reader)
    expect(performance.now() - start, text.slice(0, 20)).toBeLessThan(5000)
  }
})
