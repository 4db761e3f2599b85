import type {Call} from '../python/syntax.ts'
import type {Frame, Valued, Values} from '../python/values.ts'
import {callOf, enumOf} from './column-types.ts'
import {keyOperations} from './migration-keys.ts'
import {listAt, type Operation, type Operations} from './migration-operation.ts'
import type {State} from './migration-schema.ts'
import {executed} from './migration-sql.ts'
import {tableOperations} from './migration-tables.ts'

/** Operations of Alembic that change no table, key or type. */
const without = new Set(
  'f get_bind get_context bulk_insert create_check_constraint create_exclude_constraint create_table_comment drop_table_comment inline_literal run_async create_entity replace_entity drop_entity create_foreign_table create_extension drop_extension grant_table revoke_table'.split(
    ' ',
  ),
)

const operations: Operations = {
  ...tableOperations,
  ...keyOperations,
  execute: (one) => executed(one.values, one.state, one.argument('sqltext', 0), one.place),
  sync_enum_values: (one) => {
    const name = one.values.text(one.argument('enum_name', 1))
    const labels = listAt(one, 'new_values', 2)?.map((label) => one.values.text(label))
    if (name === undefined || labels === undefined || labels.includes(undefined))
      one.state.unknown.push({...one.place, why: 'labels that are only known when it runs'})
    else one.state.enums.set(name, {...one.place, name, labels: labels.flatMap((label) => label ?? []), native: true})
  },
}

/** Carries out `op.name(…)`; `batch`: the table of a batch, whose operations leave it out. */
export const operate = (values: Values, state: State, name: string, call: Call, frame: Frame, batch: Valued | undefined): void => {
  const place = {file: frame.scope.module.path, line: call.line}
  const {args, open} = values.args(call, frame)
  const shifted =
    batch === undefined
      ? args
      : name === 'create_index' || name.startsWith('create_') || name === 'drop_constraint' || name === 'drop_index'
        ? [...args.slice(0, 1), batch, ...args.slice(1)]
        : [batch, ...args]
  const keyword = (named: string): Valued | undefined => values.argument(call, frame, named)
  const one: Operation = {
    values,
    state,
    call,
    frame,
    place,
    open,
    argument: (named, at) =>
      batch !== undefined && (named === 'table_name' || named === 'source_table') ? batch : (keyword(named) ?? shifted[at]),
    keyword,
    rest: (from) => shifted.slice(from),
  }
  state.operations += 1
  const handler = Object.hasOwn(operations, name) ? operations[name] : undefined
  if (handler !== undefined) handler(one)
  else if (!without.has(name)) state.unknown.push({...place, why: `op.${name} is not replayed`})
}

/** `enum.create(bind)` and `enum.drop(bind)`; false for anything else. */
export const enumOperation = (values: Values, state: State, call: Call, frame: Frame): boolean => {
  if (call.callee.kind !== 'attribute' || !['create', 'drop'].includes(call.callee.name)) return false
  const found = callOf(values, {expr: call.callee.value, frame}, 'Enum', 'ENUM')
  if (found === undefined) return false
  const type = enumOf(values, found.call, found.frame)
  if (type.name === undefined) return true
  if (call.callee.name === 'drop') state.enums.delete(type.name)
  else state.enums.set(type.name, type)
  return true
}
