import {readFile} from 'node:fs/promises'
import {Ajv2020} from 'ajv/dist/2020.js'
import {parse} from 'yaml'
import {describe, expect, it} from 'vitest'
import {parseConfig} from '../../src/config/qlogic-yaml.ts'
import {configSchema} from '../../src/config/schema.ts'
import {addEnvironment, addOverride, newConfigText, removeOverride} from '../../src/config/write-config.ts'

const answers = {
  defaults: {region: 'us-central1', slackChannel: '#ops', notificationEmail: undefined},
  environments: {prod: {projectId: 'acme-prod', runServices: {backend: 'a', frontend: 'b'}}},
}
const waiver = {item: 'dns.cloud-armor', env: 'prod', kind: 'waived', reason: 'accepted-risk', owner: 'jane', until: '2027-03-31'} as const
const attestation = {item: 'dns.domain', kind: 'attested', author: 'jane', date: '2026-01-02', note: 'seen'} as const

const kept = `# ours

schemaVersion: 1 # the format
environments:
    # production
    prod: { projectId: acme-prod,   region: us-east1 }   # live

overrides:
    # agreed with security
    - { item: dns.cloud-armor, kind: attested, author: jane, date: 2026-01-02, note: "a: b" }
    - item: a.b # second
      kind: waived
      reason: planned
      owner: jane
      until: 2027-01-01
# the end
`

describe('a new file', () => {
  it('names its schema and reads back', () => {
    const text = newConfigText(answers)
    expect(text.split('\n')[0]).toMatch(/^# yaml-language-server: \$schema=\S+qlogic\.schema\.json$/)
    expect(text).toContain('region: us-central1 # Region of every regional resource')
    expect(parseConfig(text, {name: 'qlogic.yaml'}).defaults).toEqual({region: 'us-central1', slackChannel: '#ops'})
  })

  it('is not written with a value that would be refused', () => {
    expect(() => newConfigText({environments: {prod: {projectId: 'NO'}}})).toThrow(/projectId: expected/)
  })
})

describe('edits', () => {
  it('add and take back an override without a trace', () => {
    const text = newConfigText(answers)
    const more = addOverride(addOverride(text, waiver), attestation)
    expect(parseConfig(more, {name: 'qlogic.yaml'}).overrides).toMatchObject([waiver, attestation])
    expect(removeOverride(removeOverride(more, attestation), waiver)).toBe(text)
  })

  it('keep comments, order and every line that they do not touch', () => {
    const text = addEnvironment(addOverride(kept, waiver), 'staging', {projectId: 'acme-staging'})
    const lines = text.split('\n')
    for (const line of [
      '# ours',
      'schemaVersion: 1 # the format',
      '    # production',
      '    # agreed with security',
      '    - item: a.b # second',
      '# the end',
    ]) {
      expect(lines).toContain(line)
    }
    expect(Object.keys(parseConfig(text, {name: 'q'}).environments)).toEqual(['staging', 'prod'])
    expect(text.indexOf('prod:')).toBeLessThan(text.indexOf('staging:'))
    expect(removeOverride(kept, {item: 'a.b', kind: 'waived'})).not.toContain('a.b')
  })

  it('replace one of the same kind, item and environment', () => {
    const text = addOverride(addOverride(newConfigText(answers), waiver), {...waiver, until: '2028-01-01'})
    expect(parseConfig(text, {name: 'q'}).overrides).toMatchObject([{until: '2028-01-01'}])
    expect(addOverride(kept, {...attestation, item: 'dns.cloud-armor'})).toContain('# agreed with security')
  })

  it('set values of an environment that is there, and keep windows line ends', () => {
    const text = addEnvironment(kept.replaceAll('\n', '\r\n'), 'prod', {region: 'us-west1'})
    expect(text.replaceAll('\r\n', '')).not.toContain('\n')
    expect(parseConfig(text, {name: 'q'}).environments.prod).toEqual({projectId: 'acme-prod', region: 'us-west1'})
  })

  it('say when there is nothing to take back', () => {
    expect(() => removeOverride(kept, {...waiver, env: 'dev'})).toThrow(expect.objectContaining({code: 'OVERRIDE_NOT_FOUND'}))
  })
})

describe('the JSON schema', () => {
  const validate = new Ajv2020({strict: true, validateFormats: false, allowUnionTypes: true}).compile(configSchema())

  it('is the one that is shipped', async () => {
    expect(JSON.parse(await readFile(new URL('../../schemas/qlogic.schema.json', import.meta.url), 'utf8'))).toEqual(configSchema())
  })

  it('agrees with the reader', () => {
    for (const text of [
      kept,
      newConfigText(answers),
      "schemaVersion: 1\ndefaults: {sqlInstance: 'a-{env}', dbTier: {dev: db-f1-micro}}\n",
    ]) {
      expect(validate(parse(text))).toBe(true)
    }
    for (const text of [
      'repo: .',
      'schemaVersion: 1\ndefaults: {regoin: x}',
      'schemaVersion: 1\ndefaults: {region: us central}',
      'schemaVersion: 1\noverrides: [{item: a.b}]',
    ]) {
      expect(validate(parse(text))).toBe(false)
    }
  })
})
