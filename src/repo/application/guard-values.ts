import type {ClassRef, Scope} from '../python/resolve.ts'
import type {FunctionDef, Lambda} from '../python/syntax.ts'

/** Variables of a function that is gone through, and of those around it. */
export type Env = {vars: Map<string, Value>; up: Env | undefined}

/** What an expression is while a guard is gone through for one role. */
export type Value =
  /** `name` of a member of an enum; `role`: it is the user's role, or made of it. */
  | {is: 'constant'; value: string | number | boolean | null; name?: string; role?: boolean}
  /** Lists, tuples, sets; `open`: there may be more in it. */
  | {is: 'list'; items: readonly Value[]; open: boolean}
  | {is: 'dict'; entries: readonly (readonly [Value, Value])[]; open: boolean}
  | {is: 'function'; node: FunctionDef | Lambda; scope: Scope; env: Env | undefined; self?: Value}
  | {is: 'class'; ref: ClassRef}
  /** Something that is there, of a class of the repository or of another's. */
  | {is: 'object'; ref?: ClassRef; external?: string; fields: Map<string, Value>}
  | {is: 'external'; name: string}
  /** A method that is looked up on a value. */
  | {is: 'method'; of: Value; name: string}
  | {is: 'partial'; of: Value; args: readonly Value[]; keywords: ReadonlyMap<string, Value>}
  | {is: 'depends'; callable: Value; scopes: readonly Value[]}
  /** What lets a request through: `call_next`, the wrapped app, the decorated function. */
  | {is: 'next'}
  /** The request, or a part of it by its name. */
  | {is: 'request'; part: string}
  /** `role`: the user's role has a say in it; `setting`: a setting or the environment has. */
  | {is: 'unknown'; role: boolean; setting: boolean}

export const unknownValue: Value = {is: 'unknown', role: false, setting: false}
export const settingValue: Value = {is: 'unknown', role: false, setting: true}
export const roleValue: Value = {is: 'unknown', role: true, setting: false}
export const constant = (value: string | number | boolean | null): Value => ({is: 'constant', value})
export const nothing = constant(null)
export const thing = (ref?: ClassRef): Value => ({is: 'object', ...(ref === undefined ? {} : {ref}), fields: new Map()})

export const isRole = (value: Value): boolean =>
  ((value.is === 'constant' || value.is === 'unknown') && value.role === true) ||
  (value.is === 'list' && value.items.some((item) => isRole(item)))
const isSetting = (value: Value): boolean => value.is === 'unknown' && value.setting

/** What cannot be said of several values together. */
export const unsure = (...of: readonly Value[]): Value => ({
  is: 'unknown',
  role: of.some((one) => isRole(one)),
  setting: of.some((one) => isSetting(one)),
})

/** Whether a value counts as true; undefined where that is only known at run time. */
export const truth = (value: Value): boolean | undefined => {
  switch (value.is) {
    case 'constant':
      return Boolean(value.value)
    case 'list':
      return value.items.length > 0 ? true : value.open ? undefined : false
    case 'dict':
      return value.entries.length > 0 ? true : value.open ? undefined : false
    case 'unknown':
    case 'request':
    case 'external':
    case 'method':
      return undefined
    default:
      return true
  }
}

export const equals = (one: Value, other: Value): boolean | undefined => {
  if (one.is === 'constant' && other.is === 'constant') return one.value === other.value
  const [known, there] = one.is === 'constant' ? [one, other] : [other, one]
  // What is there is not None.
  if (known.is === 'constant' && known.value === null && !['unknown', 'external', 'method', 'request'].includes(there.is)) return false
  if (known.is === 'constant' && there.is === 'list') return false
  return undefined
}

const yesNo = (value: boolean | undefined, ...of: readonly Value[]): Value => (value === undefined ? unsure(...of) : constant(value))
const flip = (value: boolean | undefined): boolean | undefined => (value === undefined ? undefined : !value)

/** Whether something is in a list, a mapping or a text. */
const contains = (item: Value, where: Value): boolean | undefined => {
  if (where.is === 'constant' && item.is === 'constant' && typeof where.value === 'string' && typeof item.value === 'string')
    return where.value.includes(item.value)
  const items = where.is === 'list' ? where.items : where.is === 'dict' ? where.entries.map(([key]) => key) : undefined
  if (items === undefined) return undefined
  const each = items.map((one) => equals(item, one))
  if (each.includes(true)) return true
  return (where.is === 'list' || where.is === 'dict') && !where.open && !each.includes(undefined) ? false : undefined
}

