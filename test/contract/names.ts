import type {Json, JsonObject} from '../../src/sandbox/api.ts'
import {isObject} from '../../src/sandbox/shapes.ts'
import type {Exchange} from './recording.ts'

/** The project that the recordings call `${projectId}`. */
export const recordedProject = 'recorded-project'

const fixed: Record<string, string> = {
  projectId: recordedProject,
  uniqueId: 'abcdef12345',
  organizationID: '100000000001',
  billingAccountID: '01A2B3-C4D5E6-F70819',
}

const kebab = (name: string) => name.replace(/ID$/, '').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** Networks and subnetworks that a recording reads before it makes one are those that Google makes by itself: `default`. */
const presupposed = (exchanges: Exchange[]): Record<string, string> => {
  const names: Record<string, string> = {}
  for (const [name, collection] of [
    ['networkID', 'networks'],
    ['subnetworkID', 'subnetworks'],
  ] as const) {
    const first = exchanges.find(({target}) => new RegExp(`/${collection}(/\\$|\\?|$)`).test(target))
    if (first?.method === 'GET' && first.status === 200) names[name] = 'default'
  }
  return names
}

/** Turns the placeholders of one recording into names that the simulator knows. */
export type Names = {
  fill: (text: string) => string
  fillBody: (body: Json, etags: JsonObject) => Json
  set: (placeholder: string, value: string) => void
}

const guards = ['etag', 'fingerprint', 'labelFingerprint', 'settingsVersion']

/** The names of one recording. `set` gives those that the simulator itself chooses, such as the project's number. */
export const namesOf = (exchanges: Exchange[]): Names => {
  const known = new Map(Object.entries({...fixed, ...presupposed(exchanges)}))
  const fill = (text: string): string => text.replace(/\$\{([^}]*)\}/g, (_, name: string) => known.get(name) ?? `recorded-${kebab(name)}`)
  const fillBody = (body: Json, etags: JsonObject): Json => {
    if (typeof body === 'string') return fill(body)
    if (Array.isArray(body)) return body.map((item) => fillBody(item, etags))
    if (!isObject(body)) return body
    const entries = Object.entries(body).map(([key, value = null]): [string, Json] => [
      key,
      guards.includes(key) && etags[key] !== undefined ? etags[key] : fillBody(value, etags),
    ])
    return Object.fromEntries(entries)
  }
  return {fill, fillBody, set: (placeholder, value) => known.set(placeholder, value)}
}
