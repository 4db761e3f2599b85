import type {RunJob, WorkflowFacts} from '../repo/workflows/facts.ts'
import {actsOf, type Act} from './pipeline-acts.ts'
import {lacking} from './pipeline-branches.ts'
import {worksOn, type Component} from './pipeline-components.ts'
import {doingOf} from './pipeline-tools.ts'
import {held, missed, type Target} from './targets.ts'

const stages = ['lint', 'test', 'build'] as const
const expected = 'a job of its own that needs no job of the other half'

type Kind = Component['kind']
type Work = {job: RunJob; kinds: Set<Kind>; acts: Act[]}

/** Jobs that lint, test or build a half, on any event. */
export const separationTargets = (facts: WorkflowFacts, components: readonly Component[]): Target[] => {
  const works = facts.runs.flatMap((run) => {
    const found = new Map<string, Work>()
    for (const act of actsOf(run)) {
      if (doingOf(act)?.stages.some((stage) => stages.some((one) => one === stage)) !== true) continue
      const on = worksOn(act, components)
      const known = found.get(act.job.id) ?? {job: act.job, kinds: new Set<Kind>(), acts: []}
      for (const {kind} of on) known.kinds.add(kind)
      known.acts.push(act)
      found.set(act.job.id, known)
    }
    const all = [...found.values()]
    return all.map((work) => ({...work, needed: all.filter(({job}) => work.job.needs.includes(job.id))}))
  })
  const kinds = [...new Set(components.map(({kind}) => kind))]
  if (works.every((work) => work.kinds.size === 0)) return []
  const targets = works.flatMap(({job, kinds: own, needed, acts}): Target[] => {
    const [kind, other] = own
    if (kind === undefined) return []
    if (other !== undefined) return [missed(job, expected, `job ${job.job} works on ${kind} and ${other}`)]
    // A job that waits for both halves brings them together; one that waits for the other half only hangs on it.
    const foreign = needed.find((one) => one.kinds.size > 0 && !one.kinds.has(kind))
    if (foreign !== undefined && !needed.some((one) => one.kinds.has(kind)))
      return [missed(job, expected, `job ${job.job} (${kind}) needs job ${foreign.job.job}`)]
    return [held(job, expected, `${kind}: ${acts[0]?.text ?? ''} in job ${job.id}`)]
  })
  const without = kinds.filter((kind) => !works.some((work) => work.kinds.has(kind)))
  const place = works[0]?.job ?? {file: '.github/workflows', line: 1}
  const distinct = [
    ...new Map(targets.map((one) => [`${one.evidence.file}:${one.evidence.line}:${one.verdict}:${one.evidence.actual}`, one])).values(),
  ]
  return [...distinct, ...without.map((kind) => lacking(facts, place, expected, `no job lints, tests or builds the ${kind}`))]
}
