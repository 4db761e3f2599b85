import type {Reading, Unread} from '../files.ts'
import {eventsOf, githubOf} from './events.ts'
import type {CompositeAction, Job, Run, RunJob, RunStep, Text, Workflow} from './facts.ts'
import {gateOf} from './gates.ts'
import {pathFrom} from './paths.ts'
import {resolve, resolveAll, withEnv, type Scope} from './scope.ts'
import {stepsOf, type Steps} from './steps.ts'
import {literalOf, textOf, type Word} from './words.ts'

const maxCalls = 4
const maxJobs = 200

type Around = {prefix: string; needs: readonly string[]; conditional: boolean; always: boolean; depth: number}
type Whole = {
  reading: Reading
  workflows: readonly Workflow[]
  actions: readonly CompositeAction[]
  unread: Unread[]
  seen: Map<string, Promise<Steps>>
}

/** What every event makes of every workflow: called workflows, matrix rows and composite actions in their place, conditions decided where they can be. */
export const runsOf = async (
  reading: Reading,
  workflows: readonly Workflow[],
  actions: readonly CompositeAction[],
  branches: readonly string[],
): Promise<{runs: Run[]; unread: Unread[]}> => {
  const whole: Whole = {reading, workflows, actions, unread: [], seen: new Map()}
  const runs: Run[] = []
  for (const workflow of workflows)
    for (const {event, trigger} of eventsOf(workflow, branches, workflows)) {
      const scope: Scope = {
        github: githubOf(event),
        env: {},
        inputs: {},
        matrix: {},
        needs: {},
        steps: {},
        result: 'success',
        closed: event.name !== 'workflow_dispatch' && event.name !== 'repository_dispatch',
      }
      const {jobs} = await jobsOf(whole, workflow, scope, {prefix: '', needs: [], conditional: false, always: false, depth: 0})
      runs.push({
        workflow: workflow.file,
        name: workflow.name ?? workflow.file,
        event,
        trigger: {file: trigger.file, line: trigger.line},
        paths: trigger.paths,
        jobs,
      })
    }
  return {runs, unread: unique(whole.unread)}
}

const unique = (unread: readonly Unread[]): Unread[] => [...new Map(unread.map((one) => [`${one.file}:${one.line}`, one])).values()]

type Made = {jobs: RunJob[]; outputs: Readonly<Record<string, Word>>}

const jobsOf = async (whole: Whole, workflow: Workflow, given: Scope, around: Around): Promise<Made> => {
  const base = withEnv(given, workflow.env)
  const made: RunJob[] = []
  /** Of each job: the ids that it became; none where it cannot run. */
  const became = new Map<string, string[]>()
  const outputs: Record<string, Readonly<Record<string, Word>>> = {}
  for (const job of inOrder(workflow.jobs)) {
    const scope = {...base, needs: outputs}
    const gate = gateOf(job.condition, scope)
    const lost = job.needs.some((need) => became.has(need) && became.get(need)?.length === 0)
    if (!gate.runs || (lost && !gate.status) || made.length > maxJobs) {
      became.set(job.id, [])
      continue
    }
    const needs = [...(job.needs.length === 0 ? around.needs : []), ...job.needs.flatMap((need) => became.get(need) ?? [])]
    const ids: string[] = []
    for (const [place, row] of (job.matrix ?? [{}]).entries()) {
      const matrix = resolveAll(row, scope)
      const label = Object.values(row)
        .map(({text}) => text)
        .join(',')
        .slice(0, 60)
      const id = `${around.prefix}${job.id}${job.matrix !== undefined && job.matrix.length > 1 ? `[${label === '' ? place : label}]` : ''}`
      const next: Around = {
        prefix: `${id}/`,
        needs,
        conditional: around.conditional || gate.conditional || job.dynamicMatrix,
        always: around.always || gate.always,
        depth: around.depth + 1,
      }
      const found = await jobOf(whole, workflow, job, withEnv({...scope, matrix}, job.env), {...next, prefix: id})
      made.push(...found.jobs)
      ids.push(...found.jobs.map((one) => one.id))
      outputs[job.id] = merged(outputs[job.id] ?? {}, found.outputs)
    }
    became.set(job.id, ids)
  }
  const call = workflow.triggers.find(({name}) => name === 'workflow_call')
  const find = (text: Text): Word => {
    const path = /jobs\.([\w-]+)\.outputs\.([\w-]+)/.exec(text.text)
    return outputs[path?.[1] ?? '']?.[path?.[2] ?? ''] ?? [{dynamic: text.text}]
  }
  return {jobs: made, outputs: Object.fromEntries(Object.entries(call?.outputs ?? {}).map(([key, text]) => [key, find(text)]))}
}

