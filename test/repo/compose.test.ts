import {describe, expect, test} from 'vitest'
import {readCompose} from '../../src/repo/docker/compose.ts'
import {interpolate} from '../../src/repo/docker/interpolation.ts'
import {readingOf, type Texts} from '../support/repository.ts'

const facts = (texts: Texts) => readingOf(texts).read(readCompose)
const services = async (text: string, others: Texts = {}) => (await facts({'compose.yaml': text, ...others})).projects[0]?.services ?? []

describe('which files make a project', () => {
  const service = 'services:\n  a:\n    image: x\n'
  test('the base with its override; others by themselves, or upon the base', async () => {
    const {projects} = await facts({
      ...{'compose.yaml': service, 'docker-compose.override.yml': 'services:\n  a:\n    restart: always\n'},
      ...{'docker-compose.prod.yml': service, 'compose.debug.yaml': 'services:\n  a:\n    ports: ["1:1"]\n'},
    })
    expect(projects.map(({files, kind, purpose}) => ({files, kind, purpose}))).toEqual([
      {files: ['compose.yaml', 'docker-compose.override.yml'], kind: 'default', purpose: 'other'},
      {files: ['compose.yaml', 'compose.debug.yaml'], kind: 'variant', purpose: 'development'},
      {files: ['docker-compose.prod.yml'], kind: 'variant', purpose: 'production'},
    ])
  })

  test('included files, and one that is not there', async () => {
    const {projects, unread} = await facts({
      'compose.yaml': 'include:\n  - db/compose.yml\n  - gone.yml\nservices: {}\n',
      'db/compose.yml': service,
    })
    expect(projects[0]?.services).toMatchObject([{name: 'a', file: 'db/compose.yml', line: 2}])
    expect(unread).toEqual([{file: 'compose.yaml', line: 3, why: 'included file not found: gone.yml'}])
  })

  test('what is not YAML is said with its line', async () => {
    expect((await facts({'compose.yaml': 'services:\n  a: [\n'})).unread).toMatchObject([{file: 'compose.yaml', line: 3}])
  })

  test('extends in a circle ends', async () => {
    expect((await facts({'compose.yaml': 'services:\n  a: {extends: b}\n  b: {extends: a}\n'})).unread).not.toEqual([])
  })

  test('aliases that multiply are refused', async () => {
    const rows = ['a0: &a0 [x, x]', ...Array.from({length: 30}, (_, index) => `a${index + 1}: &a${index + 1} [*a${index}, *a${index}]`)]
    expect((await facts({'compose.yaml': `${rows.join('\n')}\nservices: {}\n`})).unread).toMatchObject([
      {why: 'too deep or too many values, aliases counted'},
    ])
  })
})

