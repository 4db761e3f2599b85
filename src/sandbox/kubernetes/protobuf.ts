import type {JsonObject} from '../api.ts'
import {refuse} from './objects.ts'

export const protobuf = 'application/vnd.kubernetes.protobuf'

const notUnderstood = () =>
  refuse(415, 'UnsupportedMediaType', 'the body of the request was in an unknown format - accepted media types include: application/json')

const varint = (bytes: Uint8Array, from: number): {value: number; next: number} => {
  let [value, place, at] = [0, 1, from]
  for (;;) {
    const byte = bytes[at++]
    if (byte === undefined) throw notUnderstood()
    value += (byte & 0x7f) * place
    if (byte < 0x80) return {value, next: at}
    place *= 128
  }
}

/** The fields of a message that hold bytes (texts, messages), by their numbers; a number other than 0 is more than is read here. */
const fieldsOf = (bytes: Uint8Array): Map<number, Uint8Array[]> => {
  const fields = new Map<number, Uint8Array[]>()
  let at = 0
  while (at < bytes.length) {
    const tag = varint(bytes, at)
    const {value, next} = varint(bytes, tag.next)
    const [number, wire] = [Math.floor(tag.value / 8), tag.value % 8]
    if (wire !== 2 && (wire !== 0 || value !== 0)) throw notUnderstood()
    at = wire === 2 ? next + value : next
    if (at > bytes.length) throw notUnderstood()
    if (wire === 2) fields.set(number, [...(fields.get(number) ?? []), bytes.subarray(next, at)])
  }
  return fields
}

const textAt = (fields: Map<number, Uint8Array[]>, number: number): string => Buffer.from(fields.get(number)?.at(-1) ?? []).toString('utf8')
const within = (fields: Map<number, Uint8Array[]>, number: number) => fieldsOf(fields.get(number)?.at(-1) ?? new Uint8Array())

const given = (name: string, value: string): JsonObject => (value === '' ? {} : {[name]: value})
const pairs = (name: string, entries: readonly Uint8Array[] = []): JsonObject => {
  const map = Object.fromEntries(entries.map(fieldsOf).map((entry) => [textAt(entry, 1), textAt(entry, 2)]))
  return entries.length === 0 ? {} : {[name]: map}
}

const isEmpty = (bytes: Uint8Array): boolean => [...fieldsOf(bytes).values()].flat().every((inner) => inner.length === 0)
/** What is not read must not have been said: metadata.name, .namespace, .labels and .annotations are. */
const refuseMore = (fields: Map<number, Uint8Array[]>, known: readonly number[]): void => {
  for (const [number, values] of fields) if (!known.includes(number) && !values.every(isEmpty)) throw notUnderstood()
}

/**
 * An object as `kubectl create namespace` and `create serviceaccount` send it: kubectl speaks JSON only of what it reads from files. The
 * envelope and the numbers are those of k8s.io/apimachinery (runtime.Unknown, meta/v1 ObjectMeta). @throws ApiError 415 for anything more
 */
export const objectFromProtobuf = (bytes: Uint8Array): JsonObject => {
  if (Buffer.from(bytes.subarray(0, 4)).toString('latin1') !== 'k8s\0') throw notUnderstood()
  const envelope = fieldsOf(bytes.subarray(4))
  const type = within(envelope, 1)
  const whole = within(envelope, 2)
  const metadata = within(whole, 1)
  refuseMore(whole, [1])
  refuseMore(metadata, [1, 3, 11, 12])
  return {
    apiVersion: textAt(type, 1),
    kind: textAt(type, 2),
    metadata: {
      ...given('name', textAt(metadata, 1)),
      ...given('namespace', textAt(metadata, 3)),
      ...pairs('labels', metadata.get(11)),
      ...pairs('annotations', metadata.get(12)),
    },
  }
}
