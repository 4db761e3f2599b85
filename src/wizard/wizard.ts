import {existsSync} from 'node:fs'
import {dirname, relative, resolve} from 'node:path'
import {z} from 'zod'
import type {BaseFlags} from '../base-command.ts'
import {configName, findConfig} from '../config/find-config.ts'
import {environments, type Environment} from '../config/parameters.ts'
import {parseConfig, readConfigText} from '../config/qlogic-yaml.ts'
import {addEnvironment, newConfigText, writeConfigFile} from '../config/write-config.ts'
import {QlogicError} from '../errors.ts'
import {attest} from '../attest.ts'
import {createCloud} from '../gcp/create-cloud.ts'
import {block, printable} from '../reporters/printable.ts'
import type {Report} from '../reporters/report.ts'
import {openSimulator} from '../open-simulator.ts'
import {openRun, type Run} from '../run-context.ts'
import {closest} from '../config/closest.ts'

import {interviewed, type Interview} from './interview.ts'
import {applied, walkStep, type Journey} from './journey.ts'
import {questions, type Answers, type Known} from './questions.ts'
import {forgetSaved, readSaved, writeSaved} from './saved.ts'

/** What the command line gives a wizard. */
export type WizardOptions = Pick<Journey, 'asker' | 'look' | 'progress' | 'signal' | 'yes' | 'accept'> & {
  flags: Partial<BaseFlags>
  /** Parameters that flags gave. */
  given: Answers
  skip: readonly string[]
}

const done = z.object({done: z.string()})

/** Asks, writes qlogic.yaml, walks the ten steps, and says what is left; `left` when the person went away before the end. */
export const runWizard = async (options: WizardOptions): Promise<Report | 'left'> => {
  const {flags, asker, look, signal} = options
  const cwd = process.cwd()
  const path = (await findConfig(cwd, flags.config)) ?? resolve(cwd, flags.config ?? configName)
  const root = flags.repo !== undefined ? resolve(cwd, flags.repo) : dirname(path)
  const where = await place(root, options)
  if (where === 'left') return 'left'
  const base = {cwd, config: flags.config, repo: flags.repo, sandbox: false, insecureEndpoint: flags['insecure-endpoint'] === true, signal}
  const open = (env: string | undefined, project = flags.project): Promise<Run> =>
    openRun({...base, env, project, endpoint: where.endpoint, listen: options.progress.listen})

  const env = await configured({path, root, sandbox: where.sandbox, cwd}, options, (project, name) => open(name, project))
  if (env === undefined) return 'left'

  const journey: Journey = {
    ...options,
    open: () => open(env),
    act: where.sandbox ? async (name) => act(await open(env), name) : undefined,
    attest: async (item, note) => {
      const {author} = await attest({path, item, env, note})
      asker.tell(block(`${item} is attested by ${author} in ${configName}.`, 2, look.columns))
    },
  }
  if (!(await walkSteps(options, journey))) return 'left'

  asker.tell('\nTo the end: what has become possible on the way')
  const run = await open(env)
  const words = (await run.select([])).filter(({part}) => part === 1)
  const {outcome, end} = await applied(run, words, 'qlogic wizard', 'STEP', journey)
  if (end === 'leave') return 'left'
  const report = await run.report(words, outcome.results, run.clock.now())
  if (report.summary.ready) await forgetSaved(root)
  return report
}

/** All ten in their order; back and forth. False: the person left. */
const walkSteps = async ({skip, asker}: WizardOptions, journey: Journey): Promise<boolean> => {
  const {checklist} = await journey.open()
  const {steps} = checklist
  for (const name of skip)
    if (!steps.some(({id}) => id === name)) {
      const ids = steps.map(({id}) => id)
      throw new QlogicError('UNKNOWN_STEP', `--skip: ${JSON.stringify(name)} is no step.`, {
        hint: `did you mean ${closest(name, ids) ?? ids.join(', ')}?`,
      })
    }
  for (let place = 0; place < steps.length;) {
    const step = steps[place]
    if (step === undefined) break
    const end = skip.includes(step.id) ? 'skip' : await walkStep(step, steps.length, journey)
    if (end === 'leave') return false
    if (end === 'skip') asker.tell(`  --skip ${step.id}: put off`)
    if (end === 'back' && place === 0) asker.tell(`  This is the first step. Answers can be changed in ${configName}.`)
    place = end === 'back' ? Math.max(0, place - 1) : place + 1
  }
  return true
}

type Where = {sandbox: boolean; endpoint: string | undefined}

/** On the simulator or on Google: as flags, environment or an earlier visit say, else asked. */
const place = async (root: string, {flags, asker}: WizardOptions): Promise<Where | 'left'> => {
  const given = process.env['QLOGIC_API_ENDPOINT']
  if (given !== undefined && given !== '' && flags.sandbox !== true) return {sandbox: true, endpoint: given}
  const saved = await readSaved(root)
  const visited = saved.asked.length > 0 || saved.sandbox
  let sandbox = flags.sandbox === true || saved.sandbox
  if (!sandbox && !visited && asker.interactive && flags.sandbox !== false) {
    const answer = await asker.ask({
      message: 'Where do you want to walk?',
      flag: '--sandbox',
      explain:
        'The simulator answers as Google Cloud does, on this machine, free of charge and without an account: everything can be tried there. With Google, what you confirm is made and paid for; you need to be signed in (gcloud auth application-default login).',
      choices: [
        {value: 'sandbox', name: 'On the simulator', about: 'nothing real is touched, nothing costs'},
        {value: 'google', name: 'On Google Cloud', about: 'with your own account'},
      ],
    })
    if (answer.kind === 'leave') return 'left'
    sandbox = answer.kind === 'answer' && answer.value === 'sandbox'
    asker.tell(sandbox ? '  --sandbox' : '  (without --sandbox)')
  }
  if (!sandbox) return {sandbox, endpoint: undefined}
  await writeSaved(root, {...saved, sandbox})
  return {sandbox, endpoint: await openSimulator(root)}
}

