import type {Scalar} from './syntax.ts'

export type Place = {file: string; line: number}

/**
 * What an expression comes to, and where it stands. `refs`: addresses of the resources that it was taken from. A block inside a resource is
 * an object in a list under the block's name. `open`: there may be more in it than is known.
 * `like`: of a text that is known in part, the known pieces with null between them (`["qlogic-", null, "-api"]`).
 */
export type Value = Place & {refs?: string[]} & (
    | {is: 'known'; value: Scalar}
    | {is: 'list'; items: Value[]; open?: boolean}
    | {is: 'object'; fields: Record<string, Value>; open?: boolean}
    | {is: 'dynamic'; why: string; like?: (string | null)[]}
  )

export type ObjectValue = Extract<Value, {is: 'object'}>

const maxRefs = 30
const maxSize = 50_000
const maxText = 100_000
const maxPieces = 40

/** How many values are in a value: what is written twice in each of forty lines is larger than any machine. */
const sizes = new WeakMap<object, number>()
const sizeOf = (value: Value): number => {
  if (value.is !== 'list' && value.is !== 'object') return 1
  const inner = value.is === 'list' ? value.items : value.fields
  const known = sizes.get(inner)
  if (known !== undefined) return known
  const size = Object.values(inner).reduce((sum, one) => sum + sizeOf(one), 1)
  sizes.set(inner, size)
  return size
}
const fitting = <Made extends Value>(value: Made, otherwise: Made): Made => (sizeOf(value) > maxSize ? otherwise : value)

/** A value with more addresses that it came from. */
export const withRefs = (value: Value, ...more: (readonly string[] | undefined)[]): Value => {
  const refs = [...new Set([...(value.refs ?? []), ...more.flatMap((one) => one ?? [])])].slice(0, maxRefs)
  return refs.length === 0 ? value : {...value, refs}
}

export const known = (place: Place, value: Scalar): Value => ({is: 'known', file: place.file, line: place.line, value})
export const list = ({file, line}: Place, items: Value[], open = false): Value =>
  fitting({is: 'list', file, line, items, ...(open && {open})}, {is: 'list', file, line, items: [], open: true})
export const object = ({file, line}: Place, entries: Iterable<readonly [string, Value]>, open = false): ObjectValue =>
  fitting(
    {is: 'object', file, line, fields: Object.fromEntries(entries), ...(open && {open})},
    {is: 'object', file, line, fields: {}, open: true},
  )
export const dynamic = ({file, line}: Place, why: string, from: readonly Value[] = []): Value =>
  withRefs({is: 'dynamic', file, line, why}, ...from.map(({refs}) => refs))

/** The text of a scalar, as a template would write it. */
export const textOf = (value: Value): string | undefined => (value.is === 'known' && value.value !== null ? String(value.value) : undefined)

/** Texts side by side: known when all are, and otherwise what is known of it. */
export const joined = (place: Place, parts: readonly Value[]): Value => {
  const pieces: (string | null)[] = []
  for (const part of parts) {
    for (const piece of part.is === 'dynamic' ? (part.like ?? [null]) : [textOf(part) ?? null]) {
      const last = pieces.at(-1)
      if (typeof piece === 'string' && typeof last === 'string') pieces[pieces.length - 1] = last + piece
      else if (!(piece === null && last === null)) pieces.push(piece)
    }
  }
  const refs = parts.map((part) => part.refs)
  if (pieces.length > maxPieces || pieces.reduce((sum, piece) => sum + (piece?.length ?? 0), 0) > maxText)
    return withRefs(dynamic(place, 'a text too long to be put together'), ...refs)
  if (!pieces.includes(null)) return withRefs(known(place, pieces.join('')), ...refs)
  const unknownPart = parts.find((part) => part.is === 'dynamic')
  const why = unknownPart?.is === 'dynamic' ? unknownPart.why : 'a text that cannot be put together'
  return withRefs({is: 'dynamic', file: place.file, line: place.line, why, like: pieces}, ...refs)
}

/** The elements of a list, or of an object in the order of its keys; undefined when not all are known to be there. */
export const elementsOf = (value: Value): {key: string; value: Value}[] | undefined => {
  if (value.is === 'list' && value.open !== true) return value.items.map((one, index) => ({key: String(index), value: one}))
  if (value.is === 'object' && value.open !== true)
    return Object.keys(value.fields)
      .sort()
      .flatMap((key) => {
        const one = fieldOf(value, key)
        return one === undefined ? [] : [{key, value: one}]
      })
  return undefined
}

export const fieldOf = (value: Value, name: string): Value | undefined =>
  value.is === 'object' && Object.hasOwn(value.fields, name) ? value.fields[name] : undefined

/** A value as plain data when all of it is known. */
export const plainOf = (value: Value): {plain: unknown} | undefined => {
  if (value.is === 'known') return {plain: value.value}
  if (value.is === 'dynamic') return undefined
  const elements = elementsOf(value)?.map(({key, value: one}) => ({key, made: plainOf(one)}))
  if (elements === undefined || elements.some(({made}) => made === undefined)) return undefined
  return {
    plain:
      value.is === 'list'
        ? elements.map(({made}) => made?.plain)
        : Object.fromEntries(elements.map(({key, made}): [string, unknown] => [key, made?.plain])),
  }
}

/** Whether two values are the same; undefined when that is not known. */
export const same = (one: Value, other: Value): boolean | undefined => {
  const left = plainOf(one)
  const right = plainOf(other)
  if (left === undefined || right === undefined) {
    const scalars = [one, other].filter(({is}) => is === 'known').length
    // A list or an object is never null, whatever is in it.
    return scalars === 1 && (one.is === 'list' || one.is === 'object' || other.is === 'list' || other.is === 'object') ? false : undefined
  }
  if (typeof left.plain !== 'object' && typeof right.plain !== 'object') return left.plain === right.plain
  return JSON.stringify(left.plain) === JSON.stringify(right.plain)
}
