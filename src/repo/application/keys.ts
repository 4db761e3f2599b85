import {expressionsIn} from '../python/syntax.ts'
import type {Valued, Values} from '../python/values.ts'
import {callOf, last} from './column-types.ts'
import {attributeTarget, partOf, readColumnCall, splitTarget} from './columns.ts'
import type {ForeignKey, Key, KeyPart} from './schema.ts'

/** A column of an index: its name, `desc(…)`, text such as `priority DESC`, an attribute of a model or table. */
export const keyPart = (values: Values, valued: Valued): KeyPart => {
  const text = values.text(valued)
  if (text !== undefined) return textPart(text)
  const {expr, frame} = valued
  if (expr.kind === 'call') {
    const name = last(values.nameOf({expr: expr.callee, frame}))
    if (
      expr.callee.kind === 'attribute' &&
      ['desc', 'asc', 'nullslast', 'nullsfirst', 'nulls_last', 'nulls_first'].includes(expr.callee.name) &&
      expr.args.length === 0
    ) {
      const inner = keyPart(values, {expr: expr.callee.value, frame})
      return expr.callee.name === 'desc' ? {...inner, descending: true, text: `${inner.text} DESC`} : inner
    }
    const [first] = values.args(expr, frame).args
    if (
      ['desc', 'asc', 'text', 'literal_column', 'column', 'nulls_last', 'nulls_first', 'nullslast', 'nullsfirst'].includes(name) &&
      first !== undefined
    ) {
      const inner = keyPart(values, first)
      return name === 'desc' ? {...inner, descending: true, text: `${inner.text} DESC`} : inner
    }
    // `func.lower(Model.email)` as PostgreSQL has it: lower(email).
    const inner = values.args(expr, frame).args.map((one) => keyPart(values, one).text)
    return {descending: false, text: `${name}(${inner.join(', ')})`}
  }
  // A column of the class or table that the index stands in, or of another by its attribute.
  if (expr.kind === 'name' || expr.kind === 'attribute') {
    const found = values.resolve(valued)
    const call =
      found?.kind === 'value' && found.value !== undefined
        ? callOf(values, {expr: found.value, frame: {scope: found.scope, bound: new Map()}}, 'Column', 'mapped_column')
        : undefined
    const own = call === undefined ? undefined : readColumnCall(values, call.call, call.frame).name
    return partOf(own ?? (expr.kind === 'name' ? expr.name : expr.name))
  }
  return {descending: false, text: 'an expression'}
}

const textPart = (text: string): KeyPart => {
  const match = /^\s*"?([A-Za-z_]\w*)"?(?:\s+(ASC|DESC))?(?:\s+NULLS\s+(?:FIRST|LAST))?\s*$/i.exec(text)
  return match?.[1] === undefined
    ? {descending: false, text}
    : {column: match[1], descending: match[2]?.toUpperCase() === 'DESC', text: text.trim()}
}

/** The condition of a partial index. */
export const whereOf = (values: Values, valued: Valued): NonNullable<Key['where']> => {
  const text = values.text(valued)
  if (text !== undefined)
    return {
      text,
      columns: [...new Set([...text.replaceAll(/'[^']*'/g, ' ').matchAll(/[A-Za-z_]\w*/g)].map(([word]) => word))],
      values: [...text.matchAll(/'([^']*)'/g)].flatMap(([, one]) => one ?? []),
    }
  const parts = [...expressionsIn(valued.expr)]
  return {
    columns: parts.flatMap((one) => (one.kind === 'attribute' || one.kind === 'name' ? [one.name] : [])),
    values: parts.flatMap((one) => (one.kind === 'string' ? [one.value] : [])),
  }
}

/** `Index`, `UniqueConstraint` and `PrimaryKeyConstraint` of a table. */
export const keyOf = (values: Values, valued: Valued): Key | undefined => {
  const found = callOf(values, valued, 'Index', 'UniqueConstraint', 'PrimaryKeyConstraint')
  if (found === undefined) return undefined
  const {call, frame} = found
  const place = {file: frame.scope.module.path, line: call.line}
  const kind = last(values.nameOf({expr: call.callee, frame}))
  const {args} = values.args(call, frame)
  if (kind === 'Index') {
    const name = values.text(args[0])
    const where = values.argument(call, frame, 'postgresql_where')
    return {
      ...place,
      kind: 'index',
      unique: values.truth(values.argument(call, frame, 'unique')) === true,
      ...(name === undefined ? {} : {name}),
      parts: args.slice(1).map((one) => keyPart(values, one)),
      ...(where === undefined ? {} : {where: whereOf(values, where)}),
    }
  }
  const name = values.text(values.argument(call, frame, 'name'))
  return {
    ...place,
    kind: kind === 'UniqueConstraint' ? 'unique' : 'primary',
    unique: true,
    ...(name === undefined ? {} : {name}),
    parts: args.map((one) => keyPart(values, one)),
  }
}

/** `ForeignKeyConstraint([…], ["table.column"])`. */
export const foreignKeyConstraint = (values: Values, valued: Valued): ForeignKey | undefined => {
  const found = callOf(values, valued, 'ForeignKeyConstraint')
  if (found === undefined) return undefined
  const {call, frame} = found
  const list = (name: string, place: number): Valued[] => {
    const given = values.argument(call, frame, name, place)
    return [...((given === undefined ? undefined : values.items(given)) ?? [])]
  }
  const columns = list('columns', 0).flatMap((one) => values.text(one) ?? [])
  const targets = list('refcolumns', 1).map((one) => splitTarget(values.text(one) ?? attributeTarget(values, one)))
  const onDelete = values.text(values.argument(call, frame, 'ondelete'))
  const name = values.text(values.argument(call, frame, 'name'))
  return {
    file: frame.scope.module.path,
    line: call.line,
    columns,
    table: targets[0]?.table ?? '',
    referred: targets.flatMap(({referred}) => referred),
    ...(onDelete === undefined ? {} : {onDelete: onDelete.toUpperCase()}),
    ...(name === undefined ? {} : {name}),
  }
}
