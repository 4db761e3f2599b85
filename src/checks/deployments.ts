import type {Place, WorkflowFacts} from '../repo/workflows/facts.ts'
import {cutAt, joined, literal, literalOf, splitAt, textOf, type Word} from '../repo/workflows/words.ts'
import {allActs, wordsOf, type Act} from './pipeline-acts.ts'

/** A deployment to Cloud Run, as a command or an action states it. Names and values keep what is only known when it runs. */
export type Deployment = Place & {
  act: Act
  verb: 'deploy' | 'update' | 'replace' | 'traffic'
  service?: Word
  image?: Word
  /** Variables that it sets. */
  env: Readonly<Record<string, Word>>
  /** Set where every variable that is not named is lost. */
  replacesEnv?: Place
  /** Its words, flags among them. */
  words: readonly Word[]
  /** The branch whose push runs it, and the environment of its job. */
  branch?: string
  environment?: Word
}

const valued =
  /^--?(?!quiet$|no-traffic$|allow-unauthenticated$|no-allow-unauthenticated$|async$|wait$|cpu-boost$|no-cpu-throttling$|cpu-throttling$|to-latest$|use-http2$|session-affinity$|clear-|q$|execute-now$|no-|h$|invoker-iam-check$|default-url$)/

/** The first word that is no flag and no value of one. */
const named = (words: readonly Word[]): Word | undefined => {
  for (let place = 0; place < words.length; place += 1) {
    const word = words[place] ?? []
    const text = textOf(word)
    if (!text.startsWith('-')) return word
    if (!text.includes('=') && valued.test(text)) place += 1
  }
  return undefined
}

/** The values of a flag. */
export const flagIn = (words: readonly Word[], ...names: readonly string[]): Word | undefined => {
  for (const [place, word] of words.entries()) {
    const text = textOf(word)
    for (const name of names) {
      if (text === name) return words[place + 1] ?? []
      if (text.startsWith(`${name}=`)) return cutAt(word, '=')?.[1] ?? []
    }
  }
  return undefined
}

/** `A=1,B=2`, also with another separator (`^@^A=1@B=2`) or one to a line. */
const variablesIn = (word: Word | undefined): Record<string, Word> => {
  if (word === undefined) return {}
  const other = /^\^([^^]+)\^/.exec(textOf(word))?.[1]
  const body = other === undefined ? word : (cutAt(word, `^${other}^`)?.[1] ?? word)
  const lines = splitAt(body, '\n').flatMap((line) => splitAt(line, other ?? ','))
  return Object.fromEntries(
    lines.flatMap((line): [string, Word][] => {
      const cut = cutAt(line, '=')
      const name = cut === undefined ? '' : textOf(cut[0]).trim()
      return cut === undefined || !/^[A-Za-z_]\w*$/.test(name) ? [] : [[name, trimmed(cut[1])]]
    }),
  )
}

const trimmed = (word: Word): Word => {
  const text = literalOf(word)
  return text === undefined ? word : literal(text.trim().replaceAll(/^"|"$/g, ''))
}

const spaced = (word: Word | undefined): Word[] =>
  word === undefined
    ? []
    : splitAt(word, '\n')
        .flatMap((line) => splitAt(line, ' '))
        .filter((one) => textOf(one) !== '')

/** The deployment to Cloud Run that an act is; undefined for any other act. */
export const deploymentOf = (act: Act): Deployment | undefined => {
  const at = {
    ...act.place,
    act,
    ...(act.run.event.branch === undefined ? {} : {branch: act.run.event.branch}),
    ...(act.job.environment === undefined ? {} : {environment: act.job.environment}),
  }
  if (act.step.uses?.action.toLowerCase() === 'google-github-actions/deploy-cloudrun') {
    const given = act.step.with
    if (given['job'] !== undefined) return undefined
    const words = spaced(given['flags'])
    const overwrites =
      textOf(given['env_vars_update_strategy'] ?? []) === 'overwrite' || flagIn(words, '--set-env-vars', '--env-vars-file') !== undefined
    const secrets = given['secrets'] === undefined ? [] : [joined(literal('--set-secrets='), given['secrets'])]
    return {
      ...at,
      verb: given['metadata'] === undefined ? 'deploy' : 'replace',
      ...(given['service'] === undefined ? {} : {service: given['service']}),
      ...(given['image'] === undefined ? {} : {image: given['image']}),
      env: {...variablesIn(given['env_vars']), ...variablesIn(flagIn(words, '--set-env-vars', '--update-env-vars'))},
      ...(overwrites ? {replacesEnv: act.place} : {}),
      words: [...words, ...secrets],
    }
  }
  const words = act.command?.program ?? []
  const texts = wordsOf(act)
  if (texts[0] !== 'gcloud') return undefined
  const from = ['alpha', 'beta'].includes(texts[1] ?? '') ? 2 : 1
  if (texts[from] !== 'run') return undefined
  const services = texts[from + 1] === 'services'
  const verb = texts[services ? from + 2 : from + 1]
  const verbs: Readonly<Record<string, Deployment['verb']>> = services
    ? {update: 'update', replace: 'replace', 'update-traffic': 'traffic'}
    : {deploy: 'deploy'}
  const known = verbs[verb ?? '']
  if (known === undefined) return undefined
  const rest = words.slice(services ? from + 3 : from + 2)
  const service = known === 'replace' ? undefined : named(rest)
  const image = flagIn(rest, '--image')
  const sets = flagIn(rest, '--set-env-vars', '--env-vars-file')
  return {
    ...at,
    verb: known,
    ...(service === undefined ? {} : {service}),
    ...(image === undefined ? {} : {image}),
    env: {...variablesIn(flagIn(rest, '--set-env-vars')), ...variablesIn(flagIn(rest, '--update-env-vars'))},
    ...(sets === undefined && flagIn(rest, '--clear-env-vars') === undefined ? {} : {replacesEnv: act.place}),
    words: rest,
  }
}

/** Deployments to Cloud Run on every event. */
export const deploymentsIn = (facts: WorkflowFacts): Deployment[] => allActs(facts).flatMap((act) => deploymentOf(act) ?? [])
