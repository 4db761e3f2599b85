import type {Key} from '../repo/application/schema.ts'
import type {QueueQuery} from '../repo/application/queries.ts'

/** The key that PostgreSQL can look columns up by: they are its first, in whatever order. */
export const leadingKey = (keys: readonly Key[], columns: readonly string[]): Key | undefined =>
  whole(keys).find(({parts}) => {
    const first = parts.slice(0, columns.length).map(({column}) => column)
    return first.length === columns.length && columns.every((column) => first.includes(column))
  })

/** Keys of all rows before those of a part of them. */
const whole = (keys: readonly Key[]): Key[] =>
  keys.toSorted((one, other) => Number(one.where !== undefined) - Number(other.where !== undefined))

/** True when a key holds a column anywhere, or is limited by it. */
export const isIn = (keys: readonly Key[], column: string): boolean =>
  keys.some(({parts, where}) => parts.some((part) => part.column === column) || where?.columns.includes(column) === true)

export const keyText = ({kind, parts, where}: Key): string =>
  `${kind === 'index' ? 'index' : kind === 'unique' ? 'unique constraint' : 'primary key'} (${parts.map(({text}) => text).join(', ')})${where === undefined ? '' : ' of a part'}`

/**
 * The key that gives a query its rows in order: columns that it holds to one value come first, then those that it sorts by in the same
 * directions (or all turned round). A partial one must be limited by what the query asks for.
 */
export const orderedKey = (keys: readonly Key[], query: QueueQuery, columns: readonly string[]): Key | undefined =>
  keys.find(({parts, where}) => {
    const equal = query.equal.map(({column}) => column)
    let from = 0
    while (
      from < parts.length &&
      equal.includes(parts[from]?.column ?? '') &&
      !query.order.some(({column}) => column === parts[from]?.column)
    )
      from += 1
    const rest = parts.slice(from, from + query.order.length)
    if (rest.length < query.order.length || rest.some(({column}, place) => column === undefined || column !== query.order[place]?.column))
      return false
    const turned = rest.map(({descending}, place) => descending !== query.order[place]?.descending)
    if (turned.includes(true) && turned.includes(false)) return false
    const limits = (where?.columns ?? []).filter((column) => columns.includes(column))
    if (limits.some((column) => !equal.includes(column))) return false
    const labels = query.equal.flatMap(({column, label}) => (limits.includes(column) && label !== undefined ? [label] : []))
    if (where !== undefined && where.values.length > 0 && labels.some((label) => !where.values.includes(label))) return false
    return from > 0 || limits.length > 0 || equal.length === 0
  })
