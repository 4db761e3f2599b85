import type {Status} from '../engine/finding.ts'
import {EXIT} from '../errors.ts'
import {exitCodeOf, type ReportItem} from './report.ts'

/** What an item comes to for a pipeline, as the exit code sees it. */
export type Outcome = 'failed' | 'unknown' | 'warned' | 'passed' | 'skipped'

const outcomes: Readonly<Record<Status, Outcome>> = {
  pass: 'passed',
  fail: 'failed',
  manual: 'failed',
  warn: 'warned',
  unknown: 'unknown',
  blocked: 'skipped',
  not_applicable: 'skipped',
}

/** A valid waiver skips the item, a valid attestation makes it hold; both leave alone what holds or does not apply anyway. */
export const outcomeOf = ({status, override}: Pick<ReportItem, 'status' | 'override'>, failOnWarn = false): Outcome => {
  const outcome = outcomes[status]
  if (override?.valid === true && ['failed', 'unknown', 'warned'].includes(outcome))
    return override.kind === 'attested' ? 'passed' : 'skipped'
  return outcome === 'warned' && failOnWarn ? 'failed' : outcome
}

/** True for what somebody has to look at. */
export const isOpen = (outcome: Outcome): boolean => outcome === 'failed' || outcome === 'unknown' || outcome === 'warned'

const urgency: readonly Outcome[] = ['failed', 'unknown', 'warned']
const gravity = ['critical', 'high', 'medium', 'low']

/** What is open, the most urgent first: what fails before what could not be told and before warnings, each by severity. */
export const openItems = (items: readonly ReportItem[], failOnWarn = false): {item: ReportItem; outcome: Outcome}[] =>
  items
    .map((item) => ({item, outcome: outcomeOf(item, failOnWarn)}))
    .filter(({outcome}) => isOpen(outcome))
    .sort(
      (one, other) =>
        urgency.indexOf(one.outcome) - urgency.indexOf(other.outcome) ||
        gravity.indexOf(one.item.severity) - gravity.indexOf(other.item.severity),
    )

/** What lies over an item, in a sentence: `waived by jane@acme.example until 2027-03-31: accepted-risk`. Empty without an override. */
export const overrideSentence = ({override}: Pick<ReportItem, 'override'>): string => {
  if (override === undefined) return ''
  const until = override.until === '' ? '' : ` until ${override.until}`
  const why = [override.reason, override.note].filter((text) => text !== '').join(', ')
  const remark = override.remark === '' ? '' : ` (${override.remark})`
  return `${override.kind} by ${override.owner}${until}${why === '' ? '' : `: ${why}`}${remark}`
}

/** The verdict as the exit code has it. */
export const verdictOf = (items: readonly ReportItem[], failOnWarn = false): 'ready' | 'not ready' | 'not known' => {
  const code = exitCodeOf(items, failOnWarn)
  return code === EXIT.ready ? 'ready' : code === EXIT.unknown ? 'not known' : 'not ready'
}
