import type {Evidence} from '../engine/finding.ts'
import {encodedPath, hostedPath, isCloudEvidence, isHolding, lineOf, placeOf, shown} from './evidence.ts'
import {openItems, overrideSentence, verdictOf} from './outcome.ts'
import {clip, printable} from './printable.ts'
import type {Report, ReportItem} from './report.ts'
import {labels, signs, type Drawing} from './style.ts'

/** GitHub refuses a step summary above 1 MiB; other things may want to stand in it too. */
const mostBytes = 900_000
const mostRows = 20

/** Text from outside as the text that it is: no markup, no HTML, no link, nobody mentioned, no issue referred to. */
const plain = (text: string): string =>
  printable(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*_{}[\]|~!$^]/g, String.raw`\$&`)
    .replaceAll(/#(?=\d)/g, '#&#8203;')
    .replaceAll(/(^|\W)@(?=\w)/g, '$1@&#8203;')
    .replaceAll('://', '&#58;//')
    .replaceAll(/\bwww\./gi, (www) => `${www.slice(0, -1)}&#46;`)

/** At the start of a paragraph a list, heading or rule could begin. */
const paragraph = (text: string): string =>
  plain(text).replace(/^(\d{1,9})(?=[.)])|^[-+=#]/, (start, digits?: string) => (digits === undefined ? `\\${start}` : `${digits}\\`))

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

const placeLink = (evidence: Evidence, {blob = '', below}: Drawing): string => {
  if (isCloudEvidence(evidence) || blob === '') return plain(placeOf(evidence))
  return `[${plain(placeOf(evidence))}](${blob}/${encodedPath(hostedPath(evidence.file, below))}#L${lineOf(evidence)})`
}

const section = (item: ReportItem, drawing: Drawing): string => {
  const rows = item.evidence
    .slice(0, mostRows)
    .map((evidence) =>
      row([
        placeLink(evidence, drawing),
        plain(shown(evidence.expected)),
        `${isHolding(evidence) ? '✓ ' : ''}${plain(shown(evidence.actual))}`,
      ]),
    )
  const rest = item.evidence.length - mostRows
  return [
    `#### ${signs[item.status]} ${plain(item.title)}`,
    `\`${item.id}\`, ${item.severity}, ${labels[item.status]}: ${plain(shown(item.message))}`,
    ...(rows.length === 0 ? [] : [['| Where | Expected | Found |', '| --- | --- | --- |', ...rows].join('\n')]),
    ...(rest > 0 ? [`and ${rest} more place${rest === 1 ? '' : 's'}`] : []),
    ...(item.override === undefined ? [] : [paragraph(shown(overrideSentence(item)))]),
    ...(item.hint === '' ? [] : [`→ ${plain(clip(item.hint, 1000))}`]),
    '',
  ].join('\n\n')
}

const head = ({project, environment, repo, identity, summary, items}: Report, failOnWarn: boolean | undefined): string => {
  const verdict = verdictOf(items, failOnWarn)
  const counted = (['pass', 'fail', 'manual', 'unknown', 'warn', 'blocked', 'not_applicable'] as const).filter(
    (status) => summary[status] > 0,
  )
  return [
    `## ${verdict === 'ready' ? '✓' : verdict === 'not known' ? '?' : '✗'} qlogic verify: ${verdict}`,
    `**${plain(project.id)}**, ${plain(environment)}, as ${plain(identity.principal)}; ${
      repo === null
        ? 'no app repository: PART 2 is not judged'
        : `repository ${plain(repo.path)}${repo.commit === '' ? '' : ` at \`${plain(repo.commit.slice(0, 9))}\`${repo.dirty ? ', with changes' : ''}`}`
    }`,
    [
      row(counted.map((status) => `${signs[status]} ${labels[status]}`)),
      row(counted.map(() => '--:')),
      row(counted.map((status) => String(summary[status]))),
    ].join('\n'),
    '',
  ].join('\n\n')
}

const listRow = (item: ReportItem): string =>
  row([
    `${signs[item.status]} ${labels[item.status]}${item.override === undefined ? '' : ` (${item.override.kind}${item.override.valid ? '' : ', void'})`}`,
    `\`${item.id}\``,
    plain(item.title),
    item.severity,
  ])

/**
 * Markdown for a step summary: the verdict, what is open with its places, then every item in a list that can be unfolded. What does not
 * fit into GitHub's limit is left out from the end, and said.
 */
export const markdown = (report: Report, drawing: Drawing): string => {
  const open = openItems(report.items, drawing.failOnWarn)
  const start = `${head(report, drawing.failOnWarn)}${open.length === 0 ? '' : `### What is open (${open.length})\n\n`}`
  const list = [
    `<details><summary>All ${report.items.length} items</summary>\n\n| Status | Item | Title | Severity |\n| --- | --- | --- | --- |\n`,
    ...report.items.map((item) => `${listRow(item)}\n`),
    '\n</details>\n',
  ].join('')
  let left = mostBytes - Buffer.byteLength(start) - Buffer.byteLength(list)
  const sections: string[] = []
  for (const {item} of open) {
    const text = section(item, drawing)
    left -= Buffer.byteLength(text)
    if (left < 0) break
    sections.push(text)
  }
  const unsaid = open.length - sections.length
  const rest =
    unsaid === 0 ? '' : `${unsaid} more open item${unsaid === 1 ? '' : 's'} did not fit here: \`qlogic verify --json\` has all.\n\n`
  return [start, ...sections, rest, list].join('')
}
