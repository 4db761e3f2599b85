import {randomBytes} from 'node:crypto'
import {z} from 'zod'
import type {Receipt} from '../engine/apply.ts'
import type {Clock} from '../engine/clock.ts'
import type {SecretValue} from '../engine/change.ts'
import {callClient, clientsOf} from './clients.ts'
import {GcpError, type GcpErrorKind} from './gcp-error.ts'
import {redactObject} from './redact.ts'
import {enumName, parseReply} from './replies.ts'
import {jittered} from './retry.ts'
import type {Transport} from './transport.ts'

/** A version as it is answered: its full name, and whether it can be read. */
export const version = z.object({name: z.string(), state: enumName})

/** The bytes of a value. The text of a generated one exists in memory only, until it is sent. */
export const bytesOf = (value: SecretValue): Buffer =>
  'text' in value
    ? Buffer.from(value.text, 'utf8')
    : Buffer.from(randomBytes(value.generate.bytes).toString(value.generate.encoding), 'ascii')

/** No reply, or one that does not tell whether the version was added. */
const ambiguous = new Set<GcpErrorKind>(['network', 'timeout', 'internal'])
const tries = 3

/** The same error without the value, should a refusal quote it (as it does for a field of a wrong type). */
export const scrubbed = (error: GcpError, payload: Buffer): GcpError => {
  const forms = [payload.toString('utf8'), payload.toString('base64'), payload.toString('base64url')].filter((form) => form.length > 3)
  if (!forms.some((form) => error.detail.includes(form.slice(0, 8)))) return error
  return error.but({detail: 'refused; the message is withheld because it quotes the value'})
}

type Sender = {transport: Transport; projectId: string; clock: Clock}

/**
 * Adds one version to a secret. The value is in the request alone: not in the receipt, nor in an error. `keep` is given the bytes of a value
 * that is to be kept until the run ends; they are the keeper's then.
 * @throws GcpError
 */
export const addSecretVersion = async (
  sender: Sender,
  {secret, value}: {secret: string; value: SecretValue},
  signal: AbortSignal | undefined,
  keep?: (version: string, payload: Buffer) => void,
): Promise<Receipt> => {
  const payload = bytesOf(value)
  try {
    const {receipt, version} = await addPayload(sender, {secret, payload}, signal)
    if ('generate' in value && value.generate.keep === true) keep?.(version, Buffer.from(payload))
    return receipt
  } finally {
    payload.fill(0)
  }
}

/**
 * Adds these bytes as a version. When the reply is lost, the versions are listed before anything is sent again, so that it is never added
 * twice.
 * @throws GcpError that does not quote the bytes
 */
export const addPayload = async (
  {transport, projectId, clock}: Sender,
  {secret, payload}: {secret: string; payload: Buffer},
  signal: AbortSignal | undefined,
): Promise<{receipt: Receipt; version: string}> => {
  const client = await clientsOf(transport).secretManager()
  const parent = `projects/${projectId}/secrets/${secret}`
  const sent = redactObject({
    method: 'secretmanager.projects.secrets.addVersion',
    params: {parent},
    body: {payload: {data: '', dataCrc32c: ''}},
  })

  const versions = async () => {
    const call = {method: 'secretmanager.projects.secrets.versions.list', permission: 'secretmanager.versions.list', read: true, signal}
    const {value} = await callClient(transport, call, (options) => client.listSecretVersions({parent}, options))
    return parseReply(z.array(version), value[0], call.method).map((found) => found.name)
  }

  const add = async () => {
    const {Crc32c} = await import('@aws-crypto/crc32c')
    const dataCrc32c = String(new Crc32c().update(payload).digest())
    const call = {method: 'secretmanager.projects.secrets.addVersion', permission: 'secretmanager.versions.add', read: false, signal}
    const {value} = await callClient(transport, call, (options) =>
      client.addSecretVersion({parent, payload: {data: payload, dataCrc32c}}, options),
    )
    return parseReply(version, value[0], call.method)
  }

  try {
    const before = new Set(await versions())
    for (let n = 0; ; n++) {
      try {
        const {name, state} = await add()
        return {version: name, receipt: {sent, received: {name, state}}}
      } catch (error) {
        signal?.throwIfAborted()
        if (!(error instanceof GcpError) || !ambiguous.has(error.kind) || n + 1 >= tries) throw error
        // A late request may still land: look after a pause, not at once.
        await clock.sleep(jittered(n, 2000, 10_000), signal)
        const found = (await versions()).find((name) => !before.has(name))
        if (found !== undefined) {
          const received = {name: found, state: 'ENABLED', note: 'the reply was lost; the new version was found by listing'}
          return {version: found, receipt: {sent, received}}
        }
      }
    }
  } catch (error) {
    throw error instanceof GcpError ? scrubbed(error, payload) : error
  }
}
