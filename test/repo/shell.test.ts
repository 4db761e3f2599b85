import {describe, expect, test} from 'vitest'
import {commandsOf} from '../../src/repo/workflows/called.ts'
import {literal, textOf, type Word} from '../../src/repo/workflows/words.ts'
import {readingOf, type Texts} from '../support/repository.ts'

/** Commands of a text as `line [folder] program words` with what is special about them. */
const commands = async (
  text: string,
  {
    files = {},
    variables = {},
    errexit = true,
    pipefail = false,
    directory = '',
  }: {files?: Texts; variables?: Record<string, Word>; errexit?: boolean; pipefail?: boolean; directory?: string} = {},
): Promise<string[]> => {
  const read = await commandsOf(readingOf(files), literal(text), {
    file: 'x.yml',
    lineOf: (row) => row + 1,
    directory,
    variables,
    errexit,
    pipefail,
  })
  return read.commands.map((one) => {
    const notes = [
      one.tolerated === undefined ? '' : `~${one.tolerated}`,
      one.conditional ? '?' : '',
      one.missing === undefined ? '' : `!${one.missing}`,
      one.container === undefined ? '' : `@${one.container}`,
    ]
    return [
      `${one.file === 'x.yml' ? '' : `${one.file}:`}${one.line}`,
      `[${one.directory ?? '*'}]`,
      one.program.map(textOf).join(' '),
      ...notes,
    ]
      .filter((note) => note !== '')
      .join(' ')
  })
}

