import {dynamic, joined, known, list, textOf, withRefs, type Place, type Value} from './values.ts'

/** A function applied to values: undefined when its result is not known. */
export type Apply = (place: Place, args: readonly Value[]) => Value | undefined

const text =
  (change: (text: string, ...more: string[]) => string | boolean | number): Apply =>
  (place, args) => {
    const texts = args.map(textOf)
    const [first, ...more] = texts.filter((one) => one !== undefined)
    return first === undefined || more.length + 1 < texts.length ? undefined : known(place, change(first, ...more))
  }

const number =
  (change: (...numbers: number[]) => number): Apply =>
  (place, args) => {
    const numbers = args.map((arg) => Number(textOf(arg) ?? Number.NaN))
    return numbers.length === 0 || numbers.some((one) => Number.isNaN(one)) ? undefined : known(place, change(...numbers))
  }

/** The first argument as it is. */
export const first: Apply = (_place, args) => args[0]

const format: Apply = (place, [pattern, ...args]) => {
  const template = pattern === undefined ? undefined : textOf(pattern)
  if (template === undefined) return undefined
  let next = 0
  const parts = template.split(/(%%|%(?:0?\d+)?[sdqv])/).flatMap((piece): Value[] => {
    if (piece === '') return []
    if (piece === '%%') return [known(place, '%')]
    const verb = /^%(0?\d+)?([sdqv])$/.exec(piece)
    if (verb === null) return [known(place, piece)]
    const arg = args[next++] ?? dynamic(place, 'format has too few arguments')
    const width = Math.min(Number(verb[1] ?? 0), 100)
    const plain = textOf(arg)
    if (plain === undefined) return [arg.is === 'dynamic' ? arg : dynamic(place, 'format of something that is no text')]
    return [
      withRefs(
        known(place, verb[2] === 'q' ? JSON.stringify(plain) : plain.padStart(width, verb[1]?.startsWith('0') === true ? '0' : ' ')),
        arg.refs,
      ),
    ]
  })
  return joined(place, parts)
}

const pieces = (value: string, separator: string): string[] => (value === '' ? [] : value.split(separator))

/** Functions of numbers and texts. */
export const textFunctions: Readonly<Record<string, Apply>> = {
  abs: number(Math.abs),
  ceil: number(Math.ceil),
  floor: number(Math.floor),
  max: number(Math.max),
  min: number(Math.min),
  lower: text((value) => value.toLowerCase()),
  upper: text((value) => value.toUpperCase()),
  title: text((value) => value.replace(/(^|[\s-])(\p{L})/gu, (all) => all.toUpperCase())),
  trimspace: text((value) => value.trim()),
  trimprefix: text((value, prefix = '') => (prefix !== '' && value.startsWith(prefix) ? value.slice(prefix.length) : value)),
  trimsuffix: text((value, suffix = '') => (suffix !== '' && value.endsWith(suffix) ? value.slice(0, -suffix.length) : value)),
  startswith: text((value, prefix = '') => value.startsWith(prefix)),
  endswith: text((value, suffix = '') => value.endsWith(suffix)),
  strcontains: text((value, part = '') => value.includes(part)),
  substr: text((value, offset = '0', count = '-1') => {
    const from = Number(offset) < 0 ? value.length + Number(offset) : Number(offset)
    return Number(count) < 0 ? value.slice(from) : value.slice(from, from + Number(count))
  }),
  basename: text((value) => value.slice(value.lastIndexOf('/') + 1)),
  dirname: text((value) => (value.includes('/') ? value.slice(0, value.lastIndexOf('/')) : '.')),
  // The folder's own place on the machine is not known, but only its last parts are ever used.
  abspath: first,
  pathexpand: first,
  replace: (place, [value, search, by]) => {
    const [subject, pattern, replacement] = [value, search, by].map((one) => (one === undefined ? undefined : textOf(one)))
    if (subject === undefined || pattern === undefined || replacement === undefined) return undefined
    // A pattern between slashes is a regular expression of another dialect.
    if (pattern.length > 1 && pattern.startsWith('/') && pattern.endsWith('/')) return undefined
    return known(
      place,
      subject.replaceAll(pattern, () => replacement),
    )
  },
  split: (place, [separator, value]) => {
    const [by, subject] = [separator, value].map((one) => (one === undefined ? undefined : textOf(one)))
    return by === undefined || subject === undefined
      ? undefined
      : list(
          place,
          pieces(subject, by).map((piece) => known(place, piece)),
        )
  },
  join: (place, [separator, ...lists]) => {
    const by = separator === undefined ? undefined : textOf(separator)
    if (by === undefined || lists.some((one) => one.is !== 'list' || one.open === true)) return undefined
    const items = lists.flatMap((one) => (one.is === 'list' ? one.items : []))
    return joined(
      place,
      items.flatMap((item, index) => (index === 0 ? [item] : [known(place, by), item])),
    )
  },
  format,
  tostring: (place, [value]) => {
    const plain = value === undefined ? undefined : textOf(value)
    return plain === undefined ? value : known(place, plain)
  },
  tonumber: number((value = 0) => value),
  tobool: (place, [value]) => {
    const plain = value === undefined ? undefined : textOf(value)
    return plain === 'true' || plain === 'false' ? known(place, plain === 'true') : value
  },
}
