import type {TerraformFacts} from '../repo/terraform/terraform.ts'
import {elementsOf, fieldOf, textOf as valueText, type Value} from '../repo/terraform/values.ts'
import type {Place, WorkflowFacts} from '../repo/workflows/facts.ts'
import {literalOf, textOf, type Word} from '../repo/workflows/words.ts'
import {allActs, flagOf, hasFlag, wordsOf, type Act} from './pipeline-acts.ts'

/** A Cloud Run job, as Terraform or a command of the pipeline makes it. Undefined: not said there. */
export type CloudRunJob = Place & {name: Word; command?: string; network?: boolean}

const known = (text: string): Word => [{literal: text}]

const inner = (value: Value | undefined, ...names: readonly string[]): Value | undefined => {
  let at = value
  for (const name of names) {
    if (at?.is === 'list') at = at.items[0]
    at = at === undefined ? undefined : fieldOf(at, name)
  }
  return at
}

const nameOf = (value: Value | undefined): Word => {
  if (value === undefined) return [{dynamic: '…'}]
  const text = valueText(value)
  if (text !== undefined) return known(text)
  return value.is === 'dynamic'
    ? (value.like ?? [null]).map((piece) => (piece === null ? {dynamic: '…'} : {literal: piece}))
    : [{dynamic: '…'}]
}

const wordsIn = (value: Value | undefined): string[] | undefined =>
  value === undefined ? [] : elementsOf(value)?.map((one) => valueText(one.value) ?? '…')

/** Jobs that the repository defines. */
export const cloudRunJobs = (terraform: TerraformFacts, workflows: WorkflowFacts): CloudRunJob[] => [
  ...[...terraform.roots, ...terraform.unused].flatMap(({resources}) =>
    resources
      .filter(({type, mode}) => type === 'google_cloud_run_v2_job' && mode === 'managed')
      .map(({file, line, body}): CloudRunJob => {
        const template = inner(body, 'template', 'template')
        const container = inner(template, 'containers')
        const words = [wordsIn(inner(container, 'command')), wordsIn(inner(container, 'args'))]
        const access = inner(template, 'vpc_access')
        return {
          file,
          line,
          name: nameOf(inner(body, 'name')),
          ...(words.includes(undefined) || words.flat().length === 0 ? {} : {command: words.flat().join(' ')}),
          network: access !== undefined && !(access.is === 'list' && access.items.length === 0 && access.open !== true),
        }
      }),
  ),
  ...allActs(workflows).flatMap((act): CloudRunJob[] => {
    const name = jobIn(act)
    if (name === undefined || !isJobVerb(act, 'deploy', 'create', 'update')) return []
    const command = [flagOf(act, '--command'), flagOf(act, '--args')].flatMap((word) => (word === undefined ? [] : textOf(word).split(/,/)))
    const network = hasFlag(act, '--vpc-connector', '--network', '--subnet')
    return [{...act.place, name, ...(command.length > 0 ? {command: command.join(' ')} : {}), ...(network ? {network} : {})}]
  }),
]

const jobWords = (act: Act): readonly (string | undefined)[] => {
  const words = wordsOf(act)
  return words[0] !== 'gcloud' ? [] : ['alpha', 'beta'].includes(words[1] ?? '') ? words.slice(2) : words.slice(1)
}

/** `gcloud run jobs <verb>`, or the action that does the same. */
export const isJobVerb = (act: Act, ...verbs: readonly string[]): boolean => {
  const [run, jobs, verb] = jobWords(act)
  return run === 'run' && jobs === 'jobs' && verbs.includes(verb ?? '')
}

/** The job that a command is about. */
export const jobIn = (act: Act): Word | undefined => {
  if (act.step.uses?.action === 'google-github-actions/deploy-cloudrun') return act.step.with['job']
  if (!isJobVerb(act, 'deploy', 'create', 'update', 'execute')) return undefined
  const words = act.command?.program ?? []
  const at = words.findIndex((word) => ['deploy', 'create', 'update', 'execute'].includes(literalOf(word) ?? ''))
  for (let place = at + 1; place < words.length; place += 1) {
    const word = words[place] ?? []
    const text = textOf(word)
    if (!text.startsWith('-')) return word
    if (!text.includes('=') && !['--wait', '--async', '--quiet', '-q', '--execute-now'].includes(text)) place += 1
  }
  return undefined
}

/** Whether two names can be the same: what is only known at run time can be anything. */
export const mayBeSame = (one: Word, other: Word): boolean => {
  const [text, otherText] = [literalOf(one), literalOf(other)]
  if (text !== undefined && otherText !== undefined) return text === otherText
  if (text !== undefined) return fits(other, text)
  if (otherText !== undefined) return fits(one, otherText)
  return start(one).startsWith(start(other)) || start(other).startsWith(start(one))
}

const start = ([first]: Word): string => (first !== undefined && 'literal' in first ? first.literal : '')

/** Whether a text has the known pieces of a word, in their order, from its start to its end. */
const fits = (word: Word, text: string): boolean => {
  let at = 0
  for (const [place, part] of word.entries()) {
    if (!('literal' in part)) continue
    const last = place === word.length - 1
    const found =
      place === 0 ? (text.startsWith(part.literal) ? 0 : -1) : last ? text.length - part.literal.length : text.indexOf(part.literal, at)
    if (found < at || (last && !text.endsWith(part.literal))) return false
    at = found + part.literal.length
  }
  return true
}