type Files = {path: string; root: string; sandbox: boolean; cwd: string}

/** The environment that is walked, configured in qlogic.yaml: as it stands there, or asked for and written. Undefined: left. */
const configured = async (
  {path, root, sandbox, cwd}: Files,
  {flags, given, asker, look}: WizardOptions,
  open: (project: string, env: string | undefined) => Promise<Run>,
): Promise<Environment | undefined> => {
  const shown = relative(cwd, path) || configName
  const text = existsSync(path) ? await readConfigText(path) : undefined
  const file = text === undefined ? undefined : parseConfig(text, {name: shown, path})
  const wanted = environmentOf(flags.env)
  const present = environments.filter((name) => file?.environments[name] !== undefined)
  const there = wanted ?? (present.includes('prod') ? 'prod' : present[0])
  if (there !== undefined && present.includes(there)) {
    asker.tell(block(`${shown} has ${there} already: going on with it. Answers can be changed there.`, 0, look.columns))
    return there
  }

  const facts = memo(async (project: string, env: string | undefined): Promise<Known['billingAccounts']> => {
    try {
      const {transport} = await open(project, env)
      const accounts = await createCloud(transport, project).billing.openAccounts()
      return accounts.map(({name, displayName}) => ({id: name.replace('billingAccounts/', ''), name: printable(displayName ?? '')}))
    } catch {
      return []
    }
  })
  const githubRepo = await remoteOf(root)
  const known = async ({projectId, env}: Answers): Promise<Known> => ({
    billingAccounts: projectId === undefined || given.billingAccount !== undefined ? [] : await facts(projectId, env),
    githubRepo,
    sandbox,
  })
  const flagged: Answers = {
    ...given,
    ...(wanted === undefined ? {} : {env: wanted}),
    ...(flags.project === undefined ? {} : {projectId: flags.project}),
  }

  let interview: Interview = await readSaved(root)
  if (interview.asked.length > 0) asker.tell('Going on where you left.')
  for (;;) {
    const finished = await interviewed(interview, {
      asker,
      given: flagged,
      known,
      remember: async (now) => {
        interview = now
        await writeSaved(root, {...now, sandbox})
      },
    })
    if (finished === undefined) return undefined
    const answers = finished.answers
    asker.tell(`\n${reviewOf(answers)}\n`)
    const go = await asker.ask({
      message: `Write ${shown} and go on?`,
      flag: '--yes',
      explain: `${shown} is the configuration of qlogic. It holds no secret, belongs into version control, and can be edited by hand; a comment beside each value says what it is.`,
      choices: [
        {value: 'yes', name: 'Yes'},
        {value: 'back', name: 'No, change the last answer'},
      ],
    })
    if (go.kind === 'leave') return undefined
    if (go.kind === 'back' || (go.kind === 'answer' && go.value === 'back')) {
      const last = finished.asked.at(-1)
      interview = {
        asked: finished.asked.slice(0, -1),
        answers: Object.fromEntries(Object.entries(interview.answers).filter(([name]) => name !== last)),
      }
      continue
    }
    const env = environmentOf(answers.env) ?? 'prod'
    const values = Object.fromEntries(Object.entries(answers).filter(([name, value]) => name !== 'env' && value !== ''))
    const repo = flags.repo === undefined ? '.' : relative(dirname(path), resolve(cwd, flags.repo)) || '.'
    await writeConfigFile(
      path,
      text === undefined ? newConfigText({repo, environments: {[env]: values}}) : addEnvironment(text, env, values),
    )
    asker.tell(`  ${shown} is written.`)
    return env
  }
}

const environmentOf = (name: string | undefined): Environment | undefined => {
  const found = environments.find((one) => one === name)
  if (name !== undefined && found === undefined)
    throw new QlogicError('CONFIG_INVALID', `--env: expected one of ${environments.join(', ')}, found ${name}`, {hint: '--env prod'})
  return found
}

/** The answers as the command line that would give them. */
const reviewOf = (answers: Answers): string =>
  [
    'Your answers:',
    ...questions.flatMap(({name, flag}) => (answers[name] === undefined ? [] : [`  ${flag} ${printable(answers[name])}`])),
  ].join('\n')

const act = async ({transport, config}: Run, name: string): Promise<string> => {
  const body = Object.fromEntries(Object.entries(config).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
  return done.parse(await transport.request({method: 'sandbox.acts.perform', http: 'POST', path: `/v1/acts/${name}`, body})).done
}

/** `owner/name` of the GitHub remote `origin`; undefined when there is none. */
const remoteOf = async (root: string): Promise<string | undefined> => {
  const {git} = await import('../repo/git.ts')
  const {exitCode, stdout} = await git(root, ['config', 'remote.origin.url']).catch(() => ({exitCode: 1, stdout: Buffer.alloc(0)}))
  const url = exitCode === 0 ? stdout.toString('utf8').trim() : ''
  return /github\.com[:/]([^/]+\/[^/]+?)(?:\.git)?$/.exec(url)?.[1]
}

const memo = <T>(
  read: (project: string, env: string | undefined) => Promise<T>,
): ((project: string, env: string | undefined) => Promise<T>) => {
  const kept = new Map<string, Promise<T>>()
  return (project, env) => {
    const known = kept.get(project) ?? read(project, env)
    kept.set(project, known)
    return known
  }
}
