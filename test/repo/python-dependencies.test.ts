import {describe, expect, it, test} from 'vitest'
import {declarationsNamed, installedBy, projectAbove, runtimeDependencies, versionOf} from '../../src/repo/packages/installed.ts'
import {readPythonDependencies, type PythonDependencies} from '../../src/repo/packages/python-dependencies.ts'
import {normalName, parseRequirement} from '../../src/repo/packages/requirement.ts'
import {allowsVersion, compareVersions, fromPoetry, isAtLeast, lowestVersion, pinnedVersion} from '../../src/repo/packages/versions.ts'
import {readingOf, type Texts} from '../support/repository.ts'

const facts = (texts: Texts) => readingOf(texts).read(readPythonDependencies)
/** `file:line group name[extras]specifier;marker` of each dependency. */
const rows = ({dependencies}: PythonDependencies) =>
  dependencies.map(
    ({file, line, group, name, extras, specifier, marker, source}) =>
      `${file}:${line} ${group} ${name}${extras.length > 0 ? `[${extras.join(',')}]` : ''}${specifier}${marker === null ? '' : `; ${marker}`}${source === null ? '' : ` (${source})`}`,
  )
const unread = ({unread: places}: PythonDependencies) => places.map(({file, line, why}) => `${file}:${line} ${why}`)

describe('requirements files', () => {
  it('give what pip reads', async () => {
    const found = await facts({
      'api/requirements.txt': [
        '# the app',
        'fastapi==0.109.0',
        'uvicorn [standard] >= 0.27, <1 ; python_version >= "3.8"  # server',
        'SQLAlchemy[asyncio]~=2.0',
        'my.Pkg_name (>=1)',
        'pydantic==2.5 \\',
        '    --hash=sha256:aa \\',
        '    --hash=sha256:bb',
        '--extra-index-url https://user:word@pypi.example/simple',
        'bee @ git+https://user:word@git.example/bee.git@v1 ; sys_platform == "linux"',
        'git+https://git.example/a/egg.git#egg=Egg_Name',
        './wheels/zed-1.2-py3-none-any.whl',
        'torch==2.1.0+cu118',
        '-e .',
        'https://git.example/archive',
        'not a requirement',
      ].join('\r\n'),
    })
    expect(rows(found)).toEqual([
      'api/requirements.txt:2 runtime fastapi==0.109.0',
      'api/requirements.txt:3 runtime uvicorn[standard]>=0.27,<1; python_version >= "3.8"',
      'api/requirements.txt:4 runtime sqlalchemy[asyncio]~=2.0',
      'api/requirements.txt:5 runtime my-pkg-name>=1',
      'api/requirements.txt:6 runtime pydantic==2.5',
      'api/requirements.txt:10 runtime bee; sys_platform == "linux" (url)',
      'api/requirements.txt:11 runtime egg-name (url)',
      'api/requirements.txt:12 runtime zed==1.2 (path)',
      'api/requirements.txt:13 runtime torch==2.1.0+cu118',
    ])
    expect(unread(found)).toEqual([
      'api/requirements.txt:15 an address without the name of its package',
      'api/requirements.txt:16 not a requirement of PEP 508',
    ])
    expect(found.requirementsFiles).toEqual([
      {file: 'api/requirements.txt', project: 'api', group: 'runtime', includes: [], installs: ['api'], hashed: false},
    ])
    expect(JSON.stringify(found)).not.toContain('word@')
  })

  it.each([
    ['requirements.txt', 'runtime'],
    ['requirements-dev.txt', 'dev'],
    ['dev-requirements.txt', 'dev'],
    ['requirements_test.in', 'dev'],
    ['test.requirements.txt', 'dev'],
    ['requirements/prod.txt', 'runtime'],
    ['requirements/local.txt', 'dev'],
    ['docs/requirements.txt', 'dev'],
    ['requirements-dev.lock', 'dev'],
    ['constraints.txt', 'constraint'],
    ['REQUIREMENTS.TXT', 'runtime'],
  ])('%s is %s', async (file, group) => {
    expect(rows(await facts({[file]: 'x'}))).toEqual([`${file}:1 ${group} x`])
  })

  it('follow -r and -c within the repository, in circles too', async () => {
    const found = await facts({
      'api/requirements.txt':
        '-r deps/base\n--constraint=../shared/pins.txt\n-r missing.txt\n-r ../../outside.txt\n-r https://x.example/r.txt\n',
      'api/deps/base': 'a\n-r ../requirements.txt\n',
      'api/dev-requirements.txt': '-rrequirements.txt\npytest\n',
      'shared/pins.txt': 'a==1.5\n',
    })
    expect(rows(found)).toEqual([
      'api/dev-requirements.txt:2 dev pytest',
      'api/deps/base:1 runtime a',
      'shared/pins.txt:1 constraint a==1.5',
    ])
    expect(unread(found)).toEqual([
      'api/requirements.txt:4 names a file outside the repository',
      'api/requirements.txt:5 names a file outside the repository',
      'api/requirements.txt:3 names a file that is not there',
    ])
    expect(installedBy(found, 'api/dev-requirements.txt').map(({name}) => name)).toEqual(['pytest', 'a'])
    expect(installedBy(found, 'api/requirements.txt').map(({name}) => name)).toEqual(['a'])
  })

  it('that install the project ask for what the project needs', async () => {
    const found = await facts({
      'requirements.txt': '-e .[dev]\n',
      'pyproject.toml': '[project]\ndependencies = ["a"]\n[dependency-groups]\ndev = ["b"]\n',
    })
    expect(installedBy(found, 'requirements.txt').map(({name}) => name)).toEqual(['a'])
  })

  it('are hashed only when every requirement is', async () => {
    const found = await facts({
      'requirements.txt': 'a==1 --hash=sha256:x\nb==1 \\\n --hash=sha256:y\n',
      'x/requirements.txt': 'a==1 --hash=sha256:x\nb==1\n',
    })
    expect(found.requirementsFiles.map(({hashed}) => hashed)).toEqual([true, false])
  })
})

