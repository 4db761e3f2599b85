import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import type {Status} from '../../src/engine/finding.ts'
import {printable} from '../../src/reporters/printable.ts'
import {exitCodeOf, type Report, type ReportItem} from '../../src/reporters/report.ts'
import {reporters} from '../../src/reporters/reporters.ts'

const item = (id: string, status: Status, extra: Partial<ReportItem> = {}): ReportItem => ({
  id,
  step: id.slice(0, id.indexOf('.')),
  title: `Title of ${id}`,
  severity: 'high',
  source: 'plan',
  status,
  code: 'CODE',
  message: `Something is ${status}.`,
  blockedBy: [],
  evidence: [],
  hint: '',
  gcloud: [],
  docs: 'https://cloud.google.com/docs',
  console: '',
  controls: [],
  durationMs: 1,
  ...extra,
})

const resource = '//compute.googleapis.com/projects/p/global/networks/n'

const items: ReportItem[] = [
  item('project.a', 'pass'),
  item('project.b', 'fail', {
    evidence: [{resource, field: 'autoCreateSubnetworks', expected: 'false', actual: 'true'}],
    hint: 'qlogic setup project',
  }),
  item('project.c', 'manual', {
    override: {kind: 'attested', reason: '', owner: 'jane', until: '', note: 'seen', stillNeeded: true, valid: true, remark: ''},
  }),
  item('network.a', 'unknown', {reason: {kind: 'permission', permission: 'compute.networks.get'}}),
  item('network.b', 'blocked', {blockedBy: ['network.a']}),
  item('network.c', 'warn', {evidence: [{file: 'app/config.py', line: 12, expected: 'no default', actual: 'secret'}]}),
  item('state.a', 'not_applicable', {code: 'NOT_BUILT_YET'}),
]

const report: Report = {
  schemaVersion: 1,
  tool: {name: 'qlogic', version: '1.2.3'},
  project: {id: 'acme-prod', number: '42'},
  environment: 'prod',
  repo: null,
  identity: {principal: 'ops@acme.example', source: 'adc'},
  startedAt: '2026-01-01T00:00:00.000Z',
  finishedAt: '2026-01-01T00:00:01.000Z',
  durationMs: 1000,
  apiCalls: 7,
  summary: {
    total: 7,
    pass: 1,
    fail: 1,
    warn: 1,
    manual: 1,
    unknown: 1,
    blocked: 1,
    not_applicable: 1,
    not_built: 1,
    waived: 0,
    attested: 1,
    ready: false,
  },
  items,
}

describe('a report', () => {
  it('is drawn for a person on 80 columns without colour', async () => {
    await expect(reporters.table(report, {color: false, columns: 80})).toMatchFileSnapshot('../snapshots/verify.txt')
  })

  it('loses nothing as JSON', () => {
    expect(JSON.parse(reporters.json(report, {color: false, columns: 80}))).toEqual(report)
  })

  it('lets nothing from outside draw on the terminal', () => {
    const hostile = 'bad\u001b[2J\u202ename\r\nforged line'
    const drawn = reporters.table(
      {...report, items: [item('project.a', 'fail', {message: hostile, hint: hostile})]},
      {color: false, columns: 80},
    )
    for (const sign of ['\u001b', '\u202e', '\r']) expect(drawn).not.toContain(sign)
    expect(drawn).not.toMatch(/^forged/m)
  })

  it('prints any text as one line without control characters', () => {
    fc.assert(
      fc.property(fc.string({unit: 'binary'}), (text) => {
        expect(printable(text)).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u)
      }),
    )
  })
})

describe('the exit code', () => {
  it.each<[string, Status[], boolean, number]>([
    ['is 0 when all hold', ['pass', 'warn', 'not_applicable'], false, 0],
    ['is 1 when something fails, whatever else is unknown', ['fail', 'unknown'], false, 1],
    ['is 1 for what only a person can do', ['manual', 'pass'], false, 1],
    ['is 3 when nothing fails and something is unknown', ['unknown', 'blocked', 'pass'], false, 3],
    ['is 1 for a warning only when asked', ['warn'], true, 1],
  ])('%s', (_name, found, failOnWarn, code) => {
    expect(
      exitCodeOf(
        found.map((status) => ({status})),
        failOnWarn,
      ),
    ).toBe(code)
  })

  it('leaves out what is validly overridden', () => {
    const attested = items.filter(({id}) => id === 'project.c')
    expect(exitCodeOf(attested)).toBe(0)
  })
})
