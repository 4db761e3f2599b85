import {z} from 'zod'
import type {ExecuteHooks, Receipt} from '../engine/apply.ts'
import type {Clock} from '../engine/clock.ts'
import type {JsonObject} from '../engine/json.ts'
import {clientWrites} from './client-writes.ts'
import {callClient, clientsOf, type ClientCall} from './clients.ts'
import {GcpError} from './gcp-error.ts'
import {methods, pathOf, queryOf, type Method} from './methods.ts'
import {awaitOperation, operationIn, startedOperation} from './operations.ts'
import {redactObject} from './redact.ts'
import {parseReply} from './replies.ts'
import {jittered} from './retry.ts'
import type {Transport} from './transport.ts'
import type {Wire} from './wire.ts'

/** How a write is watched: `started` is awaited as soon as an operation exists, so that the journal holds it before it is waited for. */
export type Watch = ExecuteHooks

export type Sender = {transport: Transport; projectId: string; clock: Clock}

export type Write = {method: string; params: Readonly<Record<string, string>>; body: JsonObject}

/** The table's entry. @throws Error (a bug of the planner) for a method that qlogic cannot send. */
export const methodOf = (id: string): Method => {
  const method = methods[id]
  if (method === undefined) throw new Error(`${id} is not a write that qlogic can send`)
  return method
}

const tries = 5
/** How long another operation on the same instance may take: a backup of a large database, or maintenance. */
const busyForMs = 30 * 60_000
const json: z.ZodType<JsonObject> = z.record(z.string(), z.json())
const fresh = z.object({
  fingerprint: z.string().optional(),
  metageneration: z.string().optional(),
  settings: z.object({settingsVersion: z.string().optional()}).optional(),
})

/** Sends one write and waits for its operation. @throws GcpError */
export const sendWrite = async (sender: Sender, write: Write, watch: Watch): Promise<Receipt> => {
  const method = methodOf(write.method)
  const params = {project: sender.projectId, ...write.params}
  const {clock} = sender
  const since = clock.now()
  let [races, waits] = [0, 0]
  for (;;) {
    try {
      const current =
        method.precondition === undefined
          ? {params, body: write.body}
          : await withPrecondition(sender, method, {...write, params}, races > 0)
      const receipt = await once(sender, method, {...write, ...current}, watch)
      // What was there before is not this run's, and may hold what nobody should keep.
      return method.edit === undefined ? receipt : {...receipt, sent: redactObject({method: write.method, params, body: write.body})}
    } catch (error) {
      if (!(error instanceof GcpError)) throw error
      if (isBusy(error) && clock.now().getTime() - since.getTime() < busyForMs) {
        if (waits === 0) watch.notify({what: 'another operation on the instance to end', since, usually: '1-10 min'})
        await clock.sleep(jittered(waits++, 1000, 15_000), watch.signal)
      } else {
        if (races + 1 >= tries || !isRace(error, method)) throw error
        await clock.sleep(jittered(races++, 500, 10_000), watch.signal)
      }
    }
  }
}

/** Cloud SQL does one thing at a time on an instance, and refuses the next meanwhile. */
const isBusy = (error: GcpError): boolean => error.kind === 'conflict' && error.reason === 'operationInProgress'

/** Somebody else wrote in between, or is writing: worth reading again and trying again. */
const isRace = (error: GcpError, method: Method): boolean =>
  (error.status === 412 && method.precondition !== undefined) ||
  (error.kind === 'conflict' && /^(ABORTED|resourceInUse|conditionNotMet)$/.test(error.reason ?? ''))

const withPrecondition = async ({transport}: Sender, method: Method, write: Write, again: boolean): Promise<Omit<Write, 'method'>> => {
  const {params, body} = write
  if (!again && (params['ifMetagenerationMatch'] !== undefined || body['fingerprint'] !== undefined)) return {params, body}
  const id = write.method.replace(/\.\w+$/, '.get')
  const reply = await transport.request({method: id, http: 'GET', path: pathOf(write.method, method, params)})
  if (method.edit !== undefined) return {params, body: method.edit(parseReply(json, reply, id), body)}
  const read = parseReply(fresh, reply, id)
  if (method.precondition === 'settingsVersion') {
    const settings = json.parse(body['settings'])
    return {params, body: {...body, settings: {...settings, settingsVersion: read.settings?.settingsVersion}}}
  }
  if (method.precondition === 'fingerprint')
    return {params, body: {...body, ...(read.fingerprint === undefined ? {} : {fingerprint: read.fingerprint})}}
  return {params: {...params, ...(read.metageneration === undefined ? {} : {ifMetagenerationMatch: read.metageneration})}, body}
}

const once = async (sender: Sender, method: Method, write: Write, watch: Watch): Promise<Receipt> => {
  const {transport, projectId, clock} = sender
  const {body, reply} = await put(transport, method, write, watch.signal)
  const sent = redactObject({method: write.method, params: write.params, body})
  if (method.operation === undefined) return {sent, received: redactObject(reply)}
  const operation = operationIn(reply, {kind: method.operation, api: method.api, method: write.method, projectId})
  if (!operation.name.endsWith('DONE_OPERATION')) await watch.started(startedOperation(operation))
  const received = await awaitOperation(
    transport,
    operation,
    {clock, notify: watch.notify, signal: watch.signal, usually: method.usually},
    reply,
  )
  return {sent, received}
}

type Sent = {body: unknown; reply: unknown}

const put = async (transport: Transport, method: Method, write: Write, signal: AbortSignal | undefined): Promise<Sent> => {
  const {method: id, params, body} = write
  const {permission, repeatable, http, api} = method
  const client = clientWrites[id]
  if (client === undefined) {
    const query = queryOf(id, method, api === 'storage' && id.endsWith('insert') ? params : withoutProject(params))
    return {
      body,
      reply: await transport.request({
        method: id,
        api,
        http,
        path: pathOf(id, method, params),
        query,
        body,
        permission,
        repeatable,
        signal,
      }),
    }
  }
  const wire: Wire = {method: id, expect: body}
  const call: ClientCall = {method: id, permission, read: false, repeatable, expect: body, signal, wire}
  try {
    await callClient(transport, call, (options) => client({clients: clientsOf(transport), params, body, options}))
  } catch (error) {
    // The clients cannot decode some finished operations (an error with ErrorInfo in it); the reply itself is whole.
    if (!(error instanceof GcpError) || error.status !== undefined || wire.status !== 200 || wire.reply === undefined) throw error
  }
  return {body: wire.sent ?? body, reply: wire.reply ?? {}}
}

const withoutProject = (params: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(params).filter(([name]) => name !== 'project'))
