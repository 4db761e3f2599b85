import type {JsonObject, World} from '../api.ts'
import {text} from '../json.ts'

const table = 'dns.rrsets'

const keyOf = (zone: JsonObject, name: string, type: string) => `${text(zone.id)}/${name}/${type}`

/** The record sets of a zone, by name and type. */
export const rowsOf = (world: World, zone: JsonObject): JsonObject[] =>
  world
    .table(table)
    .entries()
    .filter(([key]) => key.startsWith(`${text(zone.id)}/`))
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, row]) => row)

/** A record set of a zone. */
export const rowAt = (world: World, zone: JsonObject, name: string, type: string): JsonObject | undefined =>
  world.table(table).get(keyOf(zone, name, type))

/** Writes a record set of a zone, or removes it. */
export const writeRow = (world: World, zone: JsonObject, row: JsonObject, gone = false): void => {
  const key = keyOf(zone, text(row.name), text(row.type))
  if (gone) world.table(table).delete(key)
  else world.table(table).set(key, row)
}