/** One comparison of Python. */
export const compared = (op: string, one: Value, other: Value): Value => {
  switch (op) {
    case '==':
    case 'is':
      return yesNo(equals(one, other), one, other)
    case '!=':
    case 'is not':
      return yesNo(flip(equals(one, other)), one, other)
    case 'in':
      return yesNo(contains(one, other), one, other)
    case 'not in':
      return yesNo(flip(contains(one, other)), one, other)
    default: {
      if (one.is === 'list' && other.is === 'list') {
        const [less, more] = op.startsWith('<') ? [one, other] : [other, one]
        return yesNo(allIn(less, more), one, other)
      }
      if (one.is !== 'constant' || other.is !== 'constant') return unsure(one, other)
      const [left, right] = [one.value, other.value]
      if (typeof left !== 'number' || typeof right !== 'number') return unsure(one, other)
      return constant(op === '<' ? left < right : op === '<=' ? left <= right : op === '>' ? left > right : left >= right)
    }
  }
}

type List = Extract<Value, {is: 'list'}>

const allIn = (less: List, more: List): boolean | undefined => {
  const each = less.items.map((item) => contains(item, more))
  return each.includes(false) ? false : each.includes(undefined) || less.open ? undefined : true
}

const both = (one: List, other: List): Value => {
  const each = one.items.map((item) => [item, contains(item, other)] as const)
  return {
    is: 'list',
    items: each.flatMap(([item, inside]) => (inside === true ? [item] : [])),
    open: one.open || other.open || each.some(([, inside]) => inside === undefined),
  }
}

/** A method of a text, a list or a mapping; undefined where it is none that is known. */
export const methodResult = (of: Value, name: string, args: readonly Value[]): Value | undefined => {
  const [first] = args
  if (of.is === 'constant' && typeof of.value === 'string') {
    const text = of.value
    const kept = of.role === true ? {role: true} : {}
    if (['lower', 'casefold'].includes(name)) return {is: 'constant', value: text.toLowerCase(), ...kept}
    if (name === 'upper') return {is: 'constant', value: text.toUpperCase(), ...kept}
    if (['strip', 'rstrip', 'lstrip'].includes(name)) {
      const gone = first?.is === 'constant' && typeof first.value === 'string' ? first.value : undefined
      if (gone === '/') return {is: 'constant', value: name === 'lstrip' ? text.replace(/^\/+/, '') : text.replace(/\/+$/, ''), ...kept}
      return {is: 'constant', value: text.trim(), ...kept}
    }
    if (name === 'startswith' || name === 'endswith') {
      const wanted = first?.is === 'list' ? first.items : first === undefined ? [] : [first]
      const each = wanted.map((one) =>
        one.is === 'constant' && typeof one.value === 'string'
          ? name === 'startswith'
            ? text.startsWith(one.value)
            : text.endsWith(one.value)
          : undefined,
      )
      return yesNo(each.includes(true) ? true : each.includes(undefined) ? undefined : false, ...wanted)
    }
    return undefined
  }
  if (of.is === 'list') {
    if (name === 'copy') return of
    if (first?.is !== 'list') return undefined
    if (name === 'intersection') return both(of, first)
    if (name === 'union') return {is: 'list', items: [...of.items, ...first.items], open: of.open || first.open}
    if (name === 'isdisjoint') {
      const common = both(of, first)
      return yesNo(flip(truth(common)), of, first)
    }
    if (name === 'issubset') return yesNo(allIn(of, first), of, first)
    if (name === 'issuperset') return yesNo(allIn(first, of), of, first)
    return undefined
  }
  if (of.is === 'dict') {
    if (name === 'get' && first !== undefined) return entryOf(of, first) ?? (of.open ? unsure(first) : (args[1] ?? nothing))
    if (name === 'keys') return {is: 'list', items: of.entries.map(([key]) => key), open: of.open}
    if (name === 'values') return {is: 'list', items: of.entries.map(([, value]) => value), open: of.open}
    if (name === 'items')
      return {is: 'list', items: of.entries.map(([key, value]) => ({is: 'list', items: [key, value], open: false})), open: of.open}
  }
  return undefined
}

/** `&`, `|`, `-` of sets. */
export const setOperation = (op: string, one: Value, other: Value): Value | undefined => {
  if (one.is !== 'list' || other.is !== 'list') return undefined
  if (op === '&') return both(one, other)
  if (op === '|' || op === '+') return {is: 'list', items: [...one.items, ...other.items], open: one.open || other.open}
  if (op !== '-') return undefined
  const each = one.items.map((item) => [item, contains(item, other)] as const)
  return {
    is: 'list',
    items: each.flatMap(([item, inside]) => (inside === false ? [item] : [])),
    open: one.open || each.some(([, inside]) => inside === undefined),
  }
}

/** The last entry under a key. */
export const entryOf = (dict: Extract<Value, {is: 'dict'}>, key: Value): Value | undefined =>
  dict.entries.findLast(([one]) => equals(one, key) === true)?.[1]
