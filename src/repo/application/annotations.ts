import {isEnum} from '../python/enums.ts'
import type {ClassRef} from '../python/resolve.ts'
import {dotted, type Call, type Expr} from '../python/syntax.ts'
import type {Frame, Valued, Values} from '../python/values.ts'
import {annotatedEnum, callOf, enumType, labelsBy, memberLabels, placeOf, typeOf} from './column-types.ts'
import {readColumnCall, type ColumnCall} from './columns.ts'
import {enumMembersOf} from '../python/enums.ts'
import type {ColumnType} from './schema.ts'

/** What an annotation says: whether None is allowed, the type itself, the column and name that an alias of it brings. */
export type Annotation = {optional: boolean; core: Valued; column?: ColumnCall; aliases: readonly Expr[]}

const isNone = (expr: Expr): boolean => expr.kind === 'constant' && expr.value === null

/** The inner annotation of `Mapped[…]`; undefined for anything else. */
export const mappedOf = (annotation: Expr): Expr | undefined =>
  annotation.kind === 'subscript' && /(?:^|\.)Mapped$/.test(dotted(annotation.value) ?? '') ? annotation.index[0] : undefined

/** Looks through Optional, unions with None, Annotated, quotes and aliases. */
export const annotationOf = (values: Values, valued: Valued, depth = 0): Annotation => {
  const {expr, frame} = valued
  const plain: Annotation = {optional: false, core: valued, aliases: []}
  if (depth > 10) return plain
  const inner = (one: Expr): Annotation => annotationOf(values, {expr: one, frame}, depth + 1)
  if (expr.kind === 'string') return quoted(values, expr.value, valued, depth)
  if (expr.kind === 'binary' && expr.op === '|') {
    if (isNone(expr.right)) return {...inner(expr.left), optional: true}
    if (isNone(expr.left)) return {...inner(expr.right), optional: true}
    const left = inner(expr.left)
    return {...plain, optional: left.optional || inner(expr.right).optional}
  }
  if (expr.kind === 'subscript') {
    const outer = (dotted(expr.value) ?? '').split('.').at(-1)
    const [first, ...rest] = expr.index
    if (first === undefined) return plain
    if (outer === 'Optional') return {...inner(first), optional: true}
    if (outer === 'Union') {
      const others = expr.index.filter((one) => !isNone(one))
      const [only] = others
      const optional = others.length < expr.index.length
      return only !== undefined && others.length === 1 ? {...inner(only), optional: optional || inner(only).optional} : {...plain, optional}
    }
    if (outer === 'Annotated') {
      const found = inner(first)
      const column = rest.flatMap((one) => callOf(values, {expr: one, frame}, 'mapped_column', 'Column') ?? [])[0]
      return {
        ...found,
        aliases: [expr, ...found.aliases],
        ...(column === undefined ? {} : {column: readColumnCall(values, column.call, column.frame)}),
      }
    }
    if (['Final', 'Required', 'Mapped'].includes(outer ?? '')) return inner(first)
    return plain
  }
  if (expr.kind === 'name' || expr.kind === 'attribute') {
    const found = values.resolve(valued)
    if (found?.kind === 'value' && found.value !== undefined && ['subscript', 'binary', 'name', 'attribute'].includes(found.value.kind))
      return annotationOf(values, {expr: found.value, frame: {scope: found.scope, bound: new Map()}}, depth + 1)
  }
  return plain
}

