import {existsSync} from 'node:fs'
import {dirname, join, relative} from 'node:path'
import {loadChecklist, type Checklist, type ChecklistItem} from './checklist/checklist.ts'
import {loadItems} from './load-items.ts'
import type {Context, Sources} from './checks/define-item.ts'
import {selectItems} from './checklist/select.ts'
import {closest} from './config/closest.ts'
import type {Config} from './config/parameters.ts'
import type {ConfigFile} from './config/qlogic-yaml.ts'
import {QlogicError} from './errors.ts'
import type {Clock} from './engine/clock.ts'
import type {Listener, Waiting} from './engine/event.ts'
import {withNeeds} from './engine/graph.ts'
import {applyOverride, type AppliedOverride, type Override} from './engine/overrides.ts'
import type {ItemResult} from './engine/result.ts'
import {runItems, type EngineItem} from './engine/run.ts'
import {unknownReason} from './gcp/gcp-error.ts'
import {systemClock} from './gcp/retry.ts'
import {checkEndpoint, createTransport, type Transport} from './gcp/transport.ts'
import type {CallRecord} from './gcp/wire.ts'
import {hasBackend} from './repo/discover-backend.ts'
import {gitState, openRepo} from './repo/open-repo.ts'
import type {LeftOut} from './repo/files.ts'
import type {Repo} from './repo/repo.ts'
import {openRepositoryObserver} from './observe-repository.ts'
import {openSimulator} from './open-simulator.ts'
import {openSources} from './open-sources.ts'
import {placeOf} from './place-of-records.ts'
import {placeholders} from './placeholders.ts'
import {buildReport, type Identity, type Report} from './reporters/report.ts'
import {version} from './version.ts'

/** What a command line says about a run; the environment is read by the command, not here. */
export type RunOptions = {
  cwd: string
  config?: string | undefined
  env?: string | undefined
  project?: string | undefined
  repo?: string | undefined
  sandbox: boolean
  /** Email of the service account to act as, and of another one for writes. */
  impersonate?: string | undefined
  applyAs?: string | undefined
  /** QLOGIC_API_ENDPOINT. */
  endpoint?: string | undefined
  insecureEndpoint: boolean
  signal: AbortSignal
  listen?: Listener | undefined
  /** Told of every API call, with --verbose. */
  onCall?: ((line: string) => void) | undefined
  /** Where the simulator keeps its state, and how long its operations take; by default under the repository. */
  simulator?: {stateFile?: string; operationTimeMs?: number} | undefined
}

/** Everything that a run is made of, put together once. */
export type Run = {
  config: Config
  checklist: Checklist
  /** The folder that holds `.qlogic/`: the app repository. */
  root: string
  configFile: ConfigFile | undefined
  repo: Repo | undefined
  transport: Transport
  /** Through which writes go: the same, unless another account applies. */
  applying: Transport
  clock: Clock
  /** Values for placeholders in gcloud lines and links. */
  parameters: Readonly<Record<string, string>>
  identity: () => Promise<Identity>
  /** Who writes. */
  appliedBy: () => Promise<Identity>
  /** The words of the items that a run of these names judges; [] means all. */
  select: (names: readonly string[]) => Promise<readonly ChecklistItem[]>
  /** True for an item that the configuration alone excludes. */
  excluded: (id: string) => boolean
  /**
   * What stands above the project: the billing account that pays (as configured, as linked, or the one open account that is visible) and
   * the organization or folder; undefined what cannot be read. `visible`: the project is there and the caller sees it.
   */
  above: () => Promise<{billingAccount: string | undefined; parent: string | undefined; visible: boolean}>
  /** Reads and judges the items, and what they need, afresh. */
  observe: (ids: readonly string[], listen?: Listener) => Promise<ItemResult[]>
  override: (result: ItemResult) => AppliedOverride | undefined
  /** What of the app repository was passed over so far. */
  leftOut: () => Promise<readonly LeftOut[]>
  /** As the last round read it; undefined where the project could not be read. */
  projectNumber: () => Promise<string | undefined>
  /** Reads the project now; undefined when it is not there or not visible. @throws GcpError */
  readProject: () => Promise<string | undefined>
  /** The document for a set of results, in the order of the checklist. */
  report: (words: readonly ChecklistItem[], results: readonly ItemResult[], startedAt: Date) => Promise<Report>
}

