import {randomUUID} from 'node:crypto'

/**
 * Secret payloads live in this process only. A state file holds a random handle, nothing that comes from the value, so that no secret is
 * ever written to disk; after a restart the handle leads nowhere.
 */
const payloads = new Map<string, Uint8Array>()

/** Keeps a payload and answers its handle. */
export const keepPayload = (bytes: Uint8Array): string => {
  const handle = randomUUID()
  payloads.set(handle, bytes)
  return handle
}

/** The payload of a handle, if this process keeps it. */
export const payloadOf = (handle: string): Uint8Array | undefined => payloads.get(handle)

/** Forgets a payload, as destroying its version does. */
export const dropPayload = (handle: string): void => {
  payloads.delete(handle)
}
