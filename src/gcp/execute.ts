import type {Receipt} from '../engine/apply.ts'
import type {Clock} from '../engine/clock.ts'
import type {Request} from '../engine/change.ts'
import type {Json, JsonObject} from '../engine/json.ts'
import {recordDataAccess} from './audit-logs.ts'
import {withChannelNames} from './channel-names.ts'
import {clientsOf} from './clients.ts'
import {setDatabasePassword, type KeptValues} from './database-password.ts'
import {enableServices} from './enable-services.ts'
import {GcpError} from './gcp-error.ts'
import {grant} from './iam-policy.ts'
import {pathOf} from './methods.ts'
import {settle} from './recent.ts'
import {backoff} from './retry.ts'
import {resourceManager} from './resource-manager.ts'
import {addSecretVersion} from './secret-version.ts'
import {awaitRunning} from './sql-operations.ts'
import {methodOf, sendWrite, type Sender, type Watch, type Write} from './send-write.ts'
import type {Transport} from './transport.ts'

export {resumeOperation} from './operations.ts'

/** The requests that are Google's; files of the repository are written elsewhere. */
export type CloudRequest = Extract<Request, {kind: 'call' | 'grant' | 'secret-version' | 'database-password' | 'audit-logs'}>

export type Executor = (request: CloudRequest, watch: Watch) => Promise<Receipt>

/**
 * Sends planned writes, one at a time, and waits for each: for its operation, and for what Google still makes known (a new project, an
 * enabled API, a new service account). "Already exists" on a create is adopted: the receipt says so, and observing again tells whether it
 * is as wanted. `{projectNumber}` in parameters and bodies is filled in here, when the project exists.
 * @throws GcpError
 */
export const createExecutor = (transport: Transport, {projectId, clock}: {projectId: string; clock: Clock}): Executor => {
  const sender: Sender = {transport, projectId, clock}
  const kept: KeptValues = new Map()
  let number: string | undefined

  const projectNumber = async (): Promise<string> => {
    number ??= (await resourceManager({transport, clients: clientsOf(transport), projectId}).project())?.projectNumber
    if (number !== undefined) return number
    throw new GcpError({
      kind: 'not_found',
      method: 'cloudresourcemanager.projects.get',
      detail: `project ${projectId} does not exist or is not visible`,
    })
  }

  return async (request, watch) => {
    const filled = JSON.stringify(request).includes(token) ? fillRequest(request, await projectNumber()) : request
    const patience = {recent: transport.recent, clock, notify: watch.notify, signal: watch.signal}
    switch (filled.kind) {
      case 'call':
        return call(sender, {...filled, body: await withChannelNames(sender, filled.method, filled.body, watch.signal)}, watch)
      case 'grant':
        return settle(
          patience,
          () => ({write: true}),
          () => grant(sender, filled, watch.signal),
        )
      case 'secret-version':
        return settle(
          patience,
          () => ({write: true}),
          () => addSecretVersion(sender, filled, watch.signal, (version, payload) => kept.set(filled.secret, {version, payload})),
        )
      case 'audit-logs':
        return settle(
          patience,
          () => ({write: true}),
          () => recordDataAccess(sender, filled, watch.signal),
        )
      case 'database-password':
        return setDatabasePassword(sender, filled, kept, watch)
    }
  }
}

const call = async (sender: Sender, write: Write, watch: Watch): Promise<Receipt> => {
  const {transport, projectId, clock} = sender
  if (write.method === 'serviceusage.services.batchEnable') return enableServices(sender, write, watch)
  const method = methodOf(write.method)
  const patience = {recent: transport.recent, clock, notify: watch.notify, signal: watch.signal}
  const path = pathOf(write.method, method, {project: projectId, ...write.params})
  try {
    const receipt = await settle(
      patience,
      () => ({path, write: true}),
      () => sendWrite(sender, write, watch),
    )
    remember(sender, write)
    return receipt
  } catch (error) {
    if (!(error instanceof GcpError) || method.creates === undefined || !isThere(error)) throw error
    if (write.method === 'cloudresourcemanager.projects.create') await ownProject(sender, error, watch)
    if (write.method === 'sql.instances.insert') await awaitRunning(sender, method.creates(write.params, write.body), watch)
    return {sent: {method: write.method, params: write.params}, received: {adopted: true, detail: error.detail}}
  }
}

