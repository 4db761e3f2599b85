import type {ChecklistItem} from '../checklist/checklist.ts'
import {fillLine} from '../checklist/fill.ts'
import {sentence} from '../checklist/sentence.ts'
import {countStatuses} from './count.ts'
import {remedyOf} from './remedy.ts'
import {EXIT, type ExitCode} from '../errors.ts'
import type {Evidence, Status, UnknownReason} from '../engine/finding.ts'
import type {AppliedOverride} from '../engine/overrides.ts'
import type {ItemResult} from '../engine/result.ts'

/** Who asked Google, and by which credential. */
export type Identity = {principal: string; source: 'adc' | 'impersonated' | 'none' | 'sandbox'}

/** The document of `qlogic verify --json` (contract). Arrays are never null; times are UTC. */
export type Report = {
  schemaVersion: 1
  tool: {name: 'qlogic'; version: string}
  project: {id: string; number: string}
  environment: string
  repo: {path: string; commit: string; dirty: boolean} | null
  identity: Identity
  startedAt: string
  finishedAt: string
  durationMs: number
  apiCalls: number
  summary: Summary
  items: ReportItem[]
}

export type Summary = Record<Status, number> & {
  total: number
  /** Items without code yet; they are among `not_applicable` and judged by nobody. */
  not_built: number
  waived: number
  attested: number
  ready: boolean
}

export type ReportItem = {
  id: string
  step: string
  title: string
  severity: string
  source: string
  status: Status
  code: string
  message: string
  reason?: UnknownReason
  blockedBy: string[]
  evidence: Evidence[]
  hint: string
  gcloud: string[]
  docs: string
  console: string
  controls: {benchmark: string; version: string; id: string}[]
  override?: {
    kind: string
    reason: string
    owner: string
    until: string
    note: string
    stillNeeded: boolean
    valid: boolean
    remark: string
  }
  durationMs: number
}

export type ReportInput = {
  version: string
  project: {id: string; number: string}
  environment: string
  repo: Report['repo']
  identity: Identity
  startedAt: Date
  finishedAt: Date
  apiCalls: number
  items: readonly {words: ChecklistItem; result: ItemResult; override: AppliedOverride | undefined}[]
  /** Values for the placeholders of gcloud lines and console links. */
  parameters: Readonly<Record<string, string>>
  /** Sentences for the codes that every item can have. */
  commonCodes: ChecklistItem['codes']
}

/** Puts a run together into the document that every reporter renders. */
export const buildReport = (input: ReportInput): Report => {
  const items = input.items.map((item) => reportItem(item, input))
  const valid = (kind: string) => items.filter((item) => item.override?.valid === true && item.override.kind === kind).length
  const summary: Summary = {
    total: items.length,
    ...countStatuses(items),
    not_built: input.items.filter(({result}) => !result.built).length,
    waived: valid('waived'),
    attested: valid('attested'),
    ready: exitCodeOf(items) === EXIT.ready,
  }
  return {
    schemaVersion: 1,
    tool: {name: 'qlogic', version: input.version},
    project: input.project,
    environment: input.environment,
    repo: input.repo,
    identity: input.identity,
    startedAt: input.startedAt.toISOString(),
    finishedAt: input.finishedAt.toISOString(),
    durationMs: input.finishedAt.getTime() - input.startedAt.getTime(),
    apiCalls: input.apiCalls,
    summary,
    items,
  }
}

/** The contract's exit code: a fail or an unattested manual beats an unknown; a blocked item counts through what blocks it. */
export const exitCodeOf = (items: readonly Pick<ReportItem, 'status' | 'override'>[], failOnWarn = false): ExitCode => {
  const open = items.filter((item) => item.override?.valid !== true)
  const has = (...wanted: Status[]) => open.some((item) => wanted.includes(item.status))
  if (has('fail', 'manual') || (failOnWarn && has('warn'))) return EXIT.notReady
  return has('unknown') ? EXIT.unknown : EXIT.ready
}

const reportItem = ({words, result, override}: ReportInput['items'][number], input: ReportInput): ReportItem => {
  const {finding} = result
  const said = sentence(words.codes, input.commonCodes, finding)
  const fill = (line: string) => fillLine(line, {...input.parameters, ...finding.args})
  return {
    id: words.id,
    step: words.step,
    title: words.title,
    severity: words.severity,
    source: words.source,
    status: finding.status,
    code: finding.code,
    message: said.says,
    ...(finding.reason === undefined ? {} : {reason: finding.reason}),
    blockedBy: [...result.blockedBy],
    evidence: [...finding.evidence],
    hint: said.hint === undefined ? hintFor(words, result, input) : fill(said.hint),
    gcloud: words.gcloud.map(fill),
    docs: words.docs,
    console: words.console === undefined ? '' : fill(words.console),
    controls: words.controls.map((control) => ({...control})),
    ...(override === undefined ? {} : {override: overrideOf(override)}),
    durationMs: result.durationMs,
  }
}

const overrideOf = (override: AppliedOverride): NonNullable<ReportItem['override']> => ({
  kind: override.kind,
  reason: override.reason ?? '',
  owner: override.owner,
  until: override.until ?? '',
  note: override.note ?? '',
  stillNeeded: override.stillNeeded,
  valid: override.valid,
  remark: override.remark ?? '',
})

const hintFor = (words: ChecklistItem, {finding, changes, blockedBy}: ItemResult, {project}: ReportInput): string => {
  switch (finding.status) {
    case 'pass':
    case 'not_applicable':
      return ''
    case 'blocked':
      return [...new Set(blockedBy.map((id) => `qlogic setup ${id.slice(0, id.indexOf('.'))}`))].join('; ')
    case 'manual':
      return words.part === 2
        ? `${remedyOf(words)} Then: qlogic attest ${words.id} --note "…"`
        : `qlogic explain ${words.id}, then qlogic attest ${words.id} --note "…"`
    case 'unknown':
      return words.part === 2 && finding.reason?.kind === 'dynamic'
        ? `Look at it yourself (qlogic explain ${words.id} says what must hold), then: qlogic attest ${words.id} --note "…"`
        : unknownHint(words.id, finding.reason, project.id)
    case 'fail':
    case 'warn':
      if (words.part === 2) return remedyOf(words)
      return changes.length > 0 ? `qlogic setup ${words.step}${acceptances(changes)}` : `qlogic explain ${words.id}`
  }
}

/** What `--yes` does not cover must be named; where something else is to be done too, the plan says so. */
const acceptances = (changes: ItemResult['changes']): string =>
  changes.every(({consent}) => consent !== undefined) ? changes.map(({id}) => ` --accept ${id}`).join('') : ''

const unknownHint = (id: string, reason: UnknownReason | undefined, project: string): string => {
  switch (reason?.kind) {
    case 'permission':
      return `ask for ${reason.permission ?? 'the permission'} on project ${project}; qlogic explain ${id} lists what is read`
    case 'api_disabled':
      return `gcloud services enable ${reason.service ?? 'the API'} --project=${project}`
    case 'quota':
      return 'wait a minute and run it again'
    case 'network':
    case 'timeout':
      return 'check the connection to googleapis.com and run it again'
    case 'dynamic':
      return `qlogic explain ${id}`
    case 'crash':
    case undefined:
      return 'this is a fault of qlogic: run it again with --verbose and report what it prints'
  }
}
