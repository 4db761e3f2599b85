import {evidenceLine, fileEvidence, hostedPath, lineOf, shown} from './evidence.ts'
import {outcomeOf, overrideSentence, type Outcome} from './outcome.ts'
import {clip, printable} from './printable.ts'
import type {Report, ReportItem} from './report.ts'
import type {Drawing} from './style.ts'

const entities: Readonly<Record<string, string>> = {'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;'}

/** Text for XML 1.0: no character that it forbids (control characters go with `printable`), the five with a meaning as entities. */
const xml = (text: string): string =>
  printable(text)
    .replaceAll(/[\ufffe\uffff]/g, '')
    .replaceAll(/[&<>"']/g, (sign) => entities[sign] ?? sign)

const attributes = (values: Readonly<Record<string, string | number>>): string =>
  Object.entries(values)
    .map(([name, value]) => ` ${name}="${xml(String(value))}"`)
    .join('')

const element = (name: string, values: Readonly<Record<string, string | number>>, inside: readonly string[] = []): string =>
  inside.length === 0 ? `<${name}${attributes(values)}/>` : `<${name}${attributes(values)}>\n${inside.join('\n')}\n</${name}>`

/** Lines of text; each is escaped by itself, so that only we break lines. */
const text = (name: string, values: Readonly<Record<string, string | number>>, lines: readonly string[]): string =>
  `<${name}${attributes(values)}>${lines.map(xml).join('\n')}</${name}>`

type Case = {item: ReportItem; outcome: Outcome}

const verdict = ({item, outcome}: Case): string[] => {
  const said = {message: shown(`${item.title}: ${item.message}`), type: item.code}
  const lines = detail(item)
  switch (outcome) {
    case 'failed':
      return [text('failure', said, lines)]
    case 'unknown':
      return [text('error', said, lines)]
    case 'skipped':
      return [element('skipped', {message: shown(skippedBecause(item))})]
    case 'warned':
      return [text('system-out', {}, ['warning', ...lines])]
    case 'passed':
      return item.override === undefined ? [] : [text('system-out', {}, [`${item.status}: ${item.message}`, overrideSentence(item)])]
  }
}

const skippedBecause = (item: ReportItem): string =>
  item.status === 'blocked'
    ? `blocked by ${item.blockedBy.join(', ')}`
    : item.status === 'not_applicable'
      ? item.message
      : `${overrideSentence(item)}; without it: ${item.status}, ${item.message}`

const detail = (item: ReportItem): string[] => [
  `${item.id} (${item.severity}): ${clip(item.message, 2000)}`,
  ...item.evidence.slice(0, 100).map(evidenceLine),
  ...(item.evidence.length > 100 ? [`and ${item.evidence.length - 100} more places`] : []),
  ...(item.override === undefined ? [] : [overrideSentence(item)]),
  ...(item.hint === '' ? [] : [`→ ${item.hint}`]),
]

const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(3)

const counts = (cases: readonly Case[]) => {
  const of = (outcome: Outcome) => cases.filter((one) => one.outcome === outcome).length
  return {tests: cases.length, failures: of('failed'), errors: of('unknown'), skipped: of('skipped')}
}

/**
 * JUnit's XML: a test suite per step or phase, a test case per item, named by its id, which never changes. What fails or waits for a
 * person is a failure, what could not be determined an error, what is blocked, not applicable or waived is skipped; a warning passes
 * with what was seen, or fails with `--fail-on warn`. So a failure stands here exactly when the exit code is 1.
 */
export const junit = (report: Report, {failOnWarn = false, below = ''}: Drawing): string => {
  const all = report.items.map((item) => ({item, outcome: outcomeOf(item, failOnWarn)}))
  const suites = [...new Set(report.items.map(({step}) => step))].map((step) => {
    const cases = all.filter(({item}) => item.step === step)
    const duration = cases.reduce((sum, {item}) => sum + item.durationMs, 0)
    return element(
      'testsuite',
      {name: step, ...counts(cases), time: seconds(duration), timestamp: report.startedAt.slice(0, 19)},
      cases.map((one) => {
        const [place] = fileEvidence(one.item.evidence)
        const at = place === undefined ? {} : {file: hostedPath(place.file, below), line: lineOf(place)}
        return element(
          'testcase',
          {classname: `qlogic.${report.environment}.${step}`, name: one.item.id, time: seconds(one.item.durationMs), ...at},
          verdict(one),
        )
      }),
    )
  })
  const name = `qlogic verify ${report.project.id} (${report.environment})`
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', {name, ...counts(all), time: seconds(report.durationMs)}, suites)}\n`
}
