import {Ajv} from 'ajv'
import {existsSync, readFileSync} from 'node:fs'
import {describe, expect, it} from 'vitest'
import {z} from 'zod'
import type {Report} from '../../src/reporters/report.ts'
import {reporters} from '../../src/reporters/reporters.ts'
import {drawing, hostileTexts, item, report, reportOf, reportWith} from './fixed-report.ts'

/** The parts of SARIF 2.1.0 that we write, and nothing beside them. */
const message = z.strictObject({text: z.string().min(1), markdown: z.string().min(1).optional()})
const location = z.strictObject({
  id: z.int().min(0).optional(),
  physicalLocation: z.strictObject({
    artifactLocation: z.strictObject({uri: z.string().regex(/^(?!\/)[\w.~%/-]+$/), uriBaseId: z.literal('%SRCROOT%')}),
    region: z.strictObject({startLine: z.int().min(1)}),
  }),
  logicalLocations: z.array(z.strictObject({fullyQualifiedName: z.string(), name: z.string(), kind: z.string()})).optional(),
  message: message.optional(),
})
const level = z.enum(['none', 'note', 'warning', 'error'])
const resultSchema = z
  .strictObject({
    ruleId: z.string(),
    ruleIndex: z.int().min(0),
    kind: z.enum(['fail', 'review', 'open']),
    level,
    message,
    locations: z.array(location).length(1),
    relatedLocations: z.array(location).min(1).max(99).optional(),
    partialFingerprints: z.strictObject({'qlogicItem/v1': z.string().regex(/^[0-9a-f]{32}$/)}),
    suppressions: z
      .array(z.strictObject({kind: z.literal('external'), status: z.literal('accepted'), justification: z.string().min(1)}))
      .optional(),
    properties: z.record(z.string(), z.string()),
  })
  // 3.27.10: what is not of kind fail has the level none.
  .refine((result) => (result.kind === 'fail') === (result.level !== 'none'))
const logSchema = z.strictObject({
  $schema: z.url(),
  version: z.literal('2.1.0'),
  runs: z.tuple([
    z.strictObject({
      tool: z.strictObject({
        driver: z.strictObject({
          name: z.literal('qlogic'),
          semanticVersion: z.string(),
          rules: z.array(
            z.strictObject({
              id: z.string(),
              name: z.string().regex(/^[A-Z][A-Za-z0-9]+$/),
              shortDescription: message,
              fullDescription: message,
              help: message,
              helpUri: z.url(),
              defaultConfiguration: z.strictObject({level}),
              properties: z.strictObject({
                'security-severity': z.string().regex(/^\d\.\d$/),
                precision: z.literal('very-high'),
                tags: z.array(z.string()).max(10),
              }),
            }),
          ),
        }),
      }),
      automationDetails: z.strictObject({id: z.string().regex(/^qlogic\/.*\/$/)}),
      invocations: z.tuple([
        z.strictObject({
          executionSuccessful: z.boolean(),
          startTimeUtc: z.iso.datetime(),
          endTimeUtc: z.iso.datetime(),
          toolExecutionNotifications: z.array(
            z.strictObject({level, message, associatedRule: z.strictObject({id: z.string(), index: z.int().min(0)})}),
          ),
        }),
      ]),
      originalUriBaseIds: z.strictObject({'%SRCROOT%': z.strictObject({description: message})}),
      columnKind: z.literal('utf16CodeUnits'),
      results: z.array(resultSchema).max(5000),
      properties: z.looseObject({statuses: z.record(z.string(), z.string())}),
    }),
  ]),
})

const text = (of: Report) => reporters.sarif(of, drawing)
const runOf = (of: Report) => {
  const [run] = logSchema.parse(JSON.parse(text(of))).runs
  for (const {ruleId, ruleIndex} of run.results) expect(run.tool.driver.rules[ruleIndex]?.id).toBe(ruleId)
  return run
}
const resultOf = (id: string, of = report) => runOf(of).results.find(({ruleId}) => ruleId === id)

