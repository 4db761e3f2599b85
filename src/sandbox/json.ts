import type {Json, JsonObject} from './api.ts'
import {isObject} from './shapes.ts'

/** The value when it is a string, else ''. */
export const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '')

/** The strings of a list; none when it is no list. */
export const texts = (value: Json | undefined): string[] => (Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [])

/** The value when it is an object, else an empty one. */
export const object = (value: Json | undefined): JsonObject => (isObject(value) ? value : {})

/** The objects of a list; none when it is no list. */
export const objects = (value: Json | undefined): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : [])

/** Those of the named fields that are there and not null: what a client may set. */
export const pick = (from: JsonObject, names: readonly string[]): JsonObject =>
  Object.fromEntries(names.flatMap((name) => (from[name] === undefined || from[name] === null ? [] : [[name, from[name]]])))

/** `key` with its value, or nothing when the list is empty: an empty collection is an absent key (shared semantics of all these APIs). */
export const unlessEmpty = (key: string, items: JsonObject[]): JsonObject => (items.length > 0 ? {[key]: items} : {})

/** Merges a patch as Google's JSON APIs do: objects field by field, null removes, lists and scalars replace. */
export const merge = (into: JsonObject, patch: JsonObject): JsonObject => {
  const merged: JsonObject = {...into}
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) Reflect.deleteProperty(merged, name)
    else if (isObject(value)) merged[name] = merge(object(merged[name]), value)
    else if (value !== undefined) merged[name] = value
  }
  return merged
}
