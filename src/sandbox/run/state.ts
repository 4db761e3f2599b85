import {isDeepStrictEqual} from 'node:util'
import {ApiError} from '../api.ts'
import type {JsonObject, World} from '../api.ts'
import {object, objects, pick, text} from '../json.ts'
import {addressesOf, completed, revisionSuffix} from './defaults.ts'
import {badRequest, operationTable, outcomeTable, revisionTable, serviceTable, settable, type ServiceName} from './names.ts'
import {failureOf, type Failure} from './readiness.ts'

const outcomeKey = (name: string, generation: string) => `${name}#${generation}`

type Outcome = {revision: string; failure: Failure | undefined}

const outcomeAt = (world: World, name: string, generation: number): Outcome | undefined => {
  const row = world.table(outcomeTable).get(outcomeKey(name, String(generation)))
  if (!row) return undefined
  const {reason, message} = object(row.failure)
  const failure = text(message) === '' ? undefined : {reason: text(reason), message: text(message)}
  return {revision: text(row.revision), failure}
}

/** Service, revision and conditions as they are now, from what was asked and from what has come of it so far. */
export type Standing = {ready: string | undefined; outcome: Outcome | undefined}

/** How far the newest generation of a service has come, and which revision serves. */
export const standing = (row: JsonObject, name: ServiceName, world: World): Standing => {
  const generation = Number(row.generation)
  let ready: string | undefined
  for (let past = generation; past > 0 && ready === undefined; past -= 1) {
    const outcome = outcomeAt(world, name.name, past)
    if (outcome && outcome.failure === undefined) ready = outcome.revision
  }
  return {ready, outcome: outcomeAt(world, name.name, generation)}
}

const condition = (type: string, at: string, outcome: Outcome | undefined): JsonObject => {
  const {failure} = outcome ?? {}
  if (failure)
    return {type, state: 'CONDITION_FAILED', message: failure.message, lastTransitionTime: at, severity: 'ERROR', reason: failure.reason}
  return {type, state: outcome ? 'CONDITION_SUCCEEDED' : 'CONDITION_RECONCILING', lastTransitionTime: at}
}

const latest = 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST'

/** A service as v2 shows it. */
export const serviceView = (stored: JsonObject, name: ServiceName, world: World): JsonObject => {
  const row = structuredClone(stored)
  Reflect.deleteProperty(row, 'operation')
  const {ready, outcome} = standing(row, name, world)
  const at = text(row.updateTime)
  const full = (revision: string | undefined) => (revision === undefined ? {} : `${name.name}/revisions/${revision}`)
  const {numbered, hashed} = addressesOf(name)
  const addresses: JsonObject = row.defaultUriDisabled === true ? {} : {uri: hashed, urls: [numbered, hashed]}
  const created = full(text(row.latestCreatedRevision))
  const served = full(ready)
  const statuses = objects(row.traffic).map((target): JsonObject => ({
    ...target,
    ...(target.type === latest && ready !== undefined && text(target.tag) !== '' ? {revision: ready} : {}),
    ...(text(target.tag) === '' || row.defaultUriDisabled === true
      ? {}
      : {uri: hashed.replace('https://', `https://${text(target.tag)}---`)}),
  }))
  const shown: JsonObject = {
    name: name.name,
    ...row,
    terminalCondition: condition('Ready', at, outcome),
    conditions: [condition('RoutesReady', at, outcome), condition('ConfigurationsReady', at, outcome)],
    ...(typeof served === 'string' ? {latestReadyRevision: served} : {}),
    ...(typeof created === 'string' ? {latestCreatedRevision: created} : {}),
    ...(ready === undefined ? {} : {trafficStatuses: statuses}),
    ...addresses,
    observedGeneration: row.generation,
    ...(outcome ? {} : {reconciling: true}),
  }
  return shown
}

const ofRevision = [
  'annotations',
  'containers',
  'executionEnvironment',
  'healthCheckDisabled',
  'labels',
  'maxInstanceRequestConcurrency',
  'scaling',
  'serviceAccount',
  'sessionAffinity',
  'timeout',
  'volumes',
  'vpcAccess',
]

/** A revision as v2 shows it. */
export const revisionView = (row: JsonObject, name: ServiceName, world: World): JsonObject => {
  const outcome = outcomeAt(world, name.name, Number(row.generation))
  const at = text(row.createTime)
  const kinds = ['Ready', 'Active', 'ContainerHealthy', 'ContainerReady', 'ResourcesAvailable']
  return {
    ...pick(row, ['name', 'uid', 'generation', 'createTime', 'updateTime', 'launchStage', 'service', 'etag', 'creator', 'logUri']),
    ...pick(object(row.template), ofRevision),
    conditions: kinds.map((type) => condition(type, at, outcome)),
    observedGeneration: '1',
    generation: '1',
    ...(outcome ? {} : {reconciling: true}),
  }
}