describe('pyproject.toml', () => {
  it('of PEP 621, with extras and groups', async () => {
    const found = await facts({
      'pyproject.toml': `[build-system]
requires = ["hatchling"]

[project]
name = "app"
requires-python = ">=3.12"
dependencies = [
  # the web
  "fastapi[standard]>=0.115",
  "uvicorn",
]

[project.optional-dependencies]
gpu = ["torch"]
dev = ["mypy"]

[dependency-groups]
test = ["pytest>=8", {include-group = "lint"}]
lint = ["ruff==0.6.1"]
worker = ["celery"]
server = ["gunicorn"]

[tool.uv]
default-groups = ["dev", "server"]
dev-dependencies = ["httpx", "-e ./local"]
constraint-dependencies = ["anyio<5"]

[tool.pdm.dev-dependencies]
x = ["pdm-thing"]

[tool.hatch.envs.default]
dependencies = ["coverage"]
`,
    })
    expect(rows(found)).toEqual([
      'pyproject.toml:2 build hatchling',
      'pyproject.toml:9 runtime fastapi[standard]>=0.115',
      'pyproject.toml:10 runtime uvicorn',
      'pyproject.toml:14 optional:gpu torch',
      'pyproject.toml:15 dev mypy',
      'pyproject.toml:18 dev pytest>=8',
      'pyproject.toml:19 dev ruff==0.6.1',
      'pyproject.toml:20 optional:worker celery',
      'pyproject.toml:21 runtime gunicorn',
      'pyproject.toml:25 dev httpx',
      'pyproject.toml:26 constraint anyio<5',
      'pyproject.toml:29 dev pdm-thing',
      'pyproject.toml:32 dev coverage',
    ])
    expect(found.unread).toEqual([])
    expect(found.projects).toEqual([
      {folder: '', files: ['pyproject.toml'], requiresPython: {specifier: '>=3.12', file: 'pyproject.toml', line: 6}},
    ])
  })

  it('of Poetry', async () => {
    const found = await facts({
      'svc/pyproject.toml': `[tool.poetry]
name = "svc"
[tool.poetry.dependencies]
python = "^3.12"
fastapi = "^0.109.0"
uvicorn = {version = "~0.27", extras = ["standard"]}
redis = {version = "*", optional = true}
own = {path = "../own", develop = true}
tool = {git = "https://git.example/tool.git"}
numpy = [{version = "<2", markers = "sys_platform == 'win32'"}, {version = ">=2"}]
[tool.poetry.extras]
cache = ["redis"]
[tool.poetry.group.telemetry.dependencies]
opentelemetry-sdk = "1.20.0"
[tool.poetry.group.docs]
optional = true
[tool.poetry.group.docs.dependencies]
mkdocs = "*"
[tool.poetry.group.dev.dependencies]
pytest = "8.*"
[tool.poetry.dev-dependencies]
black = ">=24,<25"
`,
    })
    expect(rows(found)).toEqual([
      'svc/pyproject.toml:5 runtime fastapi>=0.109.0,<0.110',
      'svc/pyproject.toml:6 runtime uvicorn[standard]>=0.27,<0.28',
      'svc/pyproject.toml:7 optional:cache redis',
      'svc/pyproject.toml:8 runtime own (path)',
      'svc/pyproject.toml:9 runtime tool (url)',
      "svc/pyproject.toml:10 runtime numpy<2; sys_platform == 'win32'",
      'svc/pyproject.toml:10 runtime numpy>=2',
      'svc/pyproject.toml:22 dev black>=24,<25',
      'svc/pyproject.toml:14 runtime opentelemetry-sdk==1.20.0',
      'svc/pyproject.toml:18 dev mkdocs',
      'svc/pyproject.toml:20 dev pytest==8.*',
    ])
  })

  it('whose dependencies are dynamic', async () => {
    const found = await facts({
      'a/pyproject.toml':
        '[project]\ndynamic = ["dependencies"]\n[tool.setuptools.dynamic]\ndependencies = {file = ["deps.txt"]}\noptional-dependencies.test = {file = ["t.txt"]}\n',
      'a/deps.txt': 'x',
      'a/t.txt': 'y',
      'b/pyproject.toml': '[project]\nname = "b"\ndynamic = [\n  "version",\n  "dependencies"]\n',
    })
    expect(rows(found)).toEqual(['a/deps.txt:1 runtime x', 'a/t.txt:1 dev y'])
    expect(unread(found)).toEqual(['b/pyproject.toml:5 the dependencies are dynamic: only a build says them'])
  })

  it('that is not TOML, or says nothing of a project', async () => {
    const found = await facts({'a/pyproject.toml': '[project]\nname = \n', 'b/pyproject.toml': '[tool.ruff]\nline-length = 100\n'})
    expect(unread(found)).toEqual([expect.stringMatching(/^a\/pyproject\.toml:\d not TOML/)])
    // What cannot be read is a project all the same: nothing may be said to be absent from it.
    expect(found.projects.map(({folder}) => folder)).toEqual(['a'])
  })
})

