import {dynamic, elementsOf, fieldOf, known, list, object, plainOf, same, textOf, withRefs, type Place, type Value} from './values.ts'
import {first, textFunctions, type Apply} from './text-functions.ts'

const elements =
  (change: (place: Place, items: Value[], open: boolean, rest: readonly Value[]) => Value | undefined): Apply =>
  (place, args) => {
    const [first, ...rest] = args
    if (first === undefined) return undefined
    if (first.is === 'list') return change(place, first.items, first.open === true, rest)
    const found = elementsOf(first)
    return found === undefined
      ? undefined
      : change(
          place,
          found.map(({value}) => value),
          false,
          rest,
        )
  }

const maxRows = 1000

const isNull = (value: Value): boolean => value.is === 'known' && value.value === null
const isEmpty = (value: Value): boolean => value.is === 'known' && (value.value === null || value.value === '')

const distinct = (items: readonly Value[]): Value[] => {
  const seen = new Set<string>()
  return items.filter((item) => {
    const plain = plainOf(item)
    if (plain === undefined) return true
    const key = JSON.stringify(plain.plain)
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}

const merge: Apply = (place, args) => {
  const fields = new Map<string, Value>()
  let open = false
  for (const arg of args) {
    if (arg.is === 'object') {
      open ||= arg.open === true
      for (const [name, value] of Object.entries(arg.fields)) fields.set(name, value)
    } else if (!isNull(arg)) open = true
  }
  return object(place, fields, open)
}

const flatten = (items: readonly Value[], depth = 0): {items: Value[]; open: boolean} => {
  let open = false
  const made = items.flatMap((item) => {
    if (item.is === 'dynamic') open = true
    if (item.is !== 'list' || depth > 20) return [item]
    const inner = flatten(item.items, depth + 1)
    open ||= inner.open || item.open === true
    return inner.items
  })
  return {items: made, open}
}

const lookup: Apply = (_place, [map, key, fallback]) => {
  const name = key === undefined ? undefined : textOf(key)
  if (map === undefined || name === undefined) return undefined
  const found = fieldOf(map, name)
  if (found !== undefined) return found
  return map.is === 'object' && map.open !== true ? fallback : undefined
}

/** https://developer.hashicorp.com/terraform/language/functions. Those that are not here, or cannot be applied, give a value not known. */
const functions: Readonly<Record<string, Apply>> = {
  ...textFunctions,
  lookup,
  merge,
  tolist: first,
  tomap: first,
  toset: elements((place, items, open) => list(place, distinct(items), open)),
  distinct: elements((place, items, open) => list(place, distinct(items), open)),
  sort: elements((place, items, open) =>
    list(
      place,
      items.toSorted((a, b) => ((textOf(a) ?? '') < (textOf(b) ?? '') ? -1 : 1)),
      open,
    ),
  ),
  reverse: elements((place, items, open) => list(place, items.toReversed(), open)),
  compact: elements((place, items, open) =>
    list(
      place,
      items.filter((item) => !isEmpty(item)),
      open || items.some(({is}) => is === 'dynamic'),
    ),
  ),
  flatten: elements((place, items, open) => {
    const flat = flatten(items)
    return list(place, flat.items, open || flat.open)
  }),
  concat: (place, args) =>
    list(
      place,
      args.flatMap((arg) => (arg.is === 'list' ? arg.items : [])),
      args.some((arg) => arg.is !== 'list' || arg.open === true),
    ),
  setunion: (place, args) =>
    list(
      place,
      distinct(args.flatMap((arg) => (arg.is === 'list' ? arg.items : []))),
      args.some((arg) => arg.is !== 'list' || arg.open === true),
    ),
  element: elements((_place, items, open, [index]) => {
    const at = index === undefined ? undefined : textOf(index)
    return open || at === undefined || items.length === 0 ? undefined : items[Number(at) % items.length]
  }),
  one: elements((place, items, open) => (open || items.length > 1 ? undefined : (items[0] ?? known(place, null)))),
  contains: elements((place, items, open, [wanted]) => {
    const answers = wanted === undefined ? [undefined] : items.map((item) => same(item, wanted))
    if (answers.includes(true)) return known(place, true)
    return open || answers.includes(undefined) ? undefined : known(place, false)
  }),
  length: (place, [value]) => {
    if (value?.is === 'known') return typeof value.value === 'string' ? known(place, value.value.length) : undefined
    const found = value === undefined ? undefined : elementsOf(value)
    return found === undefined ? undefined : known(place, found.length)
  },
  setproduct: (place, args) => {
    let rows: Value[][] = [[]]
    for (const arg of args) {
      const items = elementsOf(arg)
      if (items === undefined || items.length * rows.length > maxRows) return undefined
      rows = rows.flatMap((row) => items.map(({value}) => [...row, value]))
    }
    return list(
      place,
      rows.map((row) => list(place, row)),
    )
  },
  keys: (place, [value]) => {
    const found = value?.is === 'object' ? elementsOf(value) : undefined
    return found === undefined
      ? undefined
      : list(
          place,
          found.map(({key}) => known(place, key)),
        )
  },
  values: (place, [value]) => {
    const found = value?.is === 'object' ? elementsOf(value) : undefined
    return found === undefined
      ? undefined
      : list(
          place,
          found.map((one) => one.value),
        )
  },
  zipmap: (place, [names, values]) => {
    if (names?.is !== 'list' || values?.is !== 'list' || names.open === true) return undefined
    const entries = names.items.flatMap((name, index): [string, Value][] => {
      const key = textOf(name)
      const value = values.items[index]
      return key === undefined || value === undefined ? [] : [[key, value]]
    })
    return entries.length < names.items.length ? undefined : object(place, entries)
  },
  range: (place, args) => {
    const numbers = args.map((arg) => Number(textOf(arg) ?? Number.NaN))
    if (numbers.some((one) => Number.isNaN(one)) || numbers.length === 0) return undefined
    const [from, to] = numbers.length === 1 ? [0, numbers[0] ?? 0] : [numbers[0] ?? 0, numbers[1] ?? 0]
    if (numbers.length > 2 || to - from > 200) return undefined
    return list(
      place,
      Array.from({length: Math.max(0, to - from)}, (_, index) => known(place, from + index)),
    )
  },
  coalesce: (_place, args) => {
    for (const arg of args) {
      if (arg.is === 'dynamic') return undefined
      if (!isEmpty(arg)) return arg
    }
    return undefined
  },
  coalescelist: (_place, args) => {
    const found = args.find((arg) => arg.is !== 'list' || arg.open === true || arg.items.length > 0)
    return found?.is === 'list' ? found : undefined
  },
  jsonencode: (place, [value]) => {
    const plain = value === undefined ? undefined : plainOf(value)
    return plain === undefined ? undefined : known(place, JSON.stringify(plain.plain))
  },
  sensitive: first,
  nonsensitive: first,
  ephemeralasnull: (place) => known(place, null),
}

/** What a call comes to; a value not known keeps where its arguments came from. */
export const call = (place: Place, name: string, args: readonly Value[]): Value => {
  const apply = Object.hasOwn(functions, name) ? functions[name] : undefined
  const made = apply?.(place, args)
  const refs = args.map((arg) => arg.refs)
  if (made !== undefined) return withRefs(made, ...refs)
  const open = args.find((arg) => arg.is === 'dynamic')
  return withRefs(dynamic(place, open?.is === 'dynamic' ? open.why : `${name}() is only known when Terraform runs`), ...refs)
}
