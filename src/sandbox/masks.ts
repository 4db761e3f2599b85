import type {JsonObject} from './api.ts'
import {isObject} from './shapes.ts'

const camel = (name: string) => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())

/** The paths of an update mask in camelCase (`display_name,spec.rules` → `displayName`, `spec.rules`); empty when there is none. */
export const maskPaths = (mask: unknown): string[] =>
  typeof mask === 'string'
    ? mask
        .split(',')
        .map((path) => camel(path.trim()))
        .filter((path) => path !== '')
    : []

const copy = (target: JsonObject, source: JsonObject, path: string[]): void => {
  const [name = '', ...below] = path
  if (below.length === 0) {
    if (source[name] === undefined || source[name] === null) Reflect.deleteProperty(target, name)
    else target[name] = source[name]
    return
  }
  const from = source[name]
  const into = target[name]
  const next = isObject(into) ? into : {}
  copy(next, isObject(from) ? from : {}, below)
  target[name] = next
}

/** The stored object with the masked paths of the patch put in; a path that the patch lacks is cleared, as a field mask says. */
export const applyMask = (stored: JsonObject, patch: JsonObject, paths: string[]): JsonObject => {
  const target = structuredClone(stored)
  for (const path of paths) copy(target, patch, path.split('.'))
  return target
}
