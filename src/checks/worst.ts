import {statuses, type Evidence, type Finding} from '../engine/finding.ts'

type Judge = (code: string, evidence: readonly Evidence[], args?: Readonly<Record<string, string | number>>) => Finding

/** `judge` with a code on these rows of evidence; undefined where there are none. */
export const problem = (judge: Judge, code: string, evidence: readonly Evidence[], args?: Parameters<Judge>[2]): Finding | undefined =>
  evidence.length === 0 ? undefined : judge(code, evidence, args)

/** The finding whose status wins, first named first, with the evidence of all behind its own; `holds` when nothing is wrong. */
export const worst = (problems: readonly (Finding | undefined)[], holds: Finding): Finding => {
  const found = problems.flatMap((one) => one ?? []).toSorted((a, b) => statuses.indexOf(a.status) - statuses.indexOf(b.status))
  const [first] = found
  return first === undefined ? holds : {...first, evidence: found.flatMap((one) => one.evidence)}
}
