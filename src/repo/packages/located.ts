/** A value of a TOML or JSON file with the 1-based line on which it begins. */
export type Located =
  | {kind: 'table'; line: number; entries: Entry[]}
  | {kind: 'list'; line: number; items: Located[]}
  | {kind: 'string'; line: number; value: string}
  | {kind: 'number'; line: number; value: number}
  | {kind: 'boolean'; line: number; value: boolean}
  | {kind: 'other'; line: number}

/** A key with its value; `line` is that of the key. */
export type Entry = {key: string; line: number; value: Located}

/** What a text holds, or the first line that is not of its language and why. */
export type Parsed = {value: Located} | {line: number; why: string}

/** Deeper than anything that a person writes; what lies below is `other`. */
export const maxNesting = 60

/** The entry under a path of keys; of a key that is given twice the last one counts, as in JSON. */
export const entryAt = (value: Located | undefined, ...keys: readonly string[]): Entry | undefined => {
  let found: Entry | undefined
  let at = value
  for (const key of keys) {
    found = at?.kind === 'table' ? at.entries.findLast((entry) => entry.key === key) : undefined
    at = found?.value
  }
  return found
}

/** The value under a path of keys. */
export const valueAt = (value: Located | undefined, ...keys: readonly string[]): Located | undefined => entryAt(value, ...keys)?.value

/** The string under a path of keys. */
export const stringAt = (value: Located | undefined, ...keys: readonly string[]): string | undefined => {
  const found = valueAt(value, ...keys)
  return found?.kind === 'string' ? found.value : undefined
}

export const booleanAt = (value: Located | undefined, ...keys: readonly string[]): boolean | undefined => {
  const found = valueAt(value, ...keys)
  return found?.kind === 'boolean' ? found.value : undefined
}

/** The entries of a table under a path of keys; none where there is no table. */
export const entriesAt = (value: Located | undefined, ...keys: readonly string[]): readonly Entry[] => {
  const found = keys.length === 0 ? value : valueAt(value, ...keys)
  return found?.kind === 'table' ? found.entries : []
}

/** The items of a list under a path of keys; none where there is no list. */
export const itemsAt = (value: Located | undefined, ...keys: readonly string[]): readonly Located[] => {
  const found = keys.length === 0 ? value : valueAt(value, ...keys)
  return found?.kind === 'list' ? found.items : []
}

/** The strings of a list, each with its line; a single string is a list of one. */
export const stringsAt = (value: Located | undefined, ...keys: readonly string[]): {value: string; line: number}[] => {
  const found = keys.length === 0 ? value : valueAt(value, ...keys)
  const items = found?.kind === 'list' ? found.items : found === undefined ? [] : [found]
  return items.flatMap((item) => (item.kind === 'string' ? [{value: item.value, line: item.line}] : []))
}
