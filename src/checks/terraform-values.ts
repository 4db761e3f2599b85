import type {ObjectValue, Place, Value} from '../repo/terraform/terraform.ts'
import {held, missed, undecided, type Target} from './targets.ts'

/** All values that a path leads to; blocks and lists on the way are all entered. */
export const valuesAt = (value: Value | undefined, ...path: readonly string[]): Value[] => {
  const [name, ...rest] = path
  if (value === undefined) return []
  if (name === undefined) return [value]
  if (value.is === 'list') return value.items.flatMap((item) => valuesAt(item, ...path))
  return value.is === 'object' && Object.hasOwn(value.fields, name) ? valuesAt(value.fields[name], ...rest) : []
}

/** The value that a path leads to; where it stands several times, the first. A null is no value. */
export const valueAt = (value: Value | undefined, ...path: readonly string[]): Value | undefined =>
  valuesAt(value, ...path).find((one) => !isNull(one))

/** The blocks or objects that a path leads to. */
export const objectsAt = (value: Value | undefined, ...path: readonly string[]): ObjectValue[] =>
  valuesAt(value, ...path)
    .flatMap((one) => (one.is === 'list' ? one.items : [one]))
    .filter((one): one is ObjectValue => one.is === 'object')

/** Texts and numbers as text; undefined for what is not known, null, or no scalar. */
export const textOf = (value: Value | undefined): string | undefined =>
  value?.is === 'known' && value.value !== null ? String(value.value) : undefined

/** All texts in a value: itself, or the items of a list. */
export const textsOf = (value: Value | undefined): string[] =>
  value === undefined ? [] : value.is === 'list' ? value.items.flatMap((item) => textsOf(item)) : [textOf(value) ?? []].flat()

/** What is known of a text, with `…` for the rest. */
export const partsOfText = (value: Value | undefined): string =>
  value?.is === 'dynamic' ? (value.like ?? []).map((piece) => piece ?? '…').join('') : (textOf(value) ?? '')

export const isNull = (value: Value): boolean => value.is === 'known' && value.value === null

/** Something in the value, or the value itself, is only known when Terraform runs. */
export const isOpen = (value: Value): boolean =>
  value.is === 'dynamic' ||
  ((value.is === 'list' || value.is === 'object') &&
    (value.open === true || Object.values(value.is === 'list' ? value.items : value.fields).some((one) => isOpen(one))))

/** Every address that a value was taken from, those of its parts included. */
export const allRefs = (value: Value): string[] => {
  const inner = value.is === 'list' ? value.items : value.is === 'object' ? Object.values(value.fields) : []
  return [...new Set([...(value.refs ?? []), ...inner.flatMap((one) => allRefs(one))])]
}

/** A value in a few words, for evidence. */
export const described = (value: Value | undefined): string => {
  if (value === undefined) return 'absent'
  if (value.is === 'dynamic') return `${partsOfText(value) === '' ? '' : `${partsOfText(value)}, `}${value.why}`.slice(0, 160)
  if (value.is === 'known') return String(value.value).slice(0, 120)
  return value.is === 'list' ? (value.items.length === 0 ? 'an empty list' : `a list of ${value.items.length}`) : 'a block'
}

/**
 * One attribute as a target: `accept` says of its text whether it holds. Absent it is missed, or `fallback` (the provider's default) is
 * judged in its place; a value that is not known is undecided.
 */
export const attributeTarget = (
  resource: Place & {body: ObjectValue},
  path: readonly string[],
  expected: string,
  accept: (text: string) => boolean,
  fallback?: string,
): Target => {
  const value = valueAt(resource.body, ...path)
  const name = path.at(-1) ?? ''
  const text = textOf(value) ?? (value === undefined ? fallback : undefined)
  if (text !== undefined)
    return (accept(text) ? held : missed)(value ?? resource, expected, value === undefined ? `${name} is not set` : `${name} = ${text}`)
  if (value !== undefined) return undecided(value, expected, described(value))
  const way = path.map((_, index) => valuesAt(resource.body, ...path.slice(0, index)))
  const open = way.flat().find((one) => one.is === 'dynamic' || ((one.is === 'list' || one.is === 'object') && one.open === true))
  return open === undefined ? missed(resource, expected, `${name} is not set`) : undecided(open, expected, described(open))
}
