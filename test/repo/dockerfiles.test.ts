import {describe, expect, test} from 'vitest'
import {readImageBuilds} from '../../src/repo/docker/builds.ts'
import {commandsOf} from '../../src/repo/docker/commands.ts'
import {readDockerfiles, type Dockerfile} from '../../src/repo/docker/dockerfiles.ts'
import {baseOf, copiedFrom, lastIn, workdirIn} from '../../src/repo/docker/stages.ts'
import {readingOf, type Texts} from '../support/repository.ts'

const facts = (texts: Texts) => readingOf(texts).read(readDockerfiles)
const one = async (text: string): Promise<Dockerfile> => {
  const {dockerfiles, unread} = await facts({Dockerfile: text})
  expect(unread).toEqual([])
  const [found] = dockerfiles
  if (found === undefined) throw new Error('no Dockerfile was read')
  return found
}
const lastOf = (dockerfile: Dockerfile) => {
  const stage = dockerfile.stages.at(-1)
  if (stage === undefined) throw new Error('no stage')
  return stage
}

describe('which files are Dockerfiles', () => {
  test('by name, and because compose builds from them', async () => {
    const from = 'FROM scratch\n'
    const {dockerfiles} = await facts({
      ...{Dockerfile: from, 'a/Dockerfile.prod': from, 'b/api.Dockerfile': from, 'c/Containerfile': from, 'docker/api': from},
      ...{'Dockerfile.dockerignore': 'x', 'Dockerfile.md': '# x', 'docs/dockerfile.py': 'x'},
      'compose.yaml': 'services:\n  api:\n    build: {context: ., dockerfile: docker/api}\n',
    })
    expect(dockerfiles.map(({file}) => file)).toEqual([
      'Dockerfile',
      'a/Dockerfile.prod',
      'b/api.Dockerfile',
      'c/Containerfile',
      'docker/api',
    ])
  })

  test('what is none is said, with its line', async () => {
    expect(await facts({Dockerfile: 'FROM x\nRUM y\n'})).toEqual({
      dockerfiles: [],
      unread: [{file: 'Dockerfile', line: 2, why: 'not an instruction of a Dockerfile: RUM'}],
    })
    expect(await facts({Dockerfile: '# nothing\n'})).toEqual({
      dockerfiles: [],
      unread: [{file: 'Dockerfile', line: 1, why: 'a Dockerfile without FROM'}],
    })
  })
})

describe('stages', () => {
  test('an image out of an ARG, a stage out of an earlier one', async () => {
    const dockerfile = await one(
      'ARG V=3.12\nFROM --platform=$BUILDPLATFORM python:${V}-slim AS Base\nWORKDIR /srv\nUSER app\nFROM base\nWORKDIR app\nCOPY --from=0 /a /b\n',
    )
    const last = lastOf(dockerfile)
    expect(dockerfile.stages.map(({name, base, line}) => ({name, base, line}))).toEqual([
      {name: 'base', base: {image: 'python:3.12-slim'}, line: 2},
      {name: undefined, base: {stage: 0}, line: 5},
    ])
    expect(baseOf(dockerfile, last)).toEqual({line: 2, text: 'python:${V}-slim', image: 'python:3.12-slim'})
    expect(lastIn(dockerfile, last, 'USER')?.line).toBe(4)
    expect(workdirIn(dockerfile, last)).toBe('/srv/app')
    expect(copiedFrom(dockerfile, last).map(({index}) => index)).toEqual([0])
  })

  test('a base that is only known when it is built', async () => {
    expect(lastOf(await one('ARG BASE\nFROM ${BASE}\n')).base).toEqual({dynamic: '${BASE}'})
  })

  test('variables: defaults, ENV over ARG, inherited, not known', async () => {
    const users = async (text: string) => lastIn(await one(text), lastOf(await one(text)), 'USER')?.resolved
    expect(await users('FROM x\nARG UID=1000\nUSER ${UID}:${GID:-7}\n')).toBe('1000:7')
    expect(await users('ARG UID=9\nFROM x\nARG UID\nUSER $UID\n')).toBe('9')
    expect(await users('ARG UID=9\nFROM x\nUSER $UID\n')).toBeUndefined()
    expect(await users('FROM x AS a\nENV U=app\nFROM a\nUSER "$U"\n')).toBe('app')
    expect(await users('FROM x\nENV A=1 U="b c"\nENV OLD two words\nUSER ${U}\n')).toBe('b c')
  })
})

describe('instructions', () => {
  test('continuation lines, comments in them, the escape directive, exec form', async () => {
    const dockerfile = await one('# escape=`\nFROM x\nRUN a `\n  # comment\n  && b\nCMD ["a", `\n "b"]\n')
    const [, run, cmd] = lastOf(dockerfile).instructions
    expect(run).toMatchObject({keyword: 'RUN', line: 3, endLine: 5, text: 'a    && b'})
    expect(cmd).toMatchObject({keyword: 'CMD', line: 6, endLine: 7, exec: ['a', 'b']})
  })

  test('heredocs with their lines', async () => {
    const [, run, copy] = lastOf(
      await one('FROM x\nRUN <<EOF\napt-get update\nFROM y\nEOF\nCOPY --chown=1:1 <<"A" <<-B /d/\nx\nA\n\ty\n\tB\n'),
    ).instructions
    expect(run?.heredocs).toEqual([{name: 'EOF', line: 3, body: 'apt-get update\nFROM y'}])
    expect(copy).toMatchObject({
      line: 6,
      flags: [{name: 'chown', value: '1:1'}],
      heredocs: [
        {name: 'A', line: 7, body: 'x'},
        {name: 'B', line: 9, body: '\ty'},
      ],
    })
  })

  test('Windows line ends make no difference', async () => {
    const text = 'FROM x\nRUN a \\\n  b\nHEALTHCHECK --interval=3s CMD ["a"]\n'
    expect((await one(text.replaceAll('\n', '\r\n'))).stages).toEqual((await one(text)).stages)
  })
})

test('commands of a shell line', () => {
  expect(commandsOf('A=1 apt-get install -y "b c" && (pip install x || true) ; if [ -f y ]; then z; fi # w')).toEqual([
    ['A=1', 'apt-get', 'install', '-y', 'b c'],
    ['pip', 'install', 'x'],
    ['true'],
    ['[', '-f', 'y', ']'],
    ['z'],
  ])
})

test('builds of compose and of workflows', async () => {
  const {builds} = await readingOf({
    'compose.yaml': 'services:\n  api:\n    build: {context: api, target: prod}\n',
    '.github/workflows/x.yml':
      'on: push\njobs:\n  b:\n    runs-on: x\n    steps:\n      - uses: docker/build-push-action@v6\n        with: {context: web, file: web/prod.Dockerfile}\n      - run: docker buildx build -f api/Dockerfile --target prod -t x:1 api\n',
  }).read(readImageBuilds)
  expect(builds).toEqual([
    {
      file: 'compose.yaml',
      line: 3,
      by: 'compose',
      purpose: 'other',
      service: 'api',
      dockerfile: 'api/Dockerfile',
      context: 'api',
      target: 'prod',
    },
    {file: '.github/workflows/x.yml', line: 6, by: 'workflow', purpose: 'production', dockerfile: 'web/prod.Dockerfile', context: 'web'},
    {
      file: '.github/workflows/x.yml',
      line: 8,
      by: 'workflow',
      purpose: 'production',
      dockerfile: 'api/Dockerfile',
      context: 'api',
      target: 'prod',
    },
  ])
})