const newEtag = (world: World): string => `"${world.newEtag()}"`

/** Who turns off the check of callers must be allowed to set who may call. */
const checkOpening = (before: JsonObject | undefined, after: JsonObject, {project, name}: ServiceName, world: World): void => {
  if ((before?.invokerIamDisabled === true) === (after.invokerIamDisabled === true)) return
  if (world.may('run.services.setIamPolicy', `projects/${project}`)) return
  const message = `Permission 'run.services.setIamPolicy' denied on resource '${name}' (or resource may not exist).`
  throw new ApiError(403, 'PERMISSION_DENIED', 'forbidden', message)
}

const checkAccount = (row: JsonObject, {project}: ServiceName, world: World): void => {
  const email = text(object(row.template).serviceAccount)
  const owner = /@([^.]+)\.iam\.gserviceaccount\.com$/.exec(email)?.[1] ?? project
  const account = world.table('iam.serviceAccounts').get(email)
  const known = account !== undefined || !world.project(owner) || world.table('iam.agents').get(email) !== undefined
  if (known && world.may('iam.serviceAccounts.actAs', `projects/${owner}/serviceAccounts/${email}`)) return
  throw new ApiError(
    403,
    'PERMISSION_DENIED',
    'forbidden',
    `Permission 'iam.serviceaccounts.actAs' denied on service account ${email} (or it may not exist).`,
  )
}

