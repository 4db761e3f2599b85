import {dirname, resolve} from 'node:path'
import {z} from 'zod'
import {attest} from '../attest.ts'
import {closest} from '../config/closest.ts'
import {configName, findConfig} from '../config/find-config.ts'
import {EXIT, QlogicError} from '../errors.ts'
import {createCloud} from '../gcp/create-cloud.ts'
import {runFromFlags} from '../open-run.ts'
import {block, printable} from '../reporters/printable.ts'
import type {Report} from '../reporters/report.ts'
import type {Run} from '../run-context.ts'
import {askedAndGiven, configured, refuseWrongFlags, type Configuring} from './configure.ts'
import {applied, newVisit, walkStep, type Journey, type StepEnd} from './journey.ts'
import {counted} from './lines.ts'
import {openItems, people} from './people.ts'
import {chosenPlace, type PlaceFlags} from './place.ts'
import type {Answers, Known} from './questions.ts'
import {forgetSaved} from './saved.ts'

/** What the command line gives a wizard. */
export type WizardOptions = Pick<Journey, 'asker' | 'look' | 'progress' | 'signal' | 'yes' | 'accept' | 'acts'> & {
  flags: PlaceFlags
  /** Parameters that flags gave. */
  given: Answers
  skip: readonly string[]
}

/** How a walk ended: with the state of all items, and `failed` when an apply did and nobody could be asked; or the person left before. */
export type WizardEnd = {report: Report; failed: boolean} | 'left'

const done = z.object({done: z.string()})

/** Asks and writes qlogic.yaml; walks the ten steps; finishes what has become possible on the way, and says what is left. */
export const runWizard = async (options: WizardOptions): Promise<WizardEnd> => {
  const {flags, asker, look, given} = options
  if (!asker.interactive && !options.yes)
    throw new QlogicError('CONFIRMATION_MISSING', 'The wizard writes, and nobody can be asked here: nothing was written.', {
      hint: 'give --yes, or see what is missing: qlogic plan',
      exit: EXIT.pending,
    })
  refuseWrongFlags(given)
  const cwd = process.cwd()
  const path = (await findConfig(cwd, flags.config)) ?? resolve(cwd, flags.config ?? configName)
  const root = flags.repo !== undefined ? resolve(cwd, flags.repo) : dirname(path)
  const where = await chosenPlace(root, {flags, asker})
  if (where === 'left') return 'left'
  const open = (env: string | undefined, project = flags.project): Promise<Run> =>
    runFromFlags(
      {...flags, env, project, sandbox: false},
      {signal: options.signal, listen: options.progress.listen, endpoint: where.endpoint},
    )

  const setting: Configuring = {...options, path, root, cwd, place: where.place, known: knownOf(root, options, open)}
  const env = await configured(setting)
  if (env === undefined) return 'left'

  const journey: Journey = {
    ...options,
    open: () => open(env),
    act: where.place === 'simulator' ? async (name) => act(await open(env), name) : undefined,
    attest: async (item, note) => {
      const {author} = await attest({path, item, env, note})
      asker.tell(block(`${item} is attested by ${author} in ${configName}.`, 2, look.columns))
    },
    give: async (name) => askedAndGiven(name, setting, env, answersOf((await open(env)).config)),
    visit: newVisit(),
  }
  const walked = await walkSteps(options.skip, journey)
  const end = walked === 'next' ? await finished(journey) : walked
  if (end === 'leave') return 'left'
  const report = typeof end === 'string' ? await reportOf(journey) : end
  if (report.summary.ready) await forgetSaved(root)
  return {report, failed: end === 'failed'}
}

/** All ten in their order; back and forth. */
const walkSteps = async (skip: readonly string[], journey: Journey): Promise<'next' | 'leave' | 'failed'> => {
  const {asker, visit} = journey
  const {steps} = (await journey.open()).checklist
  refuseUnknownSteps(
    skip,
    steps.map(({id}) => id),
  )
  let gone = false
  for (let place = 0; place < steps.length;) {
    const step = steps[place]
    if (step === undefined) break
    const end: StepEnd = skip.includes(step.id) ? 'skip' : await walkStep(step, steps.length, journey, gone)
    if (end === 'leave' || end === 'failed') return end
    if (end === 'skip') {
      visit.skipped.add(step.id)
      if (skip.includes(step.id)) asker.tell(`\nStep ${step.number} of ${steps.length}: ${step.title}\n  Put off (--skip ${step.id}).`)
    } else visit.skipped.delete(step.id)
    if (end === 'back' && place === 0) asker.tell(`  This is the first step. Answers can be changed in ${configName}.`)
    gone = end === 'back'
    place = gone ? Math.max(0, place - 1) : place + 1
  }
  return 'next'
}