test('setup.cfg and setup.py that are literal', async () => {
  const found = await facts({
    's/setup.cfg':
      '[options]\npython_requires = >=3.9\ninstall_requires =\n    fastapi\n    # web\n    uvicorn>=1\n[options.extras_require]\ntest = pytest\n',
    's/setup.py': 'from setuptools import setup\nsetup()\n',
    't/setup.py': `import setuptools
REQUIRES = ['a>=1', # first
  "b"]
setuptools.setup(name="x", install_requires=REQUIRES, extras_require={"dev": ["pytest"], "pg": ("asyncpg",)}, python_requires=">=3.8")
`,
    'u/setup.py':
      'from setuptools import setup\nsetup(\n  install_requires=open("r.txt").readlines(),\n  extras_require=EXTRAS,\n  **more)\n',
    'v/setup.py': 'print("no setup")\n',
    'w/setup.py': 'setup(install_requires=["a", name])\nsetup(\n',
  })
  expect(rows(found)).toEqual([
    's/setup.cfg:4 runtime fastapi',
    's/setup.cfg:6 runtime uvicorn>=1',
    's/setup.cfg:8 dev pytest',
    't/setup.py:2 runtime a>=1',
    't/setup.py:3 runtime b',
    't/setup.py:4 dev pytest',
    't/setup.py:4 optional:pg asyncpg',
    'w/setup.py:1 runtime a',
  ])
  expect(unread(found)).toEqual([
    'u/setup.py:3 the dependencies are only known at run time',
    'u/setup.py:4 the dependencies are only known at run time',
    'u/setup.py:5 arguments of setup() are only known at run time',
    expect.stringMatching(/^w\/setup\.py:\d not Python$/),
    'w/setup.py:1 a dependency is only known at run time',
  ])
  expect(found.projects.map(({folder}) => folder)).toEqual(['s', 't', 'u', 'w'])
})

