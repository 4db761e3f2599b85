import type {Cost, Request} from '../engine/change.ts'
import type {JsonObject} from '../engine/json.ts'

/** A word as a POSIX shell reads it: as it stands where that is safe, else in single quotes. */
export const quote = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)

/** A gcloud line; every value put into it is quoted. */
export const gcloud = (words: TemplateStringsArray, ...values: readonly (string | number)[]): string =>
  `gcloud ${words.map((text, place) => (place === 0 ? text : quote(String(values[place - 1])) + text)).join('')}`

/** One method of Google's API, by its discovery id. */
export const call = (method: string, params: Readonly<Record<string, string>>, body: JsonObject = {}): Request => ({
  kind: 'call',
  method,
  params,
  body,
})

export const free: Cost = {monthlyUsd: 0}
