import {existsSync} from 'node:fs'
import {dirname, relative, resolve} from 'node:path'
import type {BaseFlags} from '../base-command.ts'
import {configName} from '../config/find-config.ts'
import {environments, type Environment, type ParameterName} from '../config/parameters.ts'
import {parseConfig, readConfigText} from '../config/qlogic-yaml.ts'
import {addEnvironment, newConfigText, writeConfigFile} from '../config/write-config.ts'
import {QlogicError} from '../errors.ts'
import {block, printable} from '../reporters/printable.ts'
import type {Look} from '../reporters/style.ts'
import type {Answer, Asker} from './asker.ts'
import {asQuestion, interviewed, stepBack, type Interview} from './interview.ts'
import {checkAnswer, questions, type Answers, type Known} from './questions.ts'
import {nothingAsked, readSaved, writeSaved, type Place} from './saved.ts'

/** What asking needs of its surroundings. */
export type Configuring = {
  asker: Asker
  look: Look
  flags: Partial<BaseFlags>
  /** Parameters that flags gave. */
  given: Answers
  /** --yes: the file is written without asking. */
  yes: boolean
  /** qlogic.yaml, and the folder that it belongs to. */
  path: string
  root: string
  cwd: string
  place: Place
  known: (answers: Answers) => Promise<Known>
}

/** Flags are judged before anything is asked or done. @throws QlogicError that names the flag */
export const refuseWrongFlags = (given: Answers): void => {
  for (const {name, flag, choices} of questions) {
    const value = given[name]
    const problem = value === undefined ? true : checkAnswer(name)(value)
    if (problem === true) continue
    const known = choices?.({}, {billingAccounts: [], githubRepo: undefined, sandbox: false})?.map((choice) => choice.value)
    throw new QlogicError('FLAG_INVALID', `${flag}: ${problem}, found ${JSON.stringify(value)}.`, {
      hint: `${flag} ${known?.find((one) => one !== '') ?? 'VALUE'}`,
    })
  }
}

/** The environment that is walked, configured in qlogic.yaml: as it stands there, or asked for and written. Undefined: left. */
export const configured = async (setting: Configuring): Promise<Environment | undefined> => {
  const {path, root, cwd, flags, given, asker, look, place} = setting
  const shown = relative(cwd, path) || configName
  const text = existsSync(path) ? await readConfigText(path) : undefined
  const file = text === undefined ? undefined : parseConfig(text, {name: shown, path})
  const wanted = environmentOf(flags.env)
  const present = environments.filter((name) => file?.environments[name] !== undefined)
  const saved = await readSaved(root)
  // An interview that was left wins over an environment that is there already.
  const begun = saved.asked.length > 0 ? (environmentOf(saved.answers.env) ?? 'prod') : undefined
  const there = wanted ?? begun ?? (present.includes('prod') ? 'prod' : present[0])
  if (there !== undefined && present.includes(there)) {
    asker.tell(block(`${shown} has ${there} already: going on with it. Answers can be changed there.`, 0, look.columns))
    // What a flag says now wins over what was answered then; project and environment are this run's only.
    for (const {name, flag} of questions) {
      const value = given[name]
      if (value === undefined || name === 'env' || name === 'projectId' || file?.environments[there]?.[name] === value) continue
      await give({path, env: there, name, value})
      asker.tell(block(`${flag} ${value}: ${name} is set in ${shown}.`, 0, look.columns))
    }
    return there
  }

  const flagged: Answers = {
    ...given,
    ...(wanted === undefined ? {} : {env: wanted}),
    ...(flags.project === undefined ? {} : {projectId: flags.project}),
  }
  refuseWrongFlags(flagged)
  const remember = async (now: Interview) =>
    writeSaved(root, {asked: now.asked, answers: {...now.answers, ...(wanted === undefined ? {} : {env: wanted})}, place})

  let interview: Interview = begun === undefined || (wanted !== undefined && wanted !== begun) ? nothingAsked : saved
  if (interview.asked.length > 0) asker.tell('Going on with the questions where you left.')
  for (;;) {
    const finished = await interviewed(interview, {
      asker,
      given: flagged,
      known: setting.known,
      remember: async (now) => {
        interview = now
        if (asker.interactive) await remember(now)
      },
    })
    if (finished === undefined) return undefined
    const {answers} = finished
    asker.tell(`\n${reviewOf(answers)}\n`)
    const go = setting.yes ? ({kind: 'answer', value: 'yes'} satisfies Answer) : await asker.ask(reviewed(shown))
    if (go.kind === 'leave') return undefined
    if (go.kind !== 'answer' || go.value === 'back') {
      interview = stepBack(interview) ?? interview
      continue
    }
    const env = environmentOf(answers.env) ?? 'prod'
    const values = Object.fromEntries(Object.entries(answers).filter(([name, value]) => name !== 'env' && value !== ''))
    const repo = flags.repo === undefined ? '.' : relative(dirname(path), resolve(cwd, flags.repo)) || '.'
    await writeConfigFile(
      path,
      text === undefined ? newConfigText({repo, environments: {[env]: values}}) : addEnvironment(text, env, values),
    )
    await writeSaved(root, {...nothingAsked, place})
    asker.tell(block(`${shown} is written. It is the configuration: edit it whenever you like.`, 0, look.columns))
    return env
  }
}

const reviewed = (shown: string) => ({
  message: `Write ${shown} and go on?`,
  flag: '--yes',
  explain: `${shown} is the configuration of qlogic. It holds no secret, belongs into version control, and can be edited by hand; a comment beside each value says what it is. Nothing is written to the cloud by this.`,
  choices: [
    {value: 'yes', name: 'Yes', flag: '--yes'},
    {value: 'back', name: 'No, change the last answer', flag: '<'},
  ],
})

/** Sets one value of an environment in qlogic.yaml; comments and order stay. */
export const give = async (wanted: {path: string; env: Environment; name: ParameterName; value: string}): Promise<void> => {
  const {path, env, name, value} = wanted
  await writeConfigFile(path, addEnvironment(await readConfigText(path), env, {[name]: value}))
}

/** Asks for one parameter and what follows from it (a domain: its zone), and writes the answers into qlogic.yaml. */
export const askedAndGiven = async (
  name: ParameterName,
  {asker, path, known}: Pick<Configuring, 'asker' | 'path' | 'known'>,
  env: Environment,
  answers: Answers,
): Promise<Exclude<Answer['kind'], 'answer'> | 'given'> => {
  const question = questions.find((one) => one.name === name)
  if (question === undefined) return 'skip'
  const facts = await known(answers)
  const answer = await asker.ask(asQuestion(question, answers, facts))
  if (answer.kind !== 'answer') return answer.kind
  if (answer.value === '') return 'skip'
  await give({path, env, name, value: answer.value})
  asker.tell(`  ${name} is in ${configName} now.`)
  if (name === 'domain') await askedAndGiven('dnsZone', {asker, path, known}, env, {...answers, domain: answer.value})
  return 'given'
}

const environmentOf = (name: string | undefined): Environment | undefined => {
  const found = environments.find((one) => one === name)
  if (name !== undefined && found === undefined)
    throw new QlogicError('CONFIG_INVALID', `--env: expected one of ${environments.join(', ')}, found ${JSON.stringify(name)}.`, {
      hint: '--env prod',
    })
  return found
}

/** The answers as the command line that would give them. */
const reviewOf = (answers: Answers): string =>
  [
    'Your answers:',
    ...questions.flatMap(({name, flag}) => (answers[name] === undefined ? [] : [`  ${flag} ${printable(answers[name])}`])),
  ].join('\n')