/** Puts a run together; reads the configuration and nothing of the cloud yet. @throws QlogicError for what is wrong with the command line. */
export const openRun = async (options: RunOptions): Promise<Run> => {
  const {cwd, signal} = options
  const {config, configFile, root} = await placeOf(options, cwd)
  const checklist = loadChecklist()
  const endpoint = await endpointOf(options, root)
  const clock = systemClock
  const settings = {
    endpoint,
    timeoutMs: 30_000,
    retryForMs: 20_000,
    onCall:
      options.onCall === undefined
        ? undefined
        : ({http, url, status, ms}: CallRecord) => options.onCall?.(`${http} ${url} ${status} ${ms} ms`),
    onWaiting: (waiting: Waiting) => options.listen?.({type: 'waiting', waiting}),
  }
  const transport = createTransport({...settings, impersonate: options.impersonate})
  const applying =
    options.applyAs === undefined || options.applyAs === options.impersonate
      ? transport
      : createTransport({...settings, impersonate: options.applyAs, recent: transport.recent})
  // Without a configuration a folder is somebody's repository only when git says so.
  const repo = configFile !== undefined || options.repo !== undefined || isBelowGit(root) ? await openRepo(root) : undefined
  const repository = openRepositoryObserver(root)
  const items = new Map(await loadItems(checklist.items.filter(({part}) => part === 1)))
  const overrides = overridesOf(configFile, config.env, checklist)
  const identityOnce = once(() => transport.principal())
  const appliedByOnce = once(() => applying.principal())

  const override = (result: ItemResult): AppliedOverride | undefined => {
    const laid = overrides.get(result.id)
    return laid === undefined ? undefined : applyOverride(result, laid, clock.now())
  }
  const sourcesOfRound = () => openSources({transport, config, repo})
  let sources = sourcesOfRound()
  const observe: Run['observe'] = async (ids, listen = options.listen ?? (() => undefined)) => {
    // Each round reads afresh; within a round every resource is read once.
    sources = sourcesOfRound()
    const wanted = withNeeds(checklist.items, ids)
    // Only a run that judges the repository pays for loading the items of PART 2.
    for (const [id, item] of await loadItems(wanted.filter((words) => words.part === 2 && !items.has(words.id))))
      items.set(id, {...item, observe: (_sources, context) => repository.observe(id, context)})
    const engineItems: EngineItem<Sources, Context>[] = wanted.map((words) => ({
      id: words.id,
      needs: words.needs,
      after: words.after,
      item: items.get(words.id),
    }))
    return runItems(engineItems, {
      sources,
      context: {config, now: clock.now(), onlyAccount: await onlyAccount()},
      clock,
      listen,
      explain: unknownReason,
      satisfied: (result) => override(result)?.valid === true,
      signal,
    })
  }
  /** Read only for a plan from nothing, which is to name the account that will pay. */
  const onlyAccount = async (): Promise<string | undefined> => {
    if (config.billingAccount !== null) return undefined
    const {billing, resourceManager} = sources.cloud
    const absent = await resourceManager.project().then(
      (project) => project === undefined,
      () => false,
    )
    const [only, ...others] = absent ? await billing.openAccounts().catch(() => []) : []
    return others.length > 0 ? undefined : only?.name.replace('billingAccounts/', '')
  }
  const projectNumber = async () => (await sources.cloud.resourceManager.project().catch(() => undefined))?.projectNumber
  const parameters = placeholders(config)

  return {
    config,
    checklist,
    root,
    configFile,
    repo,
    transport,
    applying,
    clock,
    parameters,
    identity: identityOnce,
    appliedBy: appliedByOnce,
    observe,
    override,
    leftOut: repository.leftOut,
    projectNumber,
    readProject: async () => (await openSources({transport, config, repo}).cloud.resourceManager.project())?.projectNumber,
    excluded: (id) => items.get(id)?.excluded?.({config, now: clock.now()}) !== undefined,
    above: async () => {
      const {billing, resourceManager} = openSources({transport, config, repo}).cloud
      const pays = async () => {
        if (config.billingAccount !== null) return config.billingAccount
        const linked = (await billing.info().catch(() => undefined))?.billingAccountName ?? ''
        const [only, ...more] = linked === '' ? (await billing.openAccounts().catch(() => [])).map(({name}) => name) : [linked]
        return more.length > 0 ? undefined : only?.replace('billingAccounts/', '')
      }
      const [billingAccount, project] = await Promise.all([pays(), resourceManager.project().catch(() => undefined)])
      return {billingAccount, parent: project === undefined ? (config.parent ?? undefined) : project.parent, visible: project !== undefined}
    },
    select: async (names) => {
      const chosen = selectItems(checklist, names)
      const judged = await isAppRepository(configFile, options.repo, root)
      if (!judged && names.length > 0 && chosen.some((words) => words.part === 2)) {
        throw new QlogicError(
          'NO_REPOSITORY',
          `${relative(cwd, root) || root} holds no app repository, and a phase of PART 2 was asked for.`,
          {hint: '--repo DIR, or repo: in qlogic.yaml'},
        )
      }
      return judged ? chosen : chosen.filter((words) => words.part === 1)
    },
    report: async (words, results, startedAt) => {
      const byId = new Map(results.map((result) => [result.id, result]))
      const judged = await isAppRepository(configFile, options.repo, root)
      const git = judged ? await gitState(root) : undefined
      const number = await projectNumber()
      return buildReport({
        version,
        project: {id: config.projectId, number: number ?? ''},
        environment: config.env,
        repo: judged ? {path: relative(cwd, root) || '.', commit: git?.commit ?? '', dirty: git?.dirty ?? false} : null,
        identity: await identityOnce(),
        startedAt,
        finishedAt: clock.now(),
        apiCalls: transport.calls + (applying === transport ? 0 : applying.calls),
        items: withBlockers(checklist.items, words, byId).flatMap((word) => {
          const result = byId.get(word.id)
          return result === undefined ? [] : [{words: word, result, override: override(result)}]
        }),
        parameters: {...parameters, projectNumber: number ?? 'PROJECT_NUMBER'},
        commonCodes: checklist.codes,
      })
    },
  }
}