const refuseUnknownSteps = (names: readonly string[], known: readonly string[]): void => {
  const name = names.find((one) => !known.includes(one))
  if (name === undefined) return
  throw new QlogicError('UNKNOWN_STEP', `--skip: ${JSON.stringify(name)} is no step.`, {
    hint: `did you mean ${closest(name, known) ?? known.join(', ')}?`,
  })
}

/**
 * What the steps left because something of a later step came first is applied until nothing is planned any more; what only a person can do
 * is offered once more.
 */
const finished = async (journey: Journey): Promise<Report | 'leave' | 'failed'> => {
  const {asker, look, visit} = journey
  asker.tell('\nTo the end: what has become possible on the way')
  for (let offered = false; ;) {
    const run = await journey.open()
    const all = (await run.select([])).filter(({part}) => part === 1)
    const words = all.filter(({step}) => !visit.skipped.has(step))
    const went = await applied(run, words, {command: 'qlogic wizard', skip: 'qlogic setup', introduce: () => undefined}, journey)
    if (went === 'leave' || went === 'failed') return went
    const report = await run.report(
      all,
      typeof went === 'string' ? await run.observe(all.map(({id}) => id)) : went.results,
      run.clock.now(),
    )
    if (typeof went === 'string') return report
    if (went.failed !== undefined) {
      asker.tell(block(`It went wrong at: ${printable(went.failed.change.title)}: ${messageOf(went.failed.error)}`, 2, look.columns))
      return 'failed'
    }
    const left = openItems(report).filter(({step, status}) => status === 'manual' && !visit.skipped.has(step))
    if (left.length === 0) return report
    if (asker.interactive && !offered) {
      offered = true
      const answer = await asker.ask({
        message: `${counted(left.length, 'thing waits', 'things wait')} for you. Go through ${left.length === 1 ? 'it' : 'them'} once more?`,
        flag: '',
        explain: 'Each is shown with what to do. What is left stays on the list, and the wizard comes back to it on its next run.',
        choices: [
          {value: 'yes', name: 'Yes, one after the other', flag: 'default'},
          {value: 'no', name: 'No, another time', flag: 'qlogic wizard'},
        ],
      })
      if (answer.kind === 'leave') return 'leave'
      if (answer.kind !== 'answer' || answer.value === 'no') return report
      visit.putOff.clear()
    }
    const next = await people(report, run, journey, {atTheEnd: true})
    if (next === 'leave') return 'leave'
    if (next !== 'again') return report
  }
}

const messageOf = (error: unknown): string => printable(error instanceof Error ? error.message : String(error))

const reportOf = async (journey: Journey): Promise<Report> => {
  const run = await journey.open()
  const words = (await run.select([])).filter(({part}) => part === 1)
  const startedAt = run.clock.now()
  return run.report(words, await run.observe(words.map(({id}) => id)), startedAt)
}

const act = async ({transport, config}: Run, name: string): Promise<string> => {
  const body = answersOf(config)
  return done.parse(await transport.request({method: 'sandbox.acts.perform', http: 'POST', path: `/v1/acts/${name}`, body})).done
}

/** The parameters that are texts, as answers. */
const answersOf = (config: Run['config']): Answers =>
  Object.fromEntries(Object.entries(config).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))

/** What is known before anybody is asked: read once, and nothing where it cannot be read. */
const knownOf = (
  root: string,
  {given, flags}: Pick<WizardOptions, 'given' | 'flags'>,
  open: (env: string | undefined, project: string | undefined) => Promise<Run>,
): ((answers: Answers) => Promise<Known>) => {
  const accounts = new Map<string, Promise<Known['billingAccounts']>>()
  const read = async (project: string, env: string | undefined): Promise<Known['billingAccounts']> => {
    try {
      const {transport} = await open(env, project)
      const found = await createCloud(transport, project).billing.openAccounts()
      return found.map(({name, displayName}) => ({id: name.replace('billingAccounts/', ''), name: printable(displayName ?? '')}))
    } catch {
      return []
    }
  }
  let remote: Promise<string | undefined> | undefined
  return async ({projectId, env}) => {
    const project = projectId ?? ''
    const found = project === '' || given.billingAccount !== undefined ? [] : (accounts.get(project) ?? read(project, env))
    if (found instanceof Promise) accounts.set(project, found)
    remote ??= remoteOf(root)
    return {billingAccounts: await found, githubRepo: await remote, sandbox: flags.sandbox === true}
  }
}

/** `owner/name` of the GitHub remote `origin`; undefined when there is none. */
const remoteOf = async (root: string): Promise<string | undefined> => {
  const {git} = await import('../repo/git.ts')
  const {exitCode, stdout} = await git(root, ['config', 'remote.origin.url']).catch(() => ({exitCode: 1, stdout: Buffer.alloc(0)}))
  const url = exitCode === 0 ? stdout.toString('utf8').trim() : ''
  return /github\.com[:/]([^/]+\/[^/]+?)(?:\.git)?$/.exec(url)?.[1]
}