describe('sarif', () => {
  it('has a rule and a status for every item, and a result for what is open or overridden', () => {
    const {tool, results, properties, invocations} = runOf(report)
    expect(tool.driver.rules.map(({id}) => id)).toEqual(report.items.map(({id}) => id))
    expect(properties.statuses).toEqual(Object.fromEntries(report.items.map(({id, status}) => [id, status])))
    expect(results.map(({ruleId, kind, level: at}) => [ruleId, kind, at])).toEqual([
      ['network.vpc', 'fail', 'error'],
      ['dns.domain', 'review', 'none'],
      ['dns.cloud-armor', 'fail', 'error'],
      ['cicd.branch-deployment', 'review', 'none'],
      ['state.bucket', 'open', 'none'],
      ['config.no-default-secrets', 'fail', 'error'],
      ['containers.docker-non-root-user', 'fail', 'error'],
      ['containers.compose-db-port-not-exposed', 'fail', 'warning'],
      ['config.pool-budget', 'open', 'none'],
    ])
    expect(invocations[0].toolExecutionNotifications.map(({associatedRule}) => associatedRule.id)).toEqual(['network.psa-connection'])
  })

  it('stands at the first place, and links to the others', () => {
    const result = resultOf('containers.docker-non-root-user')
    expect(result?.locations[0]?.physicalLocation).toEqual({
      artifactLocation: {uri: 'frontend%20app/Dockerfile', uriBaseId: '%SRCROOT%'},
      region: {startLine: 12},
    })
    expect(result?.relatedLocations?.map(({id, physicalLocation}) => [id, physicalLocation.artifactLocation.uri])).toEqual([
      [1, 'backend/Dockerfile'],
    ])
    expect(result?.message.text).toContain('\n[backend/Dockerfile:20](1): holds: USER 10001:10001\n')
  })

  it('names a resource of the cloud, and a file because GitHub asks for one', () => {
    const [at] = resultOf('network.vpc')?.locations ?? []
    expect(at?.logicalLocations?.[0]?.fullyQualifiedName).toBe(
      '//compute.googleapis.com/projects/acme-prod/global/networks/qlogic-prod-vpc',
    )
    expect(at?.physicalLocation.artifactLocation.uri).toBe('qlogic.yaml')
  })

  it('knows a finding again after its lines moved, and keeps environments apart', () => {
    const moved = reportOf(
      report.items.map((one) => ({...one, evidence: one.evidence.map((row) => ('line' in row ? {...row, line: row.line + 40} : row))})),
    )
    const prints = (of: Report) => runOf(of).results.map(({partialFingerprints}) => partialFingerprints['qlogicItem/v1'])
    expect(prints(moved)).toEqual(prints(report))
    expect(new Set([...prints(report), ...prints({...report, environment: 'dev'})]).size).toBe(2 * prints(report).length)
  })

  it('suppresses what is validly overridden, and only that', () => {
    expect(resultOf('dns.cloud-armor')?.suppressions?.[0]?.justification).toBe(
      'waived by jane@acme.example until 2027-03-31: accepted-risk',
    )
    const ended = report.items.flatMap((one) => (one.override === undefined ? [] : [{...one, override: {...one.override, valid: false}}]))
    expect(resultOf('dns.cloud-armor', reportOf(ended))?.suppressions).toBeUndefined()
  })

  it('tells why, how and what to do in the help of a rule', () => {
    const rule = runOf(report).tool.driver.rules.find(({id}) => id === 'containers.docker-non-root-user')
    expect(rule?.fullDescription.text).toBe('Every image must end as another user.')
    expect(rule?.help.markdown).toContain('**Why**: Root in a container is close to root outside.')
    expect(rule?.help.text).toContain('What to do: Write USER 10001:10001 before CMD.')
  })

  it('is whole and makes no link of what stands in the repository', () => {
    const {results} = runOf(reportWith(hostileTexts))
    expect(results).toHaveLength(hostileTexts.length)
    for (const result of results) {
      const written = [result.message, ...(result.relatedLocations ?? []).flatMap((one) => one.message ?? [])]
        .map((one) => one.text)
        .join('\n')
      expect(written.replaceAll(/^\[[^\n]*\]\(\d\): /gm, '')).not.toContain('](')
      expect(written.replaceAll(/\\[[\]]/g, '').match(/\]\(/g) ?? []).toHaveLength((result.relatedLocations ?? []).length)
      expect(written.length).toBeLessThan(300_000)
    }
  })

  it('stays within the places that GitHub takes', () => {
    const evidence = Array.from({length: 5000}, (_, line) => ({file: 'a.py', line, expected: 'x', actual: 'y'}))
    expect(resultOf('config.a', reportOf([item('config.a', 'fail', {evidence})]))?.relatedLocations).toHaveLength(99)
  })
})

const published = new URL('../../node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json', import.meta.url)

describe.skipIf(!existsSync(published))('the schema of SARIF 2.1.0', () => {
  it.each([
    ['the fixed report', report],
    ['hostile texts', reportWith(hostileTexts)],
    ['no item', reportOf([])],
  ])('accepts %s', (_name, of) => {
    // It is of draft 04, and ajv takes neither that draft's name nor its way to name a schema.
    const schema = z
      .looseObject({$schema: z.unknown(), id: z.unknown()})
      .transform(({definitions, ...rest}) => ({
        definitions,
        ...Object.fromEntries(Object.entries(rest).filter(([key]) => key !== '$schema' && key !== 'id')),
      }))
      .parse(JSON.parse(readFileSync(published, 'utf8')))
    const ajv = new Ajv({strict: false, validateFormats: false, unicodeRegExp: false})
    expect(ajv.validate(schema, JSON.parse(text(of))), ajv.errorsText()).toBe(true)
  })
})