/** Where the Google clients are pointed: the embedded simulator, a given endpoint, or (undefined) Google. */
const endpointOf = async ({sandbox, endpoint, insecureEndpoint, simulator}: RunOptions, root: string): Promise<string | undefined> => {
  if (sandbox) return openSimulator(root, simulator)
  if (endpoint !== undefined && endpoint !== '') checkEndpoint(endpoint, insecureEndpoint)
  return endpoint === '' ? undefined : endpoint
}

const isBelowGit = (folder: string): boolean =>
  existsSync(join(folder, '.git')) || (dirname(folder) !== folder && isBelowGit(dirname(folder)))

const isAppRepository = async (file: ConfigFile | undefined, repoFlag: string | undefined, root: string): Promise<boolean> =>
  existsSync(root) &&
  (repoFlag !== undefined ||
    (await hasBackend(root)) ||
    (file?.repo !== undefined && file.repo !== (file.path === undefined ? undefined : dirname(file.path))))

/** The overrides that hold for the environment, by item. @throws QlogicError naming the place of one whose item does not exist. */
const overridesOf = (file: ConfigFile | undefined, env: string, checklist: Checklist): ReadonlyMap<string, Override> => {
  const ids = checklist.items.map(({id}) => id)
  const overrides = new Map<string, Override>()
  for (const {place, ...override} of file?.overrides ?? []) {
    if (!ids.includes(override.item)) {
      const near = closest(override.item, ids)
      throw new QlogicError('CONFIG_INVALID', `${place}: expected the id of an item, found ${override.item}`, {
        hint: near === undefined ? 'qlogic checklist lists them' : `did you mean ${near}?`,
      })
    }
    if (override.env === undefined || override.env === env) overrides.set(override.item, override)
  }
  return overrides
}

/** The items asked for, and whatever outside of them keeps one from being read: a blocked item counts through its cause. */
const withBlockers = (
  all: readonly ChecklistItem[],
  words: readonly ChecklistItem[],
  results: ReadonlyMap<string, ItemResult>,
): ChecklistItem[] => {
  const wanted = new Set(words.map(({id}) => id))
  for (const id of wanted) for (const blocker of results.get(id)?.blockedBy ?? []) wanted.add(blocker)
  return all.filter(({id}) => wanted.has(id))
}

const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined
  return () => (made ??= make())
}