/** `"str | None"` in quotes: only what stands in such annotations. */
const quoted = (values: Values, text: string, {expr, frame}: Valued, depth: number): Annotation => {
  const optional = /\|\s*None\b|\bNone\s*\||\bOptional\s*\[/.test(text)
  const name = /^[\w.]+$/.exec(
    text
      .replace(/^\s*(?:\w+\.)?Optional\s*\[(.*)\]\s*$/, '$1')
      .replaceAll(/\|\s*None\b|\bNone\s*\|/g, '')
      .trim(),
  )?.[0]
  if (name === undefined) return {optional, core: {expr, frame}, aliases: []}
  const [first = '', ...rest] = name.split('.')
  const named = rest.reduce<Expr>((value, one) => ({kind: 'attribute', value, name: one, line: expr.line}), {
    kind: 'name',
    name: first,
    line: expr.line,
  })
  const inner = annotationOf(values, {expr: named, frame}, depth + 1)
  return {...inner, optional: optional || inner.optional}
}

const pythonTypes: Readonly<Record<string, string>> = {
  str: 'text',
  int: 'integer',
  float: 'float',
  bool: 'boolean',
  bytes: 'binary',
  'datetime.datetime': 'timestamp',
  'datetime.date': 'date',
  'datetime.time': 'time',
  'datetime.timedelta': 'interval',
  'decimal.Decimal': 'numeric',
  'uuid.UUID': 'uuid',
}
/** Types of pydantic that SQLModel stores as text. */
const textTypes = /(?:^pydantic|\.)(?:\w*Str|EmailStr|AnyUrl|HttpUrl|\w+Url|\w+Dsn)$/

/** The type of a column that only its annotation tells, by `type_annotation_map` of the base first. */
export const annotatedType = (values: Values, {core, aliases}: Annotation, map: Valued | undefined): ColumnType => {
  const ref = values.classOf(core)
  const name = values.nameOf(core)
  const entries = (map === undefined ? undefined : values.entries(map)) ?? []
  const isAlias = (key: Valued) => {
    const followed = values.follow(key).expr
    return aliases.includes(followed)
  }
  const found =
    entries.find(({key}) => isAlias(key)) ??
    entries.find(({key}) => (ref === undefined ? values.nameOf(key) === name && name !== '' : values.classOf(key)?.node === ref.node))
  if (found !== undefined) return typeOf(values, found.value)
  if (ref !== undefined && isEnum(values.names, ref)) {
    const general = entries.find(({key}) => /(?:^|\.)\w*Enum$/.test(values.nameOf(key)) && values.classOf(key) === undefined)
    return enumType(generalized(values, ref, placeOf(core), general?.value))
  }
  if (core.expr.kind === 'subscript') {
    const outer = (dotted(core.expr.value) ?? '').split('.').at(-1)
    if (outer === 'Literal') return {family: 'text', known: true}
    const general = entries.find(({key}) => sameSubscript(values, key, core))
    if (general !== undefined) return typeOf(values, general.value)
  }
  const family = Object.hasOwn(pythonTypes, name) ? pythonTypes[name] : textTypes.test(name) ? 'text' : undefined
  return family === undefined ? {known: false} : {family, known: true}
}

/** `{enum.Enum: Enum(enum.Enum, values_callable=…)}`: how every enum is stored. */
const generalized = (values: Values, ref: ClassRef, place: {file: string; line: number}, given: Valued | undefined) => {
  const own = annotatedEnum(values, ref, place)
  const found = given === undefined ? undefined : callOf(values, given, 'Enum', 'ENUM')
  if (found === undefined) return own
  const {call, frame}: {call: Call; frame: Frame} = found
  const callable = values.argument(call, frame, 'values_callable')
  const labels = memberLabels(enumMembersOf(values.names, ref), callable === undefined ? 'names' : labelsBy(values, callable))
  const native = values.truth(values.argument(call, frame, 'native_enum')) !== false
  return {...place, name: ref.node.name.toLowerCase(), ...(labels === undefined ? {} : {labels}), native}
}

/** `dict[str, Any]` as a key of the map. */
const sameSubscript = (values: Values, key: Valued, core: Valued): boolean => {
  const one = values.follow(key).expr
  return one.kind === 'subscript' && core.expr.kind === 'subscript' && written(one) === written(core.expr)
}
const written = (expr: Expr): string =>
  expr.kind === 'subscript'
    ? `${written(expr.value)}[${expr.index.map(written).join(',')}]`
    : ((dotted(expr) ?? expr.kind).split('.').at(-1) ?? '')
