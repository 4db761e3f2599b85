import {mkdir, mkdtemp, rm, symlink, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {findConfig} from '../../src/config/find-config.ts'
import {parseConfig, readConfigFile} from '../../src/config/qlogic-yaml.ts'
import {QlogicError} from '../../src/errors.ts'

const errorOf = (text: string): QlogicError => {
  try {
    parseConfig(text, {name: 'qlogic.yaml'})
  } catch (error) {
    if (error instanceof QlogicError) return error
    throw error
  }
  throw new Error('it was accepted')
}

const contractExample = `schemaVersion: 1
repo: .
defaults: {region: us-central1, githubRepo: acme/q-logic, notificationEmail: ops@acme.example}
environments:
  prod: {projectId: acme-qlogic-prod, billingAccount: 01A2B3-C4D5E6-F70819, domain: qlogic.acme.example}
  staging: {projectId: acme-qlogic-staging}
overrides:
  - {item: dns.cloud-armor, env: prod, kind: waived, reason: accepted-risk, note: internal users only, owner: jane@acme.example, until: 2027-03-31, ticket: OPS-12}
`

describe('a good file', () => {
  it('is read with places', () => {
    const file = parseConfig(contractExample, {name: 'qlogic.yaml', path: '/srv/app/qlogic.yaml'})
    expect(file.repo).toBe('/srv/app')
    expect(file.environments.staging).toEqual({projectId: 'acme-qlogic-staging'})
    expect(file.placeOf(['environments', 'staging', 'projectId'])).toBe('qlogic.yaml:6')
    expect(file.overrides).toMatchObject([{item: 'dns.cloud-armor', until: '2027-03-31', place: 'qlogic.yaml:8'}])
    const attested = parseConfig('schemaVersion: 1\noverrides: [{item: a.b, kind: attested, author: jane, date: 2026-01-02, note: x}]', {
      name: 'q',
    })
    expect(attested.overrides).toMatchObject([{owner: 'jane'}])
  })

  it.each([
    ['empty blocks', 'schemaVersion: 1\ndefaults:\nenvironments:\n  prod:\noverrides:\n'],
    [
      'templates',
      "schemaVersion: 1\ndefaults: {projectId: 'acme-{env}', sqlInstance: 'acme-{env}-db', stateBucket: '{projectId}-state'}\n",
    ],
    [
      'a map by environment',
      'schemaVersion: 1\ndefaults: {dbTier: {dev: db-f1-micro, prod: db-custom-4-15360}, budgetAmount: {dev: 5, prod: 10}}\n',
    ],
    ['an anchor', 'schemaVersion: 1\ndefaults: &all {region: us-east1}\nenvironments: {dev: *all}\n'],
    ['windows line ends and a byte order mark', '\uFEFFschemaVersion: 1\r\nrepo: app\r\n'],
    ['an attestation', 'schemaVersion: 1\noverrides: [{item: a.b, kind: attested, author: jane, date: 2026-01-02, note: seen}]\n'],
    [
      'an attestation by owner',
      'schemaVersion: 1\noverrides: [{item: a.b, kind: attested, owner: jane, date: 2026-01-02, evidence: https://x.example/1}]\n',
    ],
  ])('%s', (_, text) => {
    expect(parseConfig(text, {name: 'qlogic.yaml'}).name).toBe('qlogic.yaml')
  })
})

describe('a bad file says where, what was expected and what to type', () => {
  it.each([
    [
      'schemaVersion: 1\nenvironments:\n  prod:\n    region: us central\n',
      'qlogic.yaml:4: environments.prod.region: expected a region such as us-central1, found "us central"',
    ],
    ['schemaVersion: 1\ndefaults:\n  regoin: us-central1\n', 'qlogic.yaml:3: defaults.regoin: there is no such key; did you mean region?'],
    ['schemaVersion: 1\nenvironment: {}\n', 'qlogic.yaml:2: environment: there is no such key; did you mean environments?'],
    ['schemaVersion: 1\nenvironments:\n  production: {}\n', 'qlogic.yaml:3: environments.production: there is no such key'],
    ['schemaVersion: 1\nregion: us-central1\n', 'qlogic.yaml:2: region: a parameter belongs under defaults: or environments:'],
    [
      'schemaVersion: 1\ndefaults:\n  pagerdutyServiceKey: abc\n',
      'qlogic.yaml:3: defaults.pagerdutyServiceKey: a secret is kept in no file',
    ],
    ['schemaVersion: 1\ndefaults:\n  region: a-b1\n  region: c-d1\n', 'qlogic.yaml:4: expected each key once, found "region" again'],
    [
      'schemaVersion: 1\ndefaults:\n  runMin: "2"\n',
      'qlogic.yaml:3: defaults.runMin: expected a whole number from 0 to 1000; or a map of that by environment, found "2"',
    ],
    [
      'schemaVersion: 1\ndefaults: 7\n',
      'qlogic.yaml:2: defaults: expected parameters, one on each line, such as region: us-central1, found 7',
    ],
    ['', 'qlogic.yaml:1: expected a mapping that starts with schemaVersion: 1, found null'],
    ['repo: .\n', 'qlogic.yaml:1: schemaVersion: expected 1, found nothing'],
    ['- 1\n', 'qlogic.yaml:1: expected a mapping that starts with schemaVersion: 1, found [1]'],
    [
      'schemaVersion: 1\noverrides:\n  - {item: a.b, kind: waived, reason: because, owner: jane, until: 2027-02-30}\n',
      'qlogic.yaml:3: overrides[0].reason: expected one of accepted-risk',
    ],
    [
      'schemaVersion: 1\noverrides:\n  - {item: a.b, kind: waived, reason: planned, owner: jane, until: 2027-02-30}\n',
      'qlogic.yaml:3: overrides[0].until: expected a date such as 2027-03-31, found "2027-02-30"',
    ],
    [
      'schemaVersion: 1\noverrides:\n  - item: a.b\n    kind: waived\n    reason: planned\n    until: 2027-02-20\n',
      'qlogic.yaml:3: overrides[0].owner: expected a person or team',
    ],
    [
      'schemaVersion: 1\noverrides:\n  - {item: a.b, kind: attested, date: 2026-01-02, note: x}\n',
      'overrides[0].author: expected a person or team',
    ],
    [
      'schemaVersion: 1\noverrides:\n  - {item: a.b, kind: attested, date: 2026-01-02, author: x}\n',
      'overrides[0].note: expected a note, or a link under evidence, found nothing',
    ],
    ['schemaVersion: 1\noverrides:\n  - {item: a.b, kind: ignored}\n', 'qlogic.yaml:3: overrides[0].kind: expected'],
    ['schemaVersion: 1\nrepo: @x\n', 'qlogic.yaml:2: expected YAML'],
    ['schemaVersion: 1\nprogress: gs://bucket/x\n', 'qlogic.yaml:2: progress: this version keeps'],
    [
      'schemaVersion: 1\nenvironments: {prod: {env: prod}}\n',
      'qlogic.yaml:2: environments.prod.env: the environment is the name of a block',
    ],
  ])('%j', (text, message) => {
    const error = errorOf(text)
    expect(error.message).toContain(message)
    expect(error).toMatchObject({code: 'CONFIG_INVALID', exit: 2})
    expect(error.hint).not.toBe('')
  })

  it('names every place at once', () => {
    const {message} = errorOf('schemaVersion: 1\ndefaults:\n  region: 1\n  network: UPPER\n')
    expect(message.split('\n')).toHaveLength(2)
  })

  it('refuses a newer format, bombs of aliases, and nesting without end', () => {
    expect(errorOf('schemaVersion: 2\n')).toMatchObject({code: 'TOOL_TOO_OLD', exit: 2})
    const levels = Array.from({length: 9}, (_, index) => `k${index + 1}: &k${index + 1} [${Array(9).fill(`*k${index}`).join(',')}]`)
    expect(errorOf(`k0: &k0 [a,b]\n${levels.join('\n')}\n`).code).toBe('CONFIG_INVALID')
    expect(errorOf(`schemaVersion: 1\nrepo: ${'['.repeat(50_000)}`).code).toBe('CONFIG_INVALID')
    expect(errorOf('schemaVersion: 1\n__proto__: {a: 1}\n').code).toBe('CONFIG_INVALID')
  })
})

describe('on disk', () => {
  let dir = ''
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'qlogic-config-'))
    await mkdir(join(dir, 'app/deep/er'), {recursive: true})
    await mkdir(join(dir, 'folder.yaml'))
    await writeFile(join(dir, 'app/qlogic.yaml'), contractExample)
    await writeFile(join(dir, 'latin.yaml'), Buffer.from([0x72, 0x3a, 0xe9]))
    await writeFile(join(dir, 'big.yaml'), '#'.repeat(1_000_001))
    await symlink(join(dir, 'app'), join(dir, 'linked'))
  })
  afterAll(() => rm(dir, {recursive: true}))

  it('is found upwards, or where it was said to be', async () => {
    expect(await findConfig(join(dir, 'app/deep/er'))).toBe(join(dir, 'app/qlogic.yaml'))
    expect(await findConfig(dir, 'app/qlogic.yaml')).toBe(join(dir, 'app/qlogic.yaml'))
    await expect(findConfig(dir, 'no.yaml')).rejects.toMatchObject({code: 'CONFIG_NOT_FOUND', exit: 2})
  })

  it.each([
    ['folder.yaml', 'found a folder'],
    ['latin.yaml', 'UTF-8'],
    ['big.yaml', '1 MB'],
    ['none.yaml', 'no such file'],
  ])('%s is refused', async (name, message) => {
    const reading = readConfigFile(join(dir, name))
    await expect(reading).rejects.toThrow(message)
    await expect(reading).rejects.toMatchObject({exit: 2})
  })
})
