import {keywordsOf} from '../python/flow.ts'
import type {Module} from '../python/program.ts'
import {reach} from '../python/reach.ts'
import type {Scope} from '../python/resolve.ts'
import {expressionsInBody, type Call, type Expr} from '../python/syntax.ts'
import type {Valued, Values} from '../python/values.ts'
import {metadataOf} from './metadata.ts'
import type {Place} from './settings.ts'
import {filtered, type Filtered} from './table-filters.ts'

/** A call of `context.configure`. `mode`: with a connection, with a URL alone, or whichever its caller gives. */
export type Configuration = Place & {
  mode: 'online' | 'offline' | 'both'
  /** `include_object` or `include_name`, where one is given. */
  filter?: Place & {name: string}
  /** What happens to the tables that the application makes, which only the database has, by what their names begin with. */
  dynamic: readonly {prefix: string; is: Filtered}[]
  /** Tables of the models or revisions that the filter leaves out, or may leave out. */
  leftOut: readonly {table: string; is: Filtered}[]
}

/** How env.py configures Alembic: every `context.configure` that it reaches, and the metadata that they are given. */
export const configurationsOf = (
  values: Values,
  env: Module,
  {made, tables}: {made: readonly {prefix?: string; whole: boolean}[]; tables: readonly string[]},
): {configurations: Configuration[]; targets?: string[]} => {
  const configurations: Configuration[] = []
  const targets = new Set<string>()
  let dynamic = false
  for (const {body, scope} of reach(values.names, [{module: env}]))
    for (const call of expressionsInBody(body, {deep: false})) {
      if (
        call.kind !== 'call' ||
        !/(?:^|\.)(?:alembic\.context|context|EnvironmentContext)\.configure$/.test(
          values.nameOf({expr: call.callee, frame: {scope, bound: new Map()}}),
        )
      )
        continue
      const place = {file: scope.module.path, line: call.line}
      if (configurations.some(({file, line}) => file === place.file && line === place.line)) continue
      const {entries} = keywordsOf(values.names, call, scope)
      const given = (name: string): Valued | undefined => {
        const entry = entries.findLast(({key}) => key === name)
        return entry === undefined ? undefined : {expr: entry.expr, frame: {scope: entry.scope, bound: new Map()}}
      }
      const target = given('target_metadata')
      const keys = target === undefined ? [] : targetKeys(values, target)
      if (keys === undefined) dynamic = true
      for (const key of keys ?? []) targets.add(key)
      const filters = ['include_object', 'include_name'].flatMap((name) => {
        const value = given(name)
        return value === undefined || isNone(values.follow(value).expr) ? [] : [{name, value}]
      })
      const apply = (table: string, reflected: boolean): Filtered => {
        const each = filters.map(({name, value}) => filtered(values, value, name === 'include_object', table, reflected))
        return each.includes('out') ? 'out' : each.includes('unknown') ? 'unknown' : 'in'
      }
      const [first] = filters
      configurations.push({
        ...place,
        mode: modeOf(values, call, scope, given),
        ...(first === undefined ? {} : {filter: {...filterPlace(values, first.value, place), name: first.name}}),
        dynamic: made.map(({prefix = '', whole}) => ({prefix, is: apply(whole && prefix !== '' ? prefix : `${prefix}3f9c2d`, true)})),
        leftOut:
          filters.length === 0
            ? []
            : tables.map((table) => ({table, is: apply(table.split('.').at(-1) ?? table, false)})).filter(({is}) => is !== 'in'),
      })
    }
  return dynamic ? {configurations} : {configurations, targets: [...targets]}
}

const isNone = (expr: Expr): boolean => expr.kind === 'constant' && expr.value === null

/** The metadata that a target stands for, one or a list; undefined where only a run tells. */
const targetKeys = (values: Values, target: Valued): string[] | undefined => {
  const one = metadataOf(values, target)
  if (one !== undefined) return [one.key]
  const at = values.follow(target)
  if (isNone(at.expr)) return []
  const keys = values.items(target)?.map((item) => metadataOf(values, item)?.key)
  return keys === undefined || keys.includes(undefined) ? undefined : keys.flatMap((key) => key ?? [])
}

const modeOf = (values: Values, call: Call, scope: Scope, given: (name: string) => Valued | undefined): Configuration['mode'] => {
  if (given('connection') !== undefined) return given('url') === undefined || !isConditional(given('url')) ? 'online' : 'both'
  if (given('url') !== undefined || given('dialect_name') !== undefined || given('dialect') !== undefined) return 'offline'
  // `def configure(**how): context.configure(target_metadata=…, **how)`: its callers say which.
  const around = scope.within.find((node) => node.kind === 'function')
  const calls = around?.kind === 'function' ? values.names.callsOf(around) : []
  const says = (name: string): boolean => calls.some((one) => one.call.keywords.some((keyword) => keyword.name === name))
  return says('connection') && !says('url')
    ? 'online'
    : says('url') && !says('connection')
      ? 'offline'
      : call.keywords.every(({name}) => name !== undefined) && calls.length === 0
        ? 'online'
        : 'both'
}

const isConditional = (valued: Valued | undefined): boolean => valued?.expr.kind === 'conditional'

const filterPlace = (values: Values, value: Valued, place: Place): Place => {
  const found = values.resolve(value)
  return found?.kind === 'function' ? {file: found.scope.module.path, line: found.node.line} : place
}