/**
 * 409 of a create, in the words of the several APIs; a database that exists is a 400 of PostgreSQL's own. A bucket name that a stranger
 * holds is a conflict, not ours to adopt.
 */
const isThere = (error: GcpError): boolean =>
  (error.kind === 'conflict' || (error.kind === 'invalid' && /^sql\.(databases|users)\./.test(error.method))) &&
  (/^(alreadyExists|ALREADY_EXISTS|RESOURCE_ALREADY_EXISTS)$/.test(error.reason ?? '') || /already (exists|own)/i.test(error.detail))

/** How long a project that an interrupted run has just begun may take to become visible. */
const visibleWithinMs = 40_000

/**
 * Project ids are global: one that exists but cannot be read is somebody else's, deleted for good, or still being made for an earlier run
 * that was interrupted. Only time tells the last one from the others.
 */
const ownProject = async ({transport, projectId, clock}: Sender, taken: GcpError, {notify, signal}: Watch): Promise<void> => {
  const since = clock.now()
  for (let n = 0; ; n++) {
    const read = resourceManager({transport, clients: clientsOf(transport), projectId}).project()
    if ((await read.catch(() => undefined)) !== undefined) return
    signal?.throwIfAborted()
    if (clock.now().getTime() - since.getTime() >= visibleWithinMs) break
    notify({what: `project ${projectId}: its id is taken, perhaps by an earlier run that is still making it`, since, usually: '10-40 s'})
    await clock.sleep(backoff(n, 500, 8000), signal)
  }
  throw taken.but({detail: `the project id ${projectId} is taken by a project that you cannot see; choose another id`})
}

/** What Google will take a while to make known everywhere. */
const remember = ({transport, projectId}: Sender, write: Write): void => {
  const {recent} = transport
  if (write.method === 'cloudresourcemanager.projects.create') return recent.projectCreated()
  if (write.method === 'cloudbilling.projects.updateBillingInfo') return recent.billingLinked()
  const name = methodOf(write.method).creates?.(write.params, write.body)
  if (name === undefined || name === '') return
  if (write.method === 'iam.projects.serviceAccounts.create') recent.serviceAccountCreated(`${name}@${projectId}.iam.gserviceaccount.com`)
  else recent.created(collectionOf(pathOf(write.method, methodOf(write.method), {project: projectId, ...write.params})), name)
}

/** `/v1/projects/p/secrets` → `secrets`: what a new thing is listed under. */
const collectionOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

const token = '{projectNumber}'

const fillText = (text: string, number: string) => text.replaceAll(token, number)

const fillJson = (value: Json, number: string): Json => {
  if (typeof value === 'string') return fillText(value, number)
  if (value === null || typeof value !== 'object') return value
  return isList(value) ? value.map((item) => fillJson(item, number)) : fillObject(value, number)
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value)

const fillObject = (object: JsonObject, number: string): JsonObject =>
  Object.fromEntries(Object.entries(object).map(([name, item]) => [name, item === undefined ? undefined : fillJson(item, number)]))

const fillRequest = (request: CloudRequest, number: string): CloudRequest => {
  switch (request.kind) {
    case 'call': {
      const params = Object.fromEntries(Object.entries(request.params).map(([name, value]) => [name, fillText(value, number)]))
      return {...request, params, body: fillObject(request.body, number)}
    }
    case 'grant': {
      const fill = ({role, member}: {role: string; member: string}) => ({role, member: fillText(member, number)})
      return {...request, add: request.add.map(fill), remove: request.remove.map(fill)}
    }
    case 'secret-version':
    case 'database-password':
    case 'audit-logs':
      return request
  }
}
