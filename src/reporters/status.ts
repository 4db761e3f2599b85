import type {Checklist} from '../checklist/checklist.ts'
import {statuses, type Status} from '../engine/finding.ts'
import {countStatuses} from './count.ts'
import {block, printable} from './printable.ts'
import {labels, paint, statusMark, type Look} from './style.ts'

type RecordedItem = {status: Status; code: string; message: string; observedAt: string; by: string; override?: {kind: string}}

/** The document of `qlogic status --json`: what was last observed, and how long ago. */
export type StatusDocument = {
  schemaVersion: 1
  project: string
  environment: string
  /** Null when nothing was recorded. */
  updatedAt: string | null
  by: string
  summary: Record<Status, number> & {total: number; not_recorded: number}
  items: {
    id: string
    step: string
    title: string
    status: Status
    code: string
    message: string
    observedAt: string
    ageSeconds: number
    by: string
    override: string
  }[]
}

type StatusInput = {
  progress: {updatedAt: string; by: string; items: Readonly<Record<string, RecordedItem>>} | undefined
  projectId: string
  environment: string
  checklist: Checklist
  now: Date
}

export const statusDocument = ({progress, projectId, environment, checklist, now}: StatusInput): StatusDocument => {
  const items = checklist.items.flatMap(({id, step, title}) => {
    const recorded = progress?.items[id]
    if (recorded === undefined) return []
    const {status, code, message, observedAt, by, override} = recorded
    return [
      {
        id,
        step,
        title,
        status,
        code,
        message,
        observedAt,
        ageSeconds: Math.round((now.getTime() - Date.parse(observedAt)) / 1000),
        by,
        override: override?.kind ?? '',
      },
    ]
  })
  return {
    schemaVersion: 1,
    project: projectId,
    environment,
    updatedAt: progress?.updatedAt ?? null,
    by: progress?.by ?? '',
    summary: {
      total: items.length,
      not_recorded: checklist.items.length - items.length,
      ...countStatuses(items),
    },
    items,
  }
}

/** What was recorded for a person; an age beside every step, because a record is not the truth. */
export const renderStatus = (document: StatusDocument, look: Look): string => {
  const chalk = paint(look)
  if (document.updatedAt === null)
    return `Nothing is recorded of ${document.project} (${document.environment}) yet.\n→ qlogic setup project, or qlogic verify to look without recording`
  const lines = [
    `${document.project}, ${document.environment}, as recorded ${agoWords(Math.min(...document.items.map((item) => item.ageSeconds)))} by ${printable(document.by)}`,
  ]
  for (const step of new Set(document.items.map((item) => item.step))) {
    const items = document.items.filter((item) => item.step === step)
    lines.push('', `${chalk.bold(step)} ${chalk.dim(`(${agoWords(Math.max(...items.map((item) => item.ageSeconds)))})`)}`)
    for (const item of items) {
      lines.push(`  ${statusMark(item.status, look)} ${item.title}${item.override === '' ? '' : ` [${item.override}]`}`)
      if (!['pass', 'not_applicable'].includes(item.status)) lines.push(block(printable(item.message), 12, look.columns))
    }
  }
  const counted = statuses.filter((status) => document.summary[status] > 0).map((status) => `${document.summary[status]} ${labels[status]}`)
  return [
    ...lines,
    '',
    `${document.summary.total} items recorded: ${counted.reverse().join(', ')}; ${document.summary.not_recorded} never observed`,
    '→ qlogic verify reads what is true now',
  ].join('\n')
}

const agoWords = (seconds: number): string => {
  const units: [number, string][] = [
    [86_400, 'day'],
    [3600, 'hour'],
    [60, 'minute'],
  ]
  for (const [size, name] of units) {
    const count = Math.floor(seconds / size)
    if (count > 0) return `${count} ${name}${count === 1 ? '' : 's'} ago`
  }
  return 'just now'
}
