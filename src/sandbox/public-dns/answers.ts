import {ApiError} from '../api.ts'
import type {JsonObject, Request, World} from '../api.ts'
import {rememberedSet} from './records.ts'
import {resolve, typeNumbers} from './resolve.ts'
import type {Resolution} from './resolve.ts'

/** What is asked: name without the final dot, and the type by name and number. */
export type Question = {name: string; type: string; number: number}

const nameForm = /^(?:[a-z0-9_*](?:[-a-z0-9_]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[-a-z0-9_]{0,61}[a-z0-9_])?\.?$/i

/** Reads `name` and `type` (A by default, by name or number) of a query. */
export const questionOf = ({query}: Request): Question => {
  const name = query.get('name') ?? ''
  if (!nameForm.test(name)) throw new ApiError(400, 'INVALID_ARGUMENT', 'invalid', `Invalid name: ${name}`)
  const asked = query.get('type') ?? 'A'
  const [type, number] = Object.entries(typeNumbers).find(([known, code]) => known === asked.toUpperCase() || String(code) === asked) ?? []
  if (type === undefined || number === undefined) throw new ApiError(400, 'INVALID_ARGUMENT', 'invalid', `Invalid type: ${asked}`)
  return {name: name.replace(/\.$/, ''), type, number}
}

/** The JSON of a resolver for a question: what it remembers, else what it finds out. `dotted` names end in a dot, `write` is how record data is shown. */
export const answerTo = (
  world: World,
  {name, type, number}: Question,
  {resolver, dotted, write}: {resolver: string; dotted: boolean; write: (type: string, data: string) => string},
): JsonObject => {
  const own = rememberedSet(world, resolver, name, type)
  const {status, answer}: Resolution = own === undefined ? resolve(world, name, type) : {status: 0, answer: [own]}
  const shown = (full: string) => (dotted ? full : full.replace(/\.$/, ''))
  const rows = answer.flatMap((set) =>
    set.data.map((data) => ({name: shown(set.name), type: typeNumbers[set.type] ?? 0, TTL: set.ttl, data: write(set.type, data)})),
  )
  return {
    Status: status,
    TC: false,
    RD: true,
    RA: true,
    AD: false,
    CD: false,
    Question: [{name: shown(`${name}.`), type: number}],
    ...(rows.length > 0 ? {Answer: rows} : {}),
  }
}
