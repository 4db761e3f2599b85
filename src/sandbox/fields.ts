import type {Json, JsonObject} from './api.ts'
import {isObject} from './shapes.ts'

/** A parsed `fields` mask: a tree of names; an empty tree takes everything below. */
type Mask = Map<string, Mask>

const parse = (text: string): Mask | undefined => {
  let at = 0
  const list = (): Mask | undefined => {
    const mask: Mask = new Map()
    for (;;) {
      let into = mask
      for (;;) {
        const name = /^[^,/()]+/.exec(text.slice(at))?.[0]
        if (!name) return undefined
        at += name.length
        const below: Mask = into.get(name.trim()) ?? new Map<string, Mask>()
        into.set(name.trim(), below)
        into = below
        if (text[at] !== '/') break
        at += 1
      }
      if (text[at] === '(') {
        at += 1
        const inner = list()
        if (!inner || text[at] !== ')') return undefined
        at += 1
        for (const [name, below] of inner) into.set(name, below)
      }
      if (text[at] !== ',') return mask
      at += 1
    }
  }
  const mask = list()
  return at === text.length ? mask : undefined
}

const select = (value: Json, mask: Mask): Json => {
  if (mask.size === 0) return value
  if (Array.isArray(value)) return value.map((item) => select(item, mask))
  if (!isObject(value)) return value
  const kept: JsonObject = {}
  for (const [name, item] of Object.entries(value)) {
    const below = mask.get(name) ?? mask.get('*')
    if (below && item !== undefined) kept[name] = select(item, below)
  }
  return kept
}

/** Partial response: `fields=services/name,nextPageToken` or `items(id,name)`. Undefined when the mask cannot be read. */
export const partialResponse = (reply: JsonObject, fields: string): JsonObject | undefined => {
  const mask = parse(fields)
  if (!mask) return undefined
  const kept = select(reply, mask)
  return isObject(kept) ? kept : undefined
}