test('Pipfile and its lock', async () => {
  const found = await facts({
    Pipfile:
      '[[source]]\nurl = "https://pypi.org/simple"\n[packages]\nfastapi = "*"\nuvicorn = {extras = ["standard"], version = ">=0.2"}\n[dev-packages]\npytest = "==8.0"\n[requires]\npython_version = "3.12"\n',
    'Pipfile.lock': '{\n"default": {"fastapi": {\n"hashes": [],\n"version": "==0.110.0"}},\n"develop": {"pytest": {"version": "==8.0"}}}',
  })
  expect(rows(found)).toEqual(['Pipfile:4 runtime fastapi', 'Pipfile:5 runtime uvicorn[standard]>=0.2', 'Pipfile:7 dev pytest==8.0'])
  expect(versionOf(found, 'FastAPI', '')).toEqual({
    folder: '',
    name: 'fastapi',
    version: '0.110.0',
    by: 'lock',
    file: 'Pipfile.lock',
    line: 4,
  })
  expect(found.projects[0]?.requiresPython).toEqual({specifier: '==3.12.*', file: 'Pipfile', line: 9})
})

describe('the settled version of a package', () => {
  const lock = (version: string, name = 'pydantic-settings') =>
    `version = 1\n\n[[package]]\nname = "${name}"\nversion = "${version}"\n\n[package.dependencies]\nversion = "9"\n\n[metadata]\nname = "x"\nversion = "8"\n`
  it.each([
    ['uv.lock', lock('2.7.0')],
    ['poetry.lock', lock('2.7.0', 'Pydantic_Settings').replaceAll('\n', '\r\n')],
    ['pdm.lock', lock('2.7.0')],
    ['pylock.toml', lock('2.7.0').replace('[[package]]', '[[packages]]')],
  ])('from %s, before a pin', async (name, text) => {
    const found = await facts({[name]: text, 'svc/api/requirements.txt': 'pydantic-settings==2.1.0\n'})
    expect(found.resolved).toHaveLength(2)
    expect(versionOf(found, 'pydantic_settings', 'svc/api')).toMatchObject({version: '2.7.0', file: name, line: 5, by: 'lock'})
  })
  it('of several the oldest, and of a project its own', async () => {
    const twice = `[[package]]\nname = "a"\nversion = "10.0"\n\n[[package]]\nname = "a"\nversion = "9.1"\n`
    const found = await facts({'x/uv.lock': twice, 'y/requirements.txt': 'a==1\n', 'z/requirements.txt': 'a>=1\n'})
    expect(versionOf(found, 'a', 'x')?.version).toBe('9.1')
    expect(versionOf(found, 'a', 'y')?.version).toBe('1')
    expect(versionOf(found, 'a', 'z')).toBeUndefined()
  })
  it('is unknown in a lock with a merge conflict', async () => {
    const found = await facts({'uv.lock': '[[package]]\nname = "a"\n<<<<<<< HEAD\nversion = "1"\n=======\nversion = "2"\n>>>>>>> x\n'})
    expect(unread(found)).toEqual(['uv.lock:3 a merge conflict stands in the lock file'])
    expect(found.resolved).toEqual([])
  })
})

