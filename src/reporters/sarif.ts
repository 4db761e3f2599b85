import {createHash} from 'node:crypto'
import type {Evidence, Status} from '../engine/finding.ts'
import {encodedPath, evidenceLine, hostedPath, isCloudEvidence, lineOf, placeOf, shown, wantedAndFound} from './evidence.ts'
import {overrideSentence} from './outcome.ts'
import {clip, printable} from './printable.ts'
import type {Report, ReportItem} from './report.ts'
import type {Drawing} from './style.ts'

/** By severity: the level of a result that fails, and GitHub's number (critical above 9.0, high from 7.0, medium from 4.0). */
const grades: Readonly<Record<string, {level: 'error' | 'warning' | 'note'; score: string}>> = {
  critical: {level: 'error', score: '9.5'},
  high: {level: 'error', score: '8.0'},
  medium: {level: 'warning', score: '5.5'},
  low: {level: 'note', score: '2.0'},
}
const gradeOf = ({severity}: ReportItem) => grades[severity] ?? {level: 'warning', score: '5.5'}

/**
 * SARIF's own words for a status; only what fails has a level (3.27.9). What passes is no result: GitHub shows every result as an alert,
 * whatever its kind. It stands among the rules, and every item's status in the run's properties.
 */
const kinds: Partial<Readonly<Record<Status, 'fail' | 'review' | 'open'>>> = {fail: 'fail', warn: 'fail', manual: 'review', unknown: 'open'}

/** GitHub shows 100 locations of a result and refuses a file with more than 1,000; it shows ten tags of a rule. */
const mostLocations = 100
const mostTags = 10

/** So many further places stand in the message itself; all are related locations. */
const mostLinks = 8

/** The file that says which project is judged: GitHub refuses a whole document when one result stands in no file. */
const configuration = 'qlogic.yaml'

/** Plain text of a message: nothing in it is a link (3.11.6) but what `link` makes. */
const plain = (text: string): string => printable(text).replaceAll('](', '] (')
const link = (label: string, to: number): string => `[${printable(label).replaceAll(/[\\[\]]/g, String.raw`\$&`)}](${to})`

const physical = (file: string, line: number, below = '') => ({
  physicalLocation: {
    artifactLocation: {uri: encodedPath(hostedPath(file, below)), uriBaseId: '%SRCROOT%'},
    region: {startLine: line},
  },
})

const locationOf = (row: Evidence, {below}: Drawing) =>
  isCloudEvidence(row)
    ? {
        ...physical(configuration, 1, below),
        logicalLocations: [
          {fullyQualifiedName: printable(row.resource), name: printable(row.resource.split('/').at(-1) ?? ''), kind: 'resource'},
        ],
      }
    : physical(row.file, lineOf(row), below)

