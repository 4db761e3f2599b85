import type {CloudEvidence, Evidence, FileEvidence} from '../engine/finding.ts'
import {clip, printable} from './printable.ts'

/** True for evidence read in Google Cloud, false for evidence from a file. */
export const isCloudEvidence = (row: Evidence): row is CloudEvidence => 'resource' in row

/** True for the half of a finding that holds. */
export const isHolding = (row: Evidence): boolean => 'holds' in row

/** The evidence of a finding that stands in files. */
export const fileEvidence = (rows: readonly Evidence[]): FileEvidence[] => rows.flatMap((row) => (isCloudEvidence(row) ? [] : [row]))

/** A line that every program takes: 1 at least. */
export const lineOf = ({line}: Pick<FileEvidence, 'line'>): number => Math.max(1, Math.trunc(line) || 1)

/** `app/config.py:12`, or the full resource name and the field. */
export const placeOf = (row: Evidence): string =>
  clip(printable(isCloudEvidence(row) ? `${row.resource} ${row.field}`.trim() : `${row.file}:${lineOf(row)}`), 500)

/** Texts of the app or the cloud are data of any length: as much of one as a person reads. */
export const shown = (text: string): string => clip(printable(text), 300)

/** One line for one piece of evidence: where, what was wanted, what stands there. */
export const evidenceLine = (row: Evidence): string => `${placeOf(row)}: ${wantedAndFound(row)}`

/** `no USER, expected USER other than root`, or that it holds. */
export const wantedAndFound = (row: Evidence): string =>
  isHolding(row) ? `holds: ${shown(row.actual)}` : `${shown(row.actual)}, expected ${shown(row.expected)}`

/** The path of a file below the checkout that a code host shows. */
export const hostedPath = (file: string, below = ''): string => (below === '' ? file : `${below}/${file}`)

/** A path as part of an address: every segment encoded. */
export const encodedPath = (path: string): string =>
  path
    .split('/')
    .map((segment) =>
      encodeURIComponent(segment.toWellFormed()).replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`),
    )
    .join('/')
