import {createHash} from 'node:crypto'
import type {Json} from '../engine/json.ts'

/**
 * One spelling for each JSON value: keys sorted, no space, nothing but ASCII. Two texts of the same value are the same bytes,
 * so that any other byte is a change.
 */
export function canonical(value: Json | undefined): string {
  if (isList(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).filter(([, entry]) => entry !== undefined)
    fields.sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0))
    return `{${fields.map(([key, entry]) => `${ascii(key)}:${canonical(entry)}`).join(',')}}`
  }
  return typeof value === 'string' ? ascii(value) : JSON.stringify(value ?? null)
}

/** SHA-256 of a text, in hexadecimal. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

const ascii = (text: string): string =>
  JSON.stringify(text).replaceAll(/[\u007f-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value)