test('projects are found upwards, and packages by any spelling', async () => {
  const found = await facts({'svc/requirements.txt': 'PyJWT\npytest\n', 'svc/requirements-dev.txt': 'pyjwt\n'})
  expect(projectAbove(found, 'svc/app/core')).toBe('svc')
  expect(projectAbove(found, 'web')).toBeUndefined()
  expect(declarationsNamed(found, 'pyJwt')).toHaveLength(2)
  expect(runtimeDependencies(found, 'pyjwt', 'svc')).toHaveLength(1)
})

test('requirements of PEP 508', () => {
  expect(parseRequirement('A.B__c[x, Y_z]>=1 , !=2;python_version<"3"')).toEqual({
    name: 'a-b-c',
    extras: ['x', 'y-z'],
    specifier: '>=1,!=2',
    marker: 'python_version<"3"',
    source: null,
  })
  expect(parseRequirement('a===1.0')).toMatchObject({specifier: '===1.0'})
  for (const wrong of ['', '-a', 'a b', 'a>', 'a>=', 'a[', 'a==1 2', '{{ x }}', 'a @', 'a-', 'x'.repeat(5000)])
    expect(parseRequirement(wrong)).toBeUndefined()
  expect(normalName('A..b--C__d')).toBe('a-b-c-d')
})

test('versions are ordered as PEP 440 does', () => {
  expect(compareVersions('1.10', '1.9')).toBeGreaterThan(0)
  expect(compareVersions('1.0', '1.0.0')).toBe(0)
  expect(compareVersions('x', '1')).toBeUndefined()
  expect([isAtLeast('2.7.0', '2.7'), isAtLeast('2.7.0rc1', '2.7'), isAtLeast('latest', '1')]).toEqual([true, false, undefined])
  expect([pinnedVersion('==1.2'), pinnedVersion('==1.*'), pinnedVersion('>=1'), pinnedVersion('==1,<2')]).toEqual([
    '1.2',
    undefined,
    undefined,
    undefined,
  ])
  expect(['>=1,<2', '~=1.4', '==2.*', '<3', '', '>=1,>2,!=5', '^1'].map(lowestVersion)).toEqual([
    '1',
    '1.4',
    '2',
    undefined,
    undefined,
    '2',
    undefined,
  ])
  expect([allowsVersion('>=1,<2', '1.5'), allowsVersion('>=1,<2', '2'), allowsVersion('', '9'), allowsVersion('^1', '1')]).toEqual([
    true,
    false,
    true,
    undefined,
  ])
})

test.each([
  ['^1.2.3', '>=1.2.3,<2'],
  ['^0.2.3', '>=0.2.3,<0.3'],
  ['^0.0.3', '>=0.0.3,<0.0.4'],
  ['^0', '>=0,<1'],
  ['~1.2.3', '>=1.2.3,<1.3'],
  ['~1', '>=1,<2'],
  ['~=1.2', '~=1.2'],
  ['1.2', '==1.2'],
  ['1.*', '==1.*'],
  ['*', ''],
  ['>=1, <2', '>=1,<2'],
  ['^1 || ^2', '^1 || ^2'],
])('what Poetry writes as %s is %s', (given, specifier) => {
  expect(fromPoetry(given)).toBe(specifier)
})
