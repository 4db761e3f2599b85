import type {Command, Place, Run, RunJob, RunStep, WorkflowFacts} from '../repo/workflows/facts.ts'
import {literalOf, textOf, type Word} from '../repo/workflows/words.ts'

/** One thing that a run does: a command, or an action that is used. `at`: its place in the run, for the order. */
export type Act = {
  run: Run
  job: RunJob
  step: RunStep
  command?: Command
  place: Place
  /** The command or the action as a person would name it. */
  text: string
  at: readonly [job: string, step: number, command: number]
}

/** All that a run does, in the order of its jobs and steps. */
export const actsOf = (run: Run): Act[] =>
  run.jobs.flatMap((job) =>
    job.steps.flatMap((step, place): Act[] => {
      const common = {run, job, step}
      if (step.uses !== undefined)
        return [{...common, place: {file: step.file, line: step.line}, text: `uses ${step.uses.action}`, at: [job.id, place, 0]}]
      return step.commands.map((command, order) => ({
        ...common,
        command,
        place: {file: command.file, line: command.line},
        text: shown(command.program.length > 0 ? command.program : command.words),
        at: [job.id, place, order],
      }))
    }),
  )

const maxShown = 90

const shown = (words: readonly Word[]): string => {
  const text = words.map(textOf).join(' ').replaceAll(/\s+/g, ' ')
  return text.length > maxShown ? `${text.slice(0, maxShown)}…` : text
}

/** Jobs that must be done before a job starts, directly or through others. */
const ancestors = (run: Run, id: string): ReadonlySet<string> => {
  const needs = new Map(run.jobs.map((job) => [job.id, job.needs]))
  const found = new Set<string>()
  const rest = [...(needs.get(id) ?? [])]
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    if (found.has(next)) continue
    found.add(next)
    rest.push(...(needs.get(next) ?? []))
  }
  return found
}

/** Whether one thing is done before another starts: earlier in the same job, or in a job that the other's job needs. */
export const isBefore = (one: Act, other: Act): boolean => {
  if (one.run !== other.run) return follows(other.run, one.run)
  const [job, step, command] = one.at
  const [otherJob, otherStep, otherCommand] = other.at
  if (job === otherJob) return step < otherStep || (step === otherStep && command < otherCommand)
  return ancestors(one.run, otherJob).has(job)
}

/** A run that `workflow_run` starts after another one. */
const follows = (later: Run, earlier: Run): boolean =>
  later.event.after?.includes(earlier.name) === true && (earlier.event.name !== 'push' || earlier.event.branch === later.event.branch)

/** Why the failure of one thing does not keep a later one from being done; undefined when it does. */
export const whyGoesOn = (one: Act, later: Act): string | undefined => {
  if (one.command?.tolerated !== undefined) return one.command.tolerated
  if (one.step.tolerated) return 'continue-on-error of the step'
  if (one.run !== later.run) {
    const jobs = later.run.jobs.filter(({id}) => id === later.job.id || ancestors(later.run, later.job.id).has(id))
    const asks = jobs.some(({condition}) => /workflow_run\.conclusion\s*==\s*'success'/.test(condition))
    return asks ? undefined : 'workflow_run starts after a failure too'
  }
  const same = one.job.id === later.job.id
  if (one.job.tolerated && !same) return 'continue-on-error of the job'
  if (same) return one.at[1] !== later.at[1] && later.step.always ? 'the later step runs after a failure too' : undefined
  if (later.job.always) return 'the later job runs after a failure too'
  const between = ancestors(one.run, later.job.id)
  const passing = one.run.jobs.find((job) => between.has(job.id) && job.always && ancestors(one.run, job.id).has(one.job.id))
  return passing === undefined ? undefined : `job ${passing.job} runs after a failure too`
}

/** A thing that can be left out although the later one is done: its condition, or a branch of the shell, is only known when it runs. */
export const mayBeSkipped = (one: Act, later: Act): boolean => {
  if (one.command?.conditional === true && !(later.command?.conditional === true && one.step === later.step)) return true
  if (one.job.id === later.job.id) return one.step.conditional && one.step !== later.step
  return one.step.conditional || (one.job.conditional && one.job.condition !== later.job.condition)
}

/** The words of a command from the program on, as far as they are known. */
export const wordsOf = (act: Act): readonly (string | undefined)[] => (act.command?.program ?? []).map((word) => literalOf(word))

/** The value of a flag (`--x y`, `--x=y`) of a command. */
export const flagOf = (act: Act, ...names: readonly string[]): Word | undefined => {
  const words = act.command?.program ?? []
  for (const [place, word] of words.entries()) {
    const [first] = word
    const text = first !== undefined && 'literal' in first ? first.literal : ''
    for (const name of names) {
      if (literalOf(word) === name) return words[place + 1] ?? []
      if (text.startsWith(`${name}=`))
        return [{literal: text.slice(name.length + 1)}, ...word.slice(1)].filter((part) => !('literal' in part) || part.literal !== '')
    }
  }
  return undefined
}

export const hasFlag = (act: Act, ...names: readonly string[]): boolean =>
  wordsOf(act).some((word) => word !== undefined && names.some((name) => word === name || word.startsWith(`${name}=`)))

/** Runs that a push to a branch starts, each with those that follow it by `workflow_run`. */
export const runsOnPush = ({runs}: WorkflowFacts, branch: string): Run[] =>
  runs.filter(({event}) => event.branch === branch && (event.name === 'push' || event.name === 'workflow_run'))

export const allActs = (facts: WorkflowFacts): Act[] => facts.runs.flatMap(actsOf)

/** The same place reached on several events counts once. */
export const oncePerPlace = (acts: readonly Act[]): Act[] => [
  ...new Map(acts.map((act) => [`${act.place.file}:${act.place.line}:${act.text}`, act])).values(),
]
