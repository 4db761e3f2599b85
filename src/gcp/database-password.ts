import type {Receipt} from '../engine/apply.ts'
import type {Request} from '../engine/change.ts'
import {callClient, clientsOf} from './clients.ts'
import {GcpError} from './gcp-error.ts'
import {pathOf} from './methods.ts'
import {settle} from './recent.ts'
import {ifFound} from './reads.ts'
import {parseReply, shortName} from './replies.ts'
import {secretManager} from './secret-manager.ts'
import {addPayload, bytesOf, scrubbed, version as versionReply} from './secret-version.ts'
import {methodOf, sendWrite, type Sender, type Watch, type Write} from './send-write.ts'

/** Values of secrets that this run has generated for a database user, with the version that holds each; in memory only. */
export type KeptValues = Map<string, {version: string; payload: Buffer}>

type DatabasePassword = Extract<Request, {kind: 'database-password'}>

/**
 * Gives a database user and the latest version of a secret the same generated value. The version is added first: an interruption leaves a
 * version that no user has, which the next run replaces, and never a user whose password nobody knows. The value is in the two requests
 * alone. At last the version is recorded on the secret, so that a later run sees whether user and secret still belong together.
 * @throws GcpError
 */
export const setDatabasePassword = async (sender: Sender, request: DatabasePassword, kept: KeptValues, watch: Watch): Promise<Receipt> => {
  const {secret, annotation} = request
  const {version, payload} = (await stillLatest(sender, secret, kept)) ?? (await newVersion(sender, request, watch))
  try {
    const receipt = await setPassword(sender, request, payload, watch)
    await recordVersion(sender, {secret, annotation, version: shortName(version)}, watch)
    return {sent: receipt.sent, received: {operation: receipt.received, secretVersion: shortName(version)}}
  } catch (error) {
    throw error instanceof GcpError ? scrubbed(error, payload) : error
  } finally {
    payload.fill(0)
    kept.delete(secret)
  }
}

/** What this run has kept, if nobody has added or disabled a version since. */
const stillLatest = async ({transport, projectId}: Sender, secret: string, kept: KeptValues) => {
  const held = kept.get(secret)
  if (held === undefined) return undefined
  const method = 'secretmanager.projects.secrets.versions.get'
  const client = await clientsOf(transport).secretManager()
  const call = {method, read: true, permission: 'secretmanager.versions.get'}
  const name = `projects/${projectId}/secrets/${secret}/versions/latest`
  const reply = await ifFound(callClient(transport, call, (options) => client.getSecretVersion({name}, options)))
  const latest = reply === undefined ? undefined : parseReply(versionReply, reply.value[0], method)
  return latest?.name === held.version && latest.state === 'ENABLED' ? held : undefined
}

const newVersion = async (sender: Sender, {secret, generate}: DatabasePassword, {signal}: Watch) => {
  const payload = bytesOf({generate})
  const {version} = await addPayload(sender, {secret, payload}, signal)
  return {version, payload}
}

const setPassword = async (sender: Sender, {instance, user, create}: DatabasePassword, payload: Buffer, watch: Watch): Promise<Receipt> => {
  const password = payload.toString('ascii')
  const update: Write = {method: 'sql.users.update', params: {instance, name: user}, body: {name: user, password}}
  if (!create) return send(sender, update, watch)
  try {
    return await send(sender, {method: 'sql.users.insert', params: {instance}, body: {name: user, password, type: 'BUILT_IN'}}, watch)
  } catch (error) {
    // Somebody else has made the user since it was looked for: with a password that is not the secret's.
    if (!(error instanceof GcpError) || !/already exists/i.test(error.detail)) throw error
    return send(sender, update, watch)
  }
}

/** Sends a write, and waits for what Google still makes known. */
const send = (sender: Sender, write: Write, watch: Watch): Promise<Receipt> => {
  const {transport, clock, projectId} = sender
  const path = pathOf(write.method, methodOf(write.method), {project: projectId, ...write.params})
  const patience = {recent: transport.recent, clock, notify: watch.notify, signal: watch.signal}
  return settle(
    patience,
    () => ({path, write: true}),
    () => sendWrite(sender, write, watch),
  )
}

type Record = {secret: string; annotation: string; version: string}

const recordVersion = async (sender: Sender, {secret, annotation, version}: Record, watch: Watch): Promise<void> => {
  const {transport, projectId} = sender
  const reads = {transport, clients: clientsOf(transport), projectId, projectNumber: () => Promise.resolve('')}
  const before = (await secretManager(reads).secret(secret))?.annotations ?? {}
  const name = `projects/${projectId}/secrets/${secret}`
  const body = {annotations: {...before, [annotation]: version}}
  await send(sender, {method: 'secretmanager.projects.secrets.patch', params: {name, updateMask: 'annotations'}, body}, watch)
}
