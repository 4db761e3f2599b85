import type {Reader, Reading} from '../files.ts'
import {commandsOf} from '../workflows/called.ts'
import {resolveText} from '../workflows/expressions.ts'
import type {Command, Place, Step, Text, WorkflowFacts} from '../workflows/facts.ts'
import {literalOf, textOf, type Word} from '../workflows/words.ts'
import {readWorkflows} from '../workflows/workflows.ts'

/** A Terraform variable that gets its value from outside the Terraform files. */
export type GivenVariable = {name: string; file: string; line: number}

/** What workflows, builds and scripts give to Terraform. */
export type Given = {
  /** `-var` and `TF_VAR_`. */
  variables: GivenVariable[]
  /** `-backend-config`: the setting (`prefix`, `bucket`), or null where a file is named. */
  backend: {name: string | null; file: string; line: number}[]
  /** `terraform workspace select`. */
  workspaces: {file: string; line: number}[]
}

/** Scripts, also those that nothing calls, and what drives other systems: of these only the lines are looked at. */
const others =
  /(^|\/)(\.gitlab-ci\.yml|\.circleci\/[^/]+\.ya?ml|azure-pipelines\.ya?ml|[^/]+\.sh|GNUmakefile|Makefile|[^/]+\.mk|[Jj]ustfile|Taskfile\.ya?ml|Jenkinsfile|atlantis\.yaml)$/

/** https://developer.hashicorp.com/terraform/language/values/variables#assigning-values-to-root-module-variables */
export const readGiven: Reader<Given> = async (reading) => {
  const facts = await reading.read(readWorkflows)
  const given: Given = {variables: [], backend: [], workspaces: []}
  for (const command of await commandsIn(reading, facts)) takeCommand(given, command)
  for (const step of facts.runs.flatMap(({jobs}) => jobs.flatMap(({steps}) => steps))) {
    takeAction(given, step)
    takeSettings(given, step.sets ?? {}, step)
  }
  for (const {env, jobs} of facts.workflows) for (const texts of [env, ...jobs.map((job) => job.env)]) takeTexts(given, texts)
  for (const step of stepsIn(facts)) takeTexts(given, step.env)
  // Of Cloud Build, and what one step exports for the next.
  for (const {event, jobs} of facts.runs)
    for (const step of jobs.flatMap(({steps}) => steps))
      for (const [name, word] of Object.entries(step.env))
        if (event.name === 'build' || (name.startsWith('TF_VAR_') && !given.variables.some((one) => `TF_VAR_${one.name}` === name)))
          takeSetting(given, name, textOf(word), step)
  const unread = new Set(facts.unread.map(({file}) => file))
  for (const path of (await reading.files.list()).filter((one) => others.test(one) || unread.has(one)))
    await takeLines(given, reading, path)
  return {variables: distinct(given.variables), backend: distinct(given.backend), workspaces: distinct(given.workspaces)}
}

const distinct = <One>(all: readonly One[]): One[] => [...new Map(all.map((one) => [JSON.stringify(one), one])).values()]

const stepsIn = ({workflows, actions}: WorkflowFacts): Step[] => [
  ...workflows.flatMap(({jobs}) => jobs.flatMap(({steps}) => steps)),
  ...actions.flatMap(({steps}) => steps),
]

/** Commands of every run; of a workflow that nothing here starts, those of its steps as they stand. */
const commandsIn = async (reading: Reading, {runs, workflows}: WorkflowFacts): Promise<Command[]> => {
  const started = new Set(runs.flatMap(({jobs}) => jobs.map(({file}) => file)))
  const found = runs.flatMap(({jobs}) => jobs.flatMap(({steps}) => steps.flatMap(({commands}) => commands)))
  for (const {file, jobs} of workflows.filter((one) => !started.has(one.file)))
    for (const {run} of jobs.flatMap(({steps}) => steps)) {
      if (run === undefined) continue
      const lineOf = (row: number) => run.line + (run.block === true ? row + 1 : 0)
      const text = resolveText(run.text, () => undefined)
      const {commands} = await commandsOf(reading, text, {file, lineOf, directory: '', variables: {}, errexit: true, pipefail: false})
      found.push(...commands)
    }
  return found
}