describe('services', () => {
  test('environment as map and list, with what is passed on and what has a default', async () => {
    expect(
      (
        await services(
          'services:\n  a:\n    environment:\n      - A=1\n      - B\n      - "C=${X:-y}"\n      - D=${Z}\n  b:\n    environment:\n      E: ${F:?no}\n',
        )
      ).map(({environment}) => environment),
    ).toEqual([
      [
        {name: 'A', file: 'compose.yaml', line: 4, value: {file: 'compose.yaml', line: 4, text: '1', value: '1'}},
        {name: 'B', file: 'compose.yaml', line: 5},
        {name: 'C', file: 'compose.yaml', line: 6, value: {file: 'compose.yaml', line: 6, text: '${X:-y}', value: 'y'}},
        {name: 'D', file: 'compose.yaml', line: 7, value: {file: 'compose.yaml', line: 7, text: '${Z}'}},
      ],
      [{name: 'E', file: 'compose.yaml', line: 10, value: {file: 'compose.yaml', line: 10, text: '${F:?no}'}}],
    ])
  })

  test('ports, short and long', async () => {
    const [service] = await services(
      'services:\n  a:\n    ports:\n      - 80\n      - "8080:80/tcp"\n      - "${IP:-127.0.0.1}:${P:-1}:80"\n      - "[::1]:5432:5432"\n      - {target: 80, published: "90", host_ip: 10.0.0.1}\n      - "${P}:80"\n',
    )
    expect(service?.ports.map(({target, published, hostIp, line}) => [line, hostIp, published, target])).toEqual([
      [4, undefined, undefined, '80'],
      [5, undefined, '8080', '80'],
      [6, '127.0.0.1', '1', '80'],
      [7, '::1', '5432', '5432'],
      [8, '10.0.0.1', '90', '80'],
      [9, undefined, '${P}', '80'],
    ])
  })

  test('mounts: folders of the repository, named volumes, long form', async () => {
    const [service] = await services(
      'services:\n  a:\n    volumes:\n      - ./src:/app:ro\n      - data:/data\n      - /cache\n      - {type: bind, source: ./x, target: /x}\n',
      {},
    )
    expect(service?.volumes.map(({type, source, target, readOnly}) => [type, source, target, readOnly])).toEqual([
      ['bind', 'src', '/app', true],
      ['volume', 'data', '/data', false],
      ['volume', undefined, '/cache', false],
      ['bind', 'x', '/x', false],
    ])
  })

  test('merging: lists are put together, maps by key, commands and marked values replaced', async () => {
    const [service] = await services(
      'services:\n  a:\n    image: x\n    command: [a, b]\n    ports: ["1:1"]\n    volumes: ["./a:/x"]\n    environment: {A: "1", B: "2"}\n    cap_add: [Y]\n',
      {
        'compose.override.yaml':
          'services:\n  a:\n    command: c\n    ports: ["2:2"]\n    volumes: ["./b:/x"]\n    environment: ["A=9"]\n    cap_add: !reset []\n',
      },
    )
    expect(service).toMatchObject({
      capAdd: [],
      command: {shell: true, words: [{text: 'c'}]},
      ports: [{published: '1'}, {published: '2'}],
      volumes: [{source: 'b'}],
    })
    expect(service?.environment.map(({name, value, file}) => [name, value?.text, file])).toEqual([
      ['A', '9', 'compose.override.yaml'],
      ['B', '2', 'compose.yaml'],
    ])
  })

  test('where a build is', async () => {
    const found = await services(
      'services:\n  a:\n    build: ./api\n  b:\n    build: {context: .., dockerfile: x}\n  c:\n    build: {context: web, dockerfile: docker/prod.Dockerfile, target: "${T:-prod}"}\n',
    )
    expect(found.map(({build}) => [build?.context, build?.dockerfile, build?.target?.value])).toEqual([
      ['api', 'api/Dockerfile', undefined],
      [undefined, undefined, undefined],
      ['web', 'web/docker/prod.Dockerfile', 'prod'],
    ])
  })
})

test('every variable with its place', async () => {
  const {interpolations} = await facts({
    'compose.yaml': 'services:\n  a:\n    image: "${R:-x}/$N:1"\n    command: echo $$HOME\n    user: ${A:-${B:?must}}\n',
  })
  expect(interpolations).toEqual([
    {name: 'R', fallback: 'x', required: false, file: 'compose.yaml', line: 3},
    {name: 'N', required: false, file: 'compose.yaml', line: 3},
    {name: 'A', fallback: '${B:?must}', required: false, file: 'compose.yaml', line: 5},
    {name: 'B', required: true, file: 'compose.yaml', line: 5},
  ])
})

test('what a text becomes', () => {
  const value = (text: string) => interpolate(text, (name) => ({A: 'a', E: ''})[name], '$').value
  expect(['$A', '${A}b', '${E:-x}', '${E-x}', '${N:+y}', '${A:+y}', '$$A', '${N', 'a$', '${N}', '${A#x}'].map(value)).toEqual([
    'a',
    'ab',
    'x',
    '',
    '',
    'y',
    '$A',
    '${N',
    'a$',
    undefined,
    undefined,
  ])
})