/** Outputs of one more row: what a row does not set does not take away what another one set. */
const merged = (before: Readonly<Record<string, Word>>, row: Readonly<Record<string, Word>>): Readonly<Record<string, Word>> => ({
  ...before,
  ...Object.fromEntries(
    Object.entries(row).filter(([key, word]) => before[key] === undefined || word.length !== 1 || !word.every((part) => 'dynamic' in part)),
  ),
})

/** Jobs so that each comes after those that it needs; what needs itself comes last. */
const inOrder = (jobs: readonly Job[]): Job[] => {
  const found = new Map<string, Job>()
  let rest = [...jobs]
  while (rest.length > 0) {
    const known = new Set(jobs.map(({id}) => id))
    const ready = rest.filter(({needs}) => needs.every((need) => found.has(need) || !known.has(need)))
    for (const job of ready.length > 0 ? ready : rest) found.set(job.id, job)
    rest = rest.filter(({id}) => !found.has(id))
  }
  return [...found.values()]
}

const jobOf = async (whole: Whole, workflow: Workflow, job: Job, scope: Scope, around: Around): Promise<Made> => {
  const used = job.uses === undefined ? undefined : literalOf(resolve(job.uses, scope))
  const path = used?.startsWith('./') === true ? pathFrom('', used.replace(/@.*$/, '')) : undefined
  const called = whole.workflows.find(({file}) => file === path)
  if (called !== undefined && around.depth <= maxCalls) {
    const call = called.triggers.find(({name}) => name === 'workflow_call')
    const inputs = {...resolveAll(call?.inputs ?? {}, scope), ...resolveAll(job.with, scope)}
    const inner: Scope = {...scope, env: {}, inputs, matrix: {}, needs: {}, steps: {}, closed: true}
    return jobsOf(whole, called, inner, {...around, prefix: `${around.prefix}/`})
  }
  if (path !== undefined && called === undefined)
    whole.unread.push({file: job.file, line: job.uses?.line ?? job.line, why: `there is no workflow ${path}`})
  const text = job.directory ?? workflow.directory
  const folder = text === undefined ? '' : literalOf(resolve(text, scope))
  const directory = folder === undefined ? undefined : pathFrom('', folder.replace(/^\/+/, ''))
  const context = {reading: whole.reading, actions: whole.actions, scope, directory, shell: job.shell ?? workflow.shell}
  // The same steps in the same scope are read once for all events.
  const key = JSON.stringify([workflow.file, job.id, scope, directory])
  const known = whole.seen.get(key) ?? stepsOf(job.steps, context)
  whole.seen.set(key, known)
  const {steps, unread, after} = await known
  whole.unread.push(...unread)
  const remote: RunStep[] =
    job.uses === undefined || called !== undefined ? [] : [remoteStep(job.uses, resolveAll(job.with, scope), around.conditional)]
  const made: RunJob = {
    file: job.file,
    line: job.line,
    id: around.prefix,
    job: job.id,
    needs: around.needs,
    conditional: around.conditional,
    always: around.always,
    tolerated: job.continueOnError !== undefined && literalOf(resolve(job.continueOnError, scope)) !== 'false',
    condition: job.condition?.text ?? '',
    ...(job.environment === undefined ? {} : {environment: resolve(job.environment, scope)}),
    env: scope.env,
    ...(directory === undefined ? {} : {directory}),
    matrix: scope.matrix,
    services: job.services.map(({name, image}) => ({name, image: resolve(image, scope)})),
    runner: job.runner.map((label) => textOf(resolve(label, scope))),
    steps: [...remote, ...steps],
  }
  return {jobs: [made], outputs: resolveAll(job.outputs, {...scope, steps: after})}
}

const remoteStep = (uses: Text, given: Readonly<Record<string, Word>>, conditional: boolean): RunStep => {
  const [action = '', ref = ''] = uses.text.split('@')
  return {
    file: uses.file,
    line: uses.line,
    name: uses.text,
    id: '',
    uses: {action, ref},
    with: given,
    env: {},
    commands: [],
    conditional,
    always: false,
    tolerated: false,
  }
}