const variable = /(?:^|\s)--?var(?:=|\s+)["']?([A-Za-z_][\w-]{0,80})=/g
const backendConfig = /(?:^|\s)--?backend-config(?:=|\s+)["']?(?:([A-Za-z_]\w{0,40})=)?/g

const takeArguments = (given: Given, text: string, {file, line}: Place): void => {
  for (const [, name = ''] of text.matchAll(variable)) given.variables.push({name, file, line})
  for (const [, name] of text.matchAll(backendConfig)) given.backend.push({name: name ?? null, file, line})
}

const takeCommand = (given: Given, command: Command): void => {
  const [name, ...words] = command.program.map((word) => literalOf(word))
  if (name === 'packer') return
  takeArguments(given, command.words.map(textOf).join(' ').slice(0, 4000), command)
  const at = words.indexOf('workspace')
  if (at >= 0 && ['select', 'new'].includes(words.slice(at + 1).find((word) => word?.startsWith('-') !== true) ?? ''))
    given.workspaces.push({file: command.file, line: command.line})
  takeSettings(given, command.env, command)
}

/** `TF_VAR_x`, `TF_WORKSPACE` and `TF_CLI_ARGS_plan`: https://developer.hashicorp.com/terraform/cli/config/environment-variables */
const takeSetting = (given: Given, name: string, text: string, {file, line}: Place): void => {
  if (name.startsWith('TF_VAR_')) given.variables.push({name: name.slice(7), file, line})
  else if (name === 'TF_WORKSPACE') given.workspaces.push({file, line})
  else if (name.startsWith('TF_CLI_ARGS')) takeArguments(given, text.slice(0, 4000), {file, line})
}

const takeSettings = (given: Given, words: Readonly<Record<string, Word>>, place: Place): void => {
  for (const [name, word] of Object.entries(words)) takeSetting(given, name, textOf(word), place)
}

const takeTexts = (given: Given, texts: Readonly<Record<string, Text>>): void => {
  for (const [name, text] of Object.entries(texts)) takeSetting(given, name, text.text, text)
}

/** https://github.com/dflook/terraform-github-actions */
const takeAction = (given: Given, step: Place & {uses?: {action: string}; with: Readonly<Record<string, Word>>}): void => {
  if (!/^dflook\/(terraform|tofu)-/.test(step.uses?.action ?? '')) return
  const place = {file: step.file, line: step.line}
  const names = (input: string) =>
    textOf(step.with[input] ?? [])
      .split('\n')
      .flatMap((line) => /^\s*([A-Za-z_][\w-]{0,80})\s*=/.exec(line)?.[1] ?? [])
  for (const name of names('variables')) given.variables.push({name, ...place})
  for (const name of names('backend_config')) given.backend.push({name, ...place})
  if (step.with['backend_config_file'] !== undefined) given.backend.push({name: null, ...place})
  if (step.with['workspace'] !== undefined) given.workspaces.push(place)
}

const variableInLine = /-var(?:=|["']?\s+["']?|["'],\s*["'])["']?([A-Za-z_][\w-]{0,80})=|\bTF_VAR_(\w{1,80})/g
const backendInLine = /-backend-config(?:=|["']?\s+|["'],\s*["'])["']?(?:([A-Za-z_]\w{0,40})=)?/g

const takeLines = async (given: Given, {files}: Reading, path: string): Promise<void> => {
  const read = await files.text(path)
  if (read === undefined || 'unread' in read || read.text.length > 1_000_000) return
  for (const [index, line] of read.text.split('\n').entries()) {
    if (/^\s*(#|\/\/)/.test(line) || line.length > 2000) continue
    const place = {file: path, line: index + 1}
    for (const [, byFlag, byName] of line.matchAll(variableInLine)) {
      const name = byFlag ?? byName
      if (name !== undefined) given.variables.push({name, ...place})
    }
    for (const [, name] of line.matchAll(backendInLine)) given.backend.push({name: name ?? null, ...place})
    if (/\bworkspace\s+(select|new)\b|\bTF_WORKSPACE\b/.test(line)) given.workspaces.push(place)
  }
}