const allowedValues = (world: World, constraint: string, {number}: ServiceName): string[] | undefined => {
  const rows = world.table('orgpolicy.policies')
  const policy =
    rows.get(`projects/${number}/policies/${constraint}`) ??
    rows.entries().find(([key]) => /^organizations\/\d+\/policies\//.test(key) && key.endsWith(`/${constraint}`))?.[1]
  const rules = objects(object(policy?.spec).rules)
  if (!policy || rules.some((rule) => rule.allowAll === true)) return undefined
  const values = rules.flatMap((rule) => {
    const list = object(rule.values).allowedValues
    return Array.isArray(list) ? list.map(text) : []
  })
  return rules.length === 0 ? undefined : values
}

/** The value of `run.allowedIngress` for each setting. */
const ingressNames: Readonly<Record<string, string>> = {
  INGRESS_TRAFFIC_ALL: 'all',
  INGRESS_TRAFFIC_INTERNAL_ONLY: 'internal',
  INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER: 'internal-and-cloud-load-balancing',
}

const checkOrganization = (row: JsonObject, name: ServiceName, world: World): void => {
  const ingress = allowedValues(world, 'run.allowedIngress', name)
  if (ingress !== undefined && !ingress.includes(ingressNames[text(row.ingress)] ?? ''))
    throw new ApiError(
      400,
      'FAILED_PRECONDITION',
      'failedPrecondition',
      `Constraint constraints/run.allowedIngress violated for ${name.parent}: the ingress of the service is not allowed.`,
    )
  if (row.invokerIamDisabled === true && world.enforced('run.managed.requireInvokerIam', name.project))
    throw new ApiError(
      400,
      'FAILED_PRECONDITION',
      'failedPrecondition',
      `Operation denied by org policy on resource '${name.name}': ["constraints/run.managed.requireInvokerIam"].`,
    )
}

/** True where domain restricted sharing keeps the public out of policies. */
export const publicRefused = (name: ServiceName, world: World): boolean =>
  allowedValues(world, 'iam.allowedPolicyMemberDomains', name) !== undefined

const revisionFor = (
  before: JsonObject | undefined,
  after: JsonObject,
  generation: number,
  name: ServiceName,
  force: boolean,
  world: World,
) => {
  const wanted = text(object(after.template).revision)
  // Who asked is no part of what runs.
  const plain = (row: JsonObject) =>
    Object.entries(object(row.template))
      .filter(([key]) => !['revision', 'client', 'clientVersion'].includes(key))
      .toSorted()
  const same = before !== undefined && !force && isDeepStrictEqual(plain(before), plain(after))
  if (same && (wanted === '' || wanted === text(before.latestCreatedRevision)))
    return {revision: text(before.latestCreatedRevision), made: false}
  if (wanted === '') return {revision: `${name.service}-${revisionSuffix(generation, world)}`, made: true}
  if (!wanted.startsWith(`${name.service}-`))
    throw badRequest(`template.revision: Revision name must be prefixed by the name of the enclosing service, ${name.service}-.`)
  if (world.table(revisionTable).get(`${name.name}/revisions/${wanted}`))
    throw new ApiError(409, 'ALREADY_EXISTS', 'alreadyExists', `Revision named '${wanted}' with different configuration already exists.`)
  return {revision: wanted, made: true}
}

const checkTargets = (row: JsonObject, revision: string, name: ServiceName, world: World): void => {
  for (const target of objects(row.traffic)) {
    const id = text(target.revision).split('/').at(-1) ?? ''
    if (
      target.type === 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION' &&
      id !== revision &&
      !world.table(revisionTable).get(`${name.name}/revisions/${id}`)
    )
      throw badRequest(
        `traffic: Revision '${id}' does not exist or is deleted. Update all traffic to route to currently available revisions.`,
      )
  }
}

/** What was started: the row as it is kept, and Google's operation. */
export type Saved = {row: JsonObject; operation: JsonObject}

/**
 * Keeps a new state of a service (`before`: the old one) and starts to roll it out: a new revision where the template is another one, and
 * an operation that ends with it ready, or failed with the service still there.
 */
export const saveService = (
  before: JsonObject | undefined,
  given: JsonObject,
  name: ServiceName,
  world: World,
  {validateOnly = false, force = false}: {validateOnly?: boolean; force?: boolean} = {},
): Saved => {
  const now = world.now().toISOString()
  const generation = Number(before?.generation ?? 0) + 1
  const after = completed(pick(given, settable), name)
  checkOrganization(after, name, world)
  checkAccount(after, name, world)
  checkOpening(before, after, name, world)
  const {revision, made} = revisionFor(before, after, generation, name, force, world)
  checkTargets(after, revision, name, world)
  const email = world.caller.replace(/^[^:]+:/, '')
  const row: JsonObject = {
    uid: before?.uid ?? world.uuid(),
    generation: String(generation),
    createTime: before?.createTime ?? now,
    updateTime: now,
    creator: before?.creator ?? email,
    lastModifier: email,
    ...after,
    latestCreatedRevision: revision,
    etag: newEtag(world),
    operation: world.uuid(),
  }
  const failure = failureOf(object(row.template), revision, name, world)
  const outcome: JsonObject = {revision, ...(failure === undefined ? {} : {failure})}
  if (validateOnly) return {row, operation: startOperation(name, world, {row, outcome, keep: false})}
  world.table(serviceTable).set(name.name, row)
  if (made) {
    const full = `${name.name}/revisions/${revision}`
    world.table(revisionTable).set(full, {
      name: full,
      uid: world.uuid(),
      generation: String(generation),
      createTime: now,
      updateTime: now,
      creator: email,
      launchStage: row.launchStage,
      service: name.service,
      etag: newEtag(world),
      logUri: `https://console.cloud.google.com/logs/viewer?project=${name.project}&resource=cloud_run_revision/service_name/${name.service}/revision_name/${revision}`,
      template: row.template,
    })
  }
  return {row, operation: startOperation(name, world, {row, outcome, keep: true})}
}

const typed = (view: JsonObject): JsonObject => ({'@type': 'type.googleapis.com/google.cloud.run.v2.Service', ...view})

type Rollout = {row: JsonObject; outcome: JsonObject; keep: boolean}

const startOperation = (name: ServiceName, world: World, {row, outcome, keep}: Rollout): JsonObject => {
  const key = outcomeKey(name.name, text(row.generation))
  const outcomes = world.table(outcomeTable)
  const before = serviceView(row, name, world)
  // The finished state is what the service will be once the outcome is known.
  outcomes.set(key, outcome)
  const after = serviceView(row, name, world)
  outcomes.delete(key)
  const message = text(object(outcome.failure).message)
  const tail: JsonObject = message === '' ? {response: typed(after)} : {error: {code: 9, message}}
  return begin(name, world, {
    id: text(row.operation),
    head: {metadata: typed(keep ? before : after)},
    tail: {...tail, metadata: typed(after)},
    writes: keep ? [{table: outcomeTable, key, value: outcome}] : [],
    ...(keep ? {} : {delay: 0}),
  })
}

type Begun = {
  id?: string
  head: JsonObject
  tail: JsonObject
  writes: {table: string; key: string; value: JsonObject | null}[]
  delay?: number
}

const begin = ({parent, service}: ServiceName, world: World, {id = world.uuid(), ...begun}: Begun): JsonObject => {
  const operation = `${parent}/operations/${id}`
  world.table(operationTable).set(operation, {service})
  return world.operations.start({kind: 'longrunning', api: 'run', name: operation, ...begun})
}

/** Takes a service with everything of it away. */
export const removeService = (row: JsonObject, name: ServiceName, world: World, validateOnly = false): JsonObject => {
  const now = world.now().toISOString()
  const view = typed({...serviceView(row, name, world), deleteTime: now})
  if (!validateOnly) {
    for (const table of [revisionTable, outcomeTable])
      for (const [key] of world.table(table).entries())
        if (key.startsWith(`${name.name}/`) || key.startsWith(`${name.name}#`)) world.table(table).delete(key)
    world.table(serviceTable).delete(name.name)
    world.policies.set(name.name, {})
  }
  return begin(name, world, {
    head: {metadata: view},
    tail: {response: view, metadata: view},
    writes: [],
    ...(validateOnly ? {delay: 0} : {}),
  })
}
