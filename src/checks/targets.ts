import {unknown, type FileEvidence, type Finding} from '../engine/finding.ts'
import type {Unread} from '../repo/files.ts'

/** One thing that an item asks for, as it was found: it holds, it does not, or it cannot be said without running the code. */
export type Target = {verdict: 'held' | 'missed' | 'undecided'; evidence: FileEvidence}

type Place = {file: string; line: number}

/** It holds. */
export const held = ({file, line}: Place, expected: string, actual: string): Target => target('held', file, line, expected, actual)
/** It does not hold. */
export const missed = ({file, line}: Place, expected: string, actual: string): Target => target('missed', file, line, expected, actual)
/** A value that is only known at run time, or a file that cannot be parsed. `actual` says what stands there or why. */
export const undecided = ({file, line}: Place, expected: string, actual: string): Target =>
  target('undecided', file, line, expected, actual)

/** A place that could not be read, as a target that nobody can decide. */
export const unreadable = ({file, line, why}: Unread, expected: string): Target => undecided({file, line}, expected, why)

const target = (verdict: Target['verdict'], file: string, line: number, expected: string, actual: string): Target => ({
  verdict,
  evidence: {file, line, expected, actual},
})

/** Codes of the three verdicts. `partly`: some targets hold and some do not; left out, that is a plain fail. */
export type TargetCodes = {pass: string; fail: string; partly?: string}

/**
 * The verdict over all targets of an item: pass when every one holds; fail when one does not, with what holds beside it (both halves of
 * the evidence); unknown when none is missed and one cannot be decided, or when there is no target at all to judge.
 */
export const concludeTargets = (
  targets: readonly Target[],
  codes: TargetCodes,
  args: Readonly<Record<string, string | number>> = {},
): Finding => {
  const of = (verdict: Target['verdict']) => unique(targets.filter((one) => one.verdict === verdict).map(({evidence}) => evidence))
  const missing = of('missed')
  const holding = of('held')
  const open = of('undecided')
  const half = holding.map((evidence) => ({...evidence, holds: true as const}))
  const filled = Object.fromEntries(Object.entries(args).map(([name, value]) => [name, String(value)]))
  if (missing.length > 0) {
    const code = holding.length > 0 ? (codes.partly ?? codes.fail) : codes.fail
    return {status: 'fail', code, args: filled, evidence: [...missing, ...open, ...half]}
  }
  const [first] = open
  if (first !== undefined) return {...dynamic(`${first.file}:${first.line}: ${first.actual}`), evidence: [...open, ...half]}
  if (holding.length === 0) return dynamic('nothing was found to judge')
  return {status: 'pass', code: codes.pass, args: filled, evidence: holding}
}

/** The same thing said of the same place is said once. */
const unique = (rows: readonly FileEvidence[]): FileEvidence[] => [
  ...new Map(rows.map((one) => [JSON.stringify([one.file, one.line, one.expected, one.actual]), one])).values(),
]

/** Not decidable by reading; `detail` says where and why in one line. */
export const dynamic = (detail: string): Finding => unknown('UNKNOWN_DYNAMIC', {kind: 'dynamic', detail}, {detail})