const ruleOf = (item: ReportItem, {words}: Drawing) => {
  const known = words?.get(item.id)
  const {level, score} = gradeOf(item)
  const parts: [head: string, text: string][] = [
    ['Why', known?.why ?? ''],
    ['How it is checked', known?.check ?? ''],
    ['What to do', known?.byHand ?? ''],
    ['More', `qlogic explain ${item.id}`],
  ]
  const told = parts.filter(([, text]) => text !== '')
  return {
    id: item.id,
    name: item.id.replaceAll(/(?:^|[.-])([a-z0-9])/g, (_, first: string) => first.toUpperCase()),
    shortDescription: {text: item.title},
    fullDescription: {text: clip(known?.check ?? item.title, 1000)},
    help: {
      text: [...told.map(([head, text]) => `${head}: ${text}`), item.docs].join('\n'),
      markdown: [
        ...told.map(([head, text]) => `**${head}**: ${head === 'More' ? `\`${text}\`` : escapedMarkdown(text)}`),
        `[Documentation](${item.docs})`,
      ].join('\n\n'),
    },
    helpUri: item.docs,
    defaultConfiguration: {level},
    properties: {
      'security-severity': score,
      precision: 'very-high',
      tags: [
        'security',
        item.step,
        item.source,
        ...item.controls.map(({benchmark, version, id}) => `${benchmark} ${version}: ${id}`),
      ].slice(0, mostTags),
    },
  }
}

const escapedMarkdown = (text: string): string => text.replaceAll(/[\\`*_[\]<>]/g, String.raw`\$&`)

/** Stable while the place moves: of the item, and of the environment because each is judged by itself. */
const fingerprint = (report: Report, item: ReportItem): string =>
  createHash('sha256').update(`${report.environment}\n${item.id}`).digest('hex').slice(0, 32)

const levelOf = (item: ReportItem) => {
  if (kinds[item.status] !== 'fail') return 'none'
  const {level} = gradeOf(item)
  return item.status === 'warn' && level === 'error' ? 'warning' : level
}

/**
 * One result per item, at its first place, with the others as related locations that the message links to. A result per place would
 * be an alert for each also of what holds in a finding that holds in part, and a waiver or the repair of one item would be many; at
 * the first place, which is always one that fails, GitHub shows it in the diff.
 */
const resultOf = (item: ReportItem, ruleIndex: number, report: Report, drawing: Drawing) => {
  const [first, ...others] = item.evidence.slice(0, mostLocations)
  const related = others.map((row, index) => ({
    id: index + 1,
    ...locationOf(row, drawing),
    message: {text: plain(wantedAndFound(row))},
  }))
  const linked = others.slice(0, mostLinks).map((row, index) => `${link(placeOf(row), index + 1)}: ${plain(wantedAndFound(row))}`)
  const unlinked = item.evidence.length - 1 - linked.length
  const message = [
    plain(shown(item.message)),
    ...(first === undefined ? [] : [plain(isCloudEvidence(first) ? evidenceLine(first) : `Here: ${wantedAndFound(first)}`), ...linked]),
    ...(unlinked > 0 ? [`and ${unlinked} more place${unlinked === 1 ? '' : 's'}`] : []),
    ...(item.hint === '' ? [] : [plain(`→ ${item.hint}`)]),
  ]
  return {
    ruleId: item.id,
    ruleIndex,
    kind: kinds[item.status],
    level: levelOf(item),
    message: {text: message.join('\n')},
    locations: [first === undefined ? physical(configuration, 1, drawing.below) : locationOf(first, drawing)],
    ...(related.length === 0 ? {} : {relatedLocations: related}),
    // Its own name: `primaryLocationLineHash` is computed by GitHub's upload action, which warns of every other value.
    partialFingerprints: {'qlogicItem/v1': fingerprint(report, item)},
    ...(item.override?.valid === true
      ? {suppressions: [{kind: 'external', status: 'accepted', justification: plain(shown(overrideSentence(item)))}]}
      : {}),
    properties: {status: item.status, code: item.code, severity: item.severity},
  }
}

/** What was not evaluated, and why: it belongs to the invocation, not to the results. */
const notificationsOf = (items: readonly ReportItem[]) =>
  items.flatMap((item, index) =>
    item.status === 'blocked'
      ? [
          {
            level: 'note',
            message: {text: plain(`${item.id} was not judged: it needs ${item.blockedBy.join(', ')}.`)},
            associatedRule: {id: item.id, index},
          },
        ]
      : [],
  )

/** SARIF 2.1.0, as GitHub's code scanning takes it. */
export const sarif = (report: Report, drawing: Drawing): string => {
  const {items} = report
  const run = {
    tool: {
      driver: {
        name: report.tool.name,
        semanticVersion: report.tool.version,
        rules: items.map((item) => ruleOf(item, drawing)),
      },
    },
    automationDetails: {id: `qlogic/${encodeURIComponent(report.environment)}/`},
    invocations: [
      {
        executionSuccessful: !items.some(({reason}) => reason?.kind === 'crash'),
        startTimeUtc: report.startedAt,
        endTimeUtc: report.finishedAt,
        toolExecutionNotifications: notificationsOf(items),
      },
    ],
    originalUriBaseIds: {'%SRCROOT%': {description: {text: 'The root of the app repository.'}}},
    columnKind: 'utf16CodeUnits',
    results: items.flatMap((item, index) => (kinds[item.status] === undefined ? [] : [resultOf(item, index, report, drawing)])),
    properties: {
      project: report.project.id,
      environment: report.environment,
      summary: report.summary,
      statuses: Object.fromEntries(items.map(({id, status}) => [id, status])),
    },
  }
  return JSON.stringify({$schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run]}, undefined, 2)
}
