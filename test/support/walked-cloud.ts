import {existsSync} from 'node:fs'
import {copyFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {afterwards} from './afterwards.ts'
import type {PlannedChange} from '../../src/engine/change.ts'
import {planChanges} from '../../src/engine/plan.ts'
import {openRun, type Run} from '../../src/run-context.ts'
import {setUp, type SetupOutcome} from '../../src/setup.ts'
import {useOwnDocker} from './programs.ts'
import {makeFolder, projectId, removeFolder, writeConfig} from './folder.ts'
import {writeDemoRepository} from '../../src/demo-repository.ts'
import {editPolicy, openSimulator, serve, withMember, type Cloud} from './simulator.ts'

const stages = [
  'nothing',
  'project',
  'network',
  'state',
  'registry',
  'database',
  'secrets',
  'compute',
  'dns',
  'monitoring',
  'cicd',
  'everything',
] as const

/** How far a project was set up before the bad state was made. */
export type Base = (typeof stages)[number]

/** Parameters of qlogic.yaml, beside or instead of those of the walk. */
export type ChosenParameters = Readonly<Record<string, unknown>>

/** A walked cloud: a simulator, and a folder whose configuration names its project. */
export type Walked = {cloud: Cloud; folder: string; open: () => Promise<Run>}

const parameters = {
  terraformSaProfile: 'least-privilege',
  billingAccount: '01A2B3-C4D5E6-F70819',
  domain: 'qlogic.acme.example',
  notificationEmail: 'ops@acme.example',
  githubRepo: 'acme/q-logic',
}
const never = new AbortController().signal

const opener = (cloud: Cloud, folder: string, env?: string) => (): Promise<Run> =>
  openRun({cwd: folder, env, sandbox: false, endpoint: cloud.url, insecureEndpoint: false, signal: never})

/** Applies all that the named steps or items plan, what is asked for one by one included. */
export const applyAll = async (run: Run, names: readonly string[]): Promise<void> => {
  await setUpAs(run, names, () => true)
}

/** As `qlogic setup --yes`, with `accepts` for what is asked for by itself. @throws Error for what failed or was not seen afterwards */
export const setUpAs = async (run: Run, names: readonly string[], accepts: (change: PlannedChange) => boolean): Promise<SetupOutcome> => {
  const outcome = await setUp({
    run,
    words: (await run.select(names)).filter(({part}) => part === 1),
    command: 'qlogic setup',
    dryRun: false,
    signal: never,
    dialogue: {
      listen: () => undefined,
      show: () => Promise.resolve(),
      confirm: () => Promise.resolve(true),
      consent: (change) => Promise.resolve(accepts(change)),
      remark: () => undefined,
    },
  })
  if (outcome.failed !== undefined) throw outcome.failed.error
  if (outcome.notObserved.length > 0) throw new Error(`not observed: ${outcome.notObserved.map(({id}) => id).join(', ')}`)
  return outcome
}

/** One item as it is now, and what would be planned for it. */
export const look = async (run: Run, id: string): Promise<{status: string; code: string; planned: string[]}> => {
  const results = await run.observe([id])
  const result = results.find((one) => one.id === id)
  if (result === undefined) throw new Error(`${id} was not judged`)
  const {status, code} = result.finding
  return {status, code, planned: planChanges(run.checklist.items, [id], results).map((change) => change.id)}
}

/** What is left to people: a second owner, no default network. */
const completeByHand = async ({call}: Cloud, cloud: Cloud): Promise<void> => {
  await editPolicy(cloud, 'project', projectId, withMember('roles/owner', 'user:jane@example.com'))
  const compute = `/compute/compute/v1/projects/${projectId}/global`
  for (const rule of ['allow-icmp', 'allow-internal', 'allow-rdp', 'allow-ssh'])
    await call('DELETE', `${compute}/firewalls/default-${rule}`)
  await call('DELETE', `${compute}/networks/default`)
}

/** What only a person can do, after the step that asks for it; the step is then set up again. */
const byHand: Partial<Record<Base, (cloud: Cloud) => Promise<unknown>>> = {
  registry: ({call}) => call('POST', '/sandbox/v1/acts/push-images', {projectId, region: 'us-central1', repository: 'qlogic'}),
  cicd: ({call}) => call('POST', '/sandbox/v1/acts/require-reviewers', {githubRepo: parameters.githubRepo}),
  dns: ({call}) => call('POST', '/sandbox/v1/acts/point-domain', {projectId, env: 'prod', domain: parameters.domain}),
}

/** The time, so many days back. */
export const daysAgo = (days: number) => (): Date => new Date(Date.now() - days * 86_400_000)

const newFolder = async (more: ChosenParameters = {}): Promise<string> => {
  const folder = await makeFolder()
  await writeConfig(folder, {...parameters, ...more})
  await writeFile(join(folder, '.gitignore'), 'tf-key.json\n*-key.json\n')
  await writeDemoRepository(folder)
  return folder
}

/**
 * Walks the steps in order, 200 days ago, no further than a test asks for, keeping the simulated cloud as it stands after each:
 * `database` is the cloud after that step and all before it.
 */
export const walkOnce = (folder: string): ((base: Base) => Promise<string>) => {
  const stateFile = join(folder, 'walk.json')
  useOwnDocker(folder)
  const kept = new Map<Base, Promise<string>>()
  const config = newFolder()
  afterwards(async () => removeFolder(await config))

  const walk = async (base: Base): Promise<string> => {
    const state = join(folder, `${base}.json`)
    const stage = stages.indexOf(base)
    const before = stages[stage - 1]
    if (before === undefined) return state
    await stateOf(before)
    const cloud = await serve({stateFile, operationTimeMs: 0, now: daysAgo(200)})
    // What an earlier step had to leave (the services can be closed to the world only behind a load balancer) is done in the end.
    const settle = async () => applyAll(await opener(cloud, await config)(), base === 'everything' ? [] : [base])
    if (base === 'everything') await completeByHand(cloud, cloud)
    await settle()
    const act = byHand[base]
    if (act !== undefined) {
      await act(cloud)
      await settle()
    }
    await cloud.close()
    await copyFile(stateFile, state)
    return state
  }
  const stateOf = (base: Base): Promise<string> => {
    const found = kept.get(base) ?? walk(base)
    kept.set(base, found)
    return found
  }
  return stateOf
}

/** A copy of a kept cloud, with a folder of its own; `now` is the simulator's clock, `env` the environment where it is not prod. */
export const openWalked = async (state: string, now: () => Date, more: ChosenParameters = {}, env?: string): Promise<Walked> => {
  const folder = await newFolder(more)
  afterwards(() => removeFolder(folder))
  const stateFile = join(folder, 'cloud.json')
  if (existsSync(state)) await copyFile(state, stateFile)
  const cloud = await openSimulator({stateFile, operationTimeMs: 0, now})
  return {cloud, folder, open: opener(cloud, folder, env)}
}
