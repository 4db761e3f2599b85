import {csv} from './csv.ts'
import {github} from './github.ts'
import {junit} from './junit.ts'
import {markdown} from './markdown.ts'
import type {Report} from './report.ts'
import {sarif} from './sarif.ts'
import type {Drawing} from './style.ts'
import {table} from './table.ts'

/** Turns a report into a document. */
export type Reporter = (report: Report, drawing: Drawing) => string

const json: Reporter = (report) => JSON.stringify(report, undefined, 2)

/** One entry per `--format` value. */
export const reporters = {table, json, junit, sarif, markdown, github, csv} satisfies Record<string, Reporter>

export type Format = keyof typeof reporters

const isFormat = (name: string): name is Format => Object.hasOwn(reporters, name)

/** The values of `--format`, in the order in which help lists them. */
export const formats = Object.keys(reporters).filter(isFormat)