describe('a shell text', () => {
  test.each<[string, string, string[]]>([
    ['folders', 'cd api && pytest\n(cd ../web; npm ci)\nruff check', ['1 [api] pytest', '2 [web] npm ci', '3 [api] ruff check']],
    ['a folder out of the repository', 'cd ..\npytest', ['2 [*] pytest']],
    ['the workspace', 'cd $GITHUB_WORKSPACE/web\nng lint', ['2 [web] ng lint']],
    [
      'what forgives a failure',
      'a || true\nb || exit 1\nc & \nd',
      ['1 [] a ~|| true', '1 [] true ?', '2 [] b', '3 [] c ~it runs in the background', '4 [] d'],
    ],
    [
      'a failure before && in the middle',
      'a && b\nc && d',
      ['1 [] a ~a failure before && does not stop the script', '1 [] b', '2 [] c', '2 [] d'],
    ],
    ['a pipe', 'a | tee log', ['1 [] a ~the pipe hides its failure', '1 [] tee log']],
    ['a pipe that fails', 'set -o pipefail\na | tee log', ['2 [] a', '2 [] tee log']],
    ['set +e', 'set +e\na\nb', ['2 [] a ~what comes after it runs all the same', '3 [] b']],
    ['a branch', 'if [ "$X" = y ]; then a; else b; fi', ['1 [] a ?', '1 [] b ?']],
    ['a loop', 'for s in api web; do deploy "q-$s"; done', ['1 [] deploy q-$s']],
    ['an exit', 'a\nexit 0\nb', ['1 [] a']],
    ['a function', 'f() {\n  a\n}\nf', ['2 [] a']],
    ['comments and words', '# a\necho "b" # c', ['2 [] echo b']],
    ['nested shells', 'bash -ec "a; b"\nsh <<EOF\nc\nEOF', ['1 [] a', '1 [] b', '2 [] c']],
    ['a command in a value', 'X=$(gcloud run jobs list)\nexport Y=$(a)', ['1 [] gcloud run jobs list', '2 [] a ~export hides its failure']],
    ['continued lines', 'a \\\n  --b \\\n  c', ['1 [] a --b c']],
    [
      'wrappers',
      'sudo -u x env A=1 poetry -C api run alembic upgrade head\npython -m pytest -q\nuv run --group dev ruff check\nnpx --yes eslint@9 .',
      ['1 [api] alembic upgrade head', '2 [] pytest -q', '3 [] ruff check', '4 [] eslint .'],
    ],
    [
      'containers',
      'docker run --rm -e A=b img:1 alembic upgrade head\ndocker compose -f c.yml run --rm api pytest\ndocker compose up -d db',
      ['1 [] alembic upgrade head @img:1', '2 [] pytest @api', '3 [] docker compose up -d db'],
    ],
    ['Windows line ends', 'cd api\r\npytest\r\n', ['2 [api] pytest']],
  ])('%s', async (_, text, expected) => {
    expect(await commands(text)).toEqual(expected)
  })

  test('variables are put in where they are known, also in branches that are decided', async () => {
    const text =
      'if [[ "$REF" == main ]]; then E=prod; else E=dev; fi\ncase $REF in\n  main) N=one ;;\n  *) N=two ;;\nesac\ngcloud run deploy "api-$E-$N" --image "$IMG"'
    expect(await commands(text, {variables: {REF: literal('main')}})).toEqual(['6 [] gcloud run deploy api-prod-one --image $IMG'])
  })

  test('calls are followed: make, just, packages, scripts, tasks, hooks', async () => {
    const files = {
      Makefile: 'V := poetry run\n.PHONY: test\ntest: deps\n\t@cd api && $(V) pytest\n\t-ruff check\ndeps:\n\tpoetry install\n',
      justfile: 'lint *args:\n  ruff check {{args}}\n',
      'web/package.json': '{"scripts": {\n"pretest": "tsc --noEmit",\n"test": "ng test"}}',
      'pyproject.toml': '[tool.poe.tasks]\ncheck = "ruff check"\n[tool.hatch.envs.default.scripts]\ncov = ["pytest --cov"]\n',
      'tox.ini': '[testenv]\ncommands =\n  pytest {posargs}\n[testenv:lint]\ncommands = ruff check\n',
      '.pre-commit-config.yaml': 'repos:\n  - repo: x\n    rev: v1\n    hooks:\n      - id: ruff\n        args: [--fix]\n',
      'bin/x': '#!/bin/sh\npytest\n',
    }
    expect(
      await commands(
        'make test\njust lint\nnpm test --prefix web\npoe check\nhatch run cov\ntox -e lint\npre-commit run --all-files\n./bin/x',
        {files},
      ),
    ).toEqual([
      'Makefile:7 [] poetry install',
      'Makefile:4 [api] pytest',
      'Makefile:5 [] ruff check ~|| true',
      'Makefile:5 [] true ?',
      'justfile:2 [] ruff check {{args}}',
      'web/package.json:2 [web] tsc --noEmit',
      'web/package.json:3 [web] ng test',
      'pyproject.toml:2 [] ruff check',
      'pyproject.toml:4 [] pytest --cov',
      'tox.ini:5 [] ruff check',
      '.pre-commit-config.yaml:5 [] ruff check --fix',
      'bin/x:2 [] pytest',
    ])
  })

  test('scripts and functions see their arguments', async () => {
    const files = {
      'bin/run.sh': 'echo "$1" ${2:-none} $#\nshift\nexec "$@"\n',
      'bin/env.sh': 'deploy "api-$ENV" "${1:?which}"\n',
    }
    expect(
      await commands('bin/run.sh x alembic upgrade head\nENV=prod bash -e bin/env.sh web\nf() { a "$1" "$@"; }\nf p q\necho $1', {files}),
    ).toEqual([
      'bin/run.sh:1 [] echo x alembic 4 ~what comes after it runs all the same',
      'bin/run.sh:3 [] alembic upgrade head',
      'bin/env.sh:1 [] deploy api-prod web',
      '3 [] a p p q',
      '5 [] echo $1',
    ])
  })

  test('what is called and is not there is said', async () => {
    const files = {Makefile: 'a:\n\ttrue\n', 'package.json': '{"scripts": {}}'}
    expect(await commands('make b\nnpm run lint --if-present\n./gone.sh\nmake -C web x', {files})).toEqual([
      '1 [] make b !there is no target b in Makefile',
      '2 [] npm run lint --if-present !there is no script lint in package.json, and --if-present hides it',
      '3 [] gone.sh !there is no gone.sh',
      '4 [] make -C web x !there is no Makefile in web',
    ])
  })

  test('calls that go in circles end', async () => {
    const found = await commands('make a', {files: {Makefile: 'a:\n\tmake b\nb:\n\tmake a\n'}})
    expect(found.length).toBeLessThan(10)
  })
})
