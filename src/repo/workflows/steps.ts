import type {Reading, Unread} from '../files.ts'
import {commandsOf} from './called.ts'
import type {CompositeAction, RunStep, Step} from './facts.ts'
import {gateOf} from './gates.ts'
import {pathFrom} from './paths.ts'
import {resolve, resolveAll, withEnv, type Scope} from './scope.ts'
import type {ShellCommand} from './shell-facts.ts'
import {cutAt, joined, literal, literalOf, oneOf, splitAt, textOf, type Word} from './words.ts'

const maxNesting = 4

type Words = Readonly<Record<string, Word>>
type StepContext = {
  reading: Reading
  actions: readonly CompositeAction[]
  scope: Scope
  directory: string | undefined
  shell: string | undefined
  depth?: number
}
/** `after`: outputs of the steps, for the outputs of the job. */
export type Steps = {steps: RunStep[]; unread: Unread[]; after: Readonly<Record<string, Words>>; env: Words}

/** Steps as they run, one after the other: what one exports the next one sees. */
export const stepsOf = async (steps: readonly Step[], context: StepContext): Promise<Steps> => {
  const found: RunStep[] = []
  const unread: Unread[] = []
  let exported: Words = {}
  const outputs: Record<string, Words> = {...context.scope.steps}
  for (const step of steps) {
    const before = {...context.scope, env: {...context.scope.env, ...exported}, steps: outputs}
    const scope = withEnv(before, step.env)
    const gate = gateOf(step.condition, scope)
    if (!gate.runs) continue
    const folder = step.directory === undefined ? undefined : literalOf(resolve(step.directory, scope))
    const directory =
      step.directory === undefined ? context.directory : folder === undefined ? undefined : pathFrom('', folder.replace(/^\/+/, ''))
    const tolerated = step.continueOnError !== undefined && literalOf(resolve(step.continueOnError, scope)) !== 'false'
    const common = {
      file: step.file,
      line: step.line,
      name: step.name ?? step.uses?.text ?? step.run?.text.split('\n')[0] ?? '',
      id: step.id ?? '',
      with: resolveAll(step.with, scope),
      env: scope.env,
      conditional: gate.conditional,
      always: gate.always,
      tolerated,
    }
    if (step.run !== undefined) {
      const run = await commandsIn(step, scope, directory, context)
      unread.push(...run.unread)
      exported = {...exported, ...added(run.added, 'GITHUB_ENV', exported)}
      const paths = added(run.added, 'GITHUB_OUTPUT', {})
      if (step.id !== undefined) outputs[step.id] = {...paths}
      const sets = Object.fromEntries(Object.entries(run.variables).filter(([name, word]) => run.given[name] !== word))
      found.push({...common, commands: run.commands, ...(Object.keys(sets).length === 0 ? {} : {sets})})
    } else if (step.uses !== undefined) {
      const [action = '', ref = ''] = step.uses.text.split('@')
      const local = action.startsWith('./') ? context.actions.find(({folder: at}) => at === pathFrom('', action)) : undefined
      if (local === undefined || (context.depth ?? 0) >= maxNesting) {
        found.push({...common, uses: {action, ref}, commands: []})
        continue
      }
      const inputs = {...resolveAll(local.inputs, scope), ...common.with}
      const inner = await stepsOf(local.steps, {
        ...context,
        scope: {...scope, inputs, closed: true, steps: {}},
        directory: '',
        depth: (context.depth ?? 0) + 1,
      })
      unread.push(...inner.unread)
      exported = {...exported, ...inner.env}
      if (step.id !== undefined) outputs[step.id] = resolveAll(local.outputs, {...scope, inputs, steps: inner.after})
      found.push(
        ...inner.steps.map((one) => ({
          ...one,
          conditional: one.conditional || gate.conditional,
          always: one.always && gate.always,
          tolerated: one.tolerated || tolerated,
        })),
      )
    }
  }
  return {steps: found, unread, after: outputs, env: exported}
}

const commandsIn = async (step: Step, scope: Scope, directory: string | undefined, context: StepContext) => {
  const run = step.run
  const shell = step.shell ?? context.shell
  if (run === undefined || (shell !== undefined && !/^(ba|z)?sh\b/.test(shell)))
    return {commands: [], added: [], unread: [], variables: {}, given: {}}
  const given: Words = {...shellVariables(scope), ...scope.env}
  const read = await commandsOf(context.reading, resolve(run, scope), {
    file: step.file,
    lineOf: (row) => run.line + (run.block === true ? row + 1 : 0),
    directory,
    variables: given,
    // https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell
    errexit: shell === undefined || !shell.includes('{0}') || /\s-\w*e/.test(shell),
    pipefail: shell === 'bash' || /pipefail/.test(shell ?? ''),
  })
  return {...read, given}
}

/** Variables that the runner sets, as far as the event says. */
const shellVariables = ({github}: Scope): Words => ({
  GITHUB_SHA: [{dynamic: '${{ github.sha }}'}],
  ...Object.fromEntries(
    Object.entries({ref: 'GITHUB_REF', ref_name: 'GITHUB_REF_NAME', event_name: 'GITHUB_EVENT_NAME', base_ref: 'GITHUB_BASE_REF'}).flatMap(
      ([key, name]) => {
        const value = github[key]
        return value === undefined ? [] : [[name, value]]
      },
    ),
  ),
})

/** `echo "K=V" >> "$GITHUB_ENV"`, also from a heredoc; what stands in both branches of an `if` is one of two. */
const added = (commands: readonly ShellCommand[], file: string, before: Words): Words => {
  const found: Record<string, Word> = {...before}
  for (const {words, input, addsTo, conditional} of commands) {
    if (addsTo?.includes(file) !== true) continue
    const text = input ?? joined(...words.slice(1).flatMap((word, place) => (place === 0 ? [word] : [literal(' '), word])))
    for (const line of splitAt(text, '\n')) {
      const [name, value] = cutAt(line, '=') ?? []
      if (name === undefined || value === undefined) continue
      const key = textOf(name).trim()
      if (!/^[\w-]+$/.test(key)) continue
      const known = found[key]
      found[key] = conditional && known !== undefined ? oneOf(`$${key}`, [known, value]) : value
    }
  }
  return found
}
