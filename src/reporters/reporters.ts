import type {Report} from './report.ts'
import type {Look} from './style.ts'
import {table} from './table.ts'

/** Turns a report into a document. */
export type Reporter = (report: Report, look: Look) => string

const json: Reporter = (report) => JSON.stringify(report, undefined, 2)

/** One entry per `--format` value. */
export const reporters = {table, json} satisfies Record<string, Reporter>

export const formats = ['table', 'json'] as const satisfies readonly (keyof typeof reporters)[]
