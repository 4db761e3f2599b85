import type {Reader} from '../files.ts'
import {enumMembersOf} from '../python/enums.ts'
import {within, type ClassRef, type Scope} from '../python/resolve.ts'
import {dotted, expressionsIn, type Expr, type FunctionDef, type Stmt} from '../python/syntax.ts'
import {createValues, type Values} from '../python/values.ts'
import {fieldFinder} from './engines.ts'
import {definitionsIn, readNames} from './fastapi.ts'
import {readSettings, type Place, type Settings, type SettingsField} from './settings.ts'

/** What the validators of the settings do with a TLS mode in an environment. `by`: the validator that refuses it. */
export type Refusal = {environment: string; mode: string; is: 'refused' | 'accepted' | 'unknown'; by?: Place & {name: string}}
export type TlsRules = {mode?: SettingsField; refusals: readonly Refusal[]}

/** Modes of libpq that keep the connection encrypted: https://www.postgresql.org/docs/16/libpq-ssl.html */
export const strongModes: readonly string[] = ['require', 'verify-ca', 'verify-full']
const weakModes = ['disable', 'allow', 'prefer']

/** The setting that says how TLS to the database is used. */
export const tlsModeField = ({fields}: Pick<Settings, 'fields'>): SettingsField | undefined =>
  fields.find(({variables}) => variables.some((name) => /(?:^|_)(?:SSL|TLS)(?:_*MODE)?$|SSLMODE$/.test(name)))

/** Asks the validators of the settings about each weak TLS mode in production and staging, by going through what they compare. */
export const readTlsRules: Reader<TlsRules> = async ({read}) => {
  const names = await read(readNames)
  const settings = await read(readSettings)
  const mode = tlsModeField(settings)
  if (mode === undefined) return {refusals: []}
  const environment = settings.fields.find(({variables}) => variables.some((name) => /(?:^|_)ENV(?:IRONMENT)?$/.test(name)))
  const values = createValues(names)
  const field = fieldFinder(settings.fields)
  const classes = new Set(settings.fields.map((one) => `${one.file}:${one.class}`))
  for (const {file, name} of settings.classes) classes.add(`${file}:${name}`)
  const validators = names.program.modules.flatMap((module) =>
    module.isTest
      ? []
      : [...definitionsIn(names, module)].flatMap(({node, scope}) => {
          const [around] = scope.within
          return node.kind === 'function' &&
            around?.kind === 'class' &&
            classes.has(`${module.path}:${around.name}`) &&
            node.decorators.some(isValidator)
            ? [{node, scope}]
            : []
        }),
  )
  const chosen = environment?.choices.filter((one) => /^(?:prod|stag|stg|live)/i.test(one)) ?? []
  const environments = chosen.length > 0 ? chosen : ['production', 'staging']
  const modes = mode.choices.length > 0 ? mode.choices.filter((one) => !strongModes.includes(one)) : weakModes
  return {
    mode,
    refusals: environments.flatMap((name) =>
      modes.map((weak): Refusal => {
        const asked = new Map([[mode.path, weak], ...(environment === undefined ? [] : [[environment.path, name] as const])])
        const asks = {values, field, asked, own: [mode.path, ...(environment === undefined ? [] : [environment.path])]}
        const results = validators.map(({node, scope}) => ({node, scope, is: ask(asks, node, scope)}))
        const by = results.find(({is}) => is === 'refused')
        if (by !== undefined)
          return {environment: name, mode: weak, is: 'refused', by: {file: by.scope.module.path, line: by.node.line, name: by.node.name}}
        return {environment: name, mode: weak, is: results.some(({is}) => is === 'unknown') ? 'unknown' : 'accepted'}
      }),
    ),
  }
}

const isValidator = (decorator: Expr): boolean =>
  /(?:^|\.)(?:model_validator|field_validator|root_validator|validator)$/.test(
    dotted(decorator.kind === 'call' ? decorator.callee : decorator) ?? '',
  )

type Known = string | boolean | null | undefined
type Asks = {values: Values; field: ReturnType<typeof fieldFinder>; asked: ReadonlyMap<string, string>; own: readonly string[]}
type Here = {scope: Scope; params: ReadonlyMap<string, Known>; depth: number}
type Outcome = 'refused' | 'accepted' | 'unknown' | 'goes on'

const maxDepth = 8

const ask = (asks: Asks, node: FunctionDef, scope: Scope): 'refused' | 'accepted' | 'unknown' => {
  // A validator of the one field gets its value as its first plain parameter.
  const fields = node.decorators.flatMap((decorator) =>
    decorator.kind === 'call' ? decorator.args.flatMap((arg) => (arg.kind === 'string' ? [arg.value] : [])) : [],
  )
  const [path = ''] = asks.own
  const of = asks.own.find((one) => fields.includes(one.split('.').at(-1) ?? one))
  const params = new Map<string, Known>()
  const first = node.params.find(({name}) => name !== 'self' && name !== 'cls')
  if (of !== undefined && first !== undefined) params.set(first.name, asks.asked.get(of))
  if (fields.length > 0 && of === undefined && !fields.includes('*') && path !== '') return 'accepted'
  const outcome = run(asks, node.body, {scope: within(scope, node), params, depth: 0})
  return outcome === 'goes on' ? 'accepted' : outcome
}

const run = (asks: Asks, body: readonly Stmt[], at: Here): Outcome => {
  for (const statement of body) {
    const outcome = one(asks, statement, at)
    if (outcome !== 'goes on') return outcome
  }
  return 'goes on'
}

const one = (asks: Asks, statement: Stmt, at: Here): Outcome => {
  switch (statement.kind) {
    case 'raise':
      return 'refused'
    case 'return':
      return 'accepted'
    case 'if': {
      for (const {test, body} of statement.branches) {
        const known = truthy(evaluate(asks, test, at))
        if (known === true) return run(asks, body, at)
        // What has nothing to do with the mode or the environment is taken not to hold.
        if (known === undefined && isAbout(asks, test, at)) return run(asks, body, at) === 'goes on' ? 'goes on' : 'unknown'
      }
      return run(asks, statement.otherwise, at)
    }
    case 'with':
      return run(asks, statement.body, at)
    case 'try':
      return statement.handlers.length > 0 ? 'goes on' : run(asks, statement.body, at)
    case 'statement': {
      if (statement.type !== 'assert_statement') return 'goes on'
      const [test] = statement.children
      return test !== undefined && truthy(evaluate(asks, test, at)) === false ? 'refused' : 'goes on'
    }
    case 'expression': {
      const call = statement.value.kind === 'await' ? statement.value.value : statement.value
      const callee = call.kind === 'call' ? asks.values.names.resolve(call.callee, at.scope) : undefined
      if (call.kind !== 'call' || callee?.kind !== 'function' || at.depth > maxDepth) return 'goes on'
      const outcome = run(asks, callee.node.body, entered(asks, callee.node, callee.scope, call.args, at))
      return outcome === 'accepted' ? 'goes on' : outcome
    }
    default:
      return 'goes on'
  }
}

const entered = (asks: Asks, node: FunctionDef, scope: Scope, args: readonly Expr[], at: Here): Here => {
  const own = node.params.filter(({name}) => name !== 'self' && name !== 'cls')
  return {
    scope: within(scope, node),
    params: new Map(own.map((param, place) => [param.name, args[place] === undefined ? undefined : evaluate(asks, args[place], at)])),
    depth: at.depth + 1,
  }
}

const truthy = (value: Known): boolean | undefined => (value === undefined ? undefined : value !== false && value !== null && value !== '')

const fieldOf = (asks: Asks, expr: Expr, {scope}: Here): string | undefined => {
  if (expr.kind === 'name' || expr.kind === 'attribute') {
    const found = asks.values.names.resolve(expr, scope)
    return found?.kind === 'value' && found.assign !== undefined ? asks.field(found.scope.module.path, found.assign.line)?.path : undefined
  }
  // `info.data["ENVIRONMENT"]`, `values.get("environment")`.
  const key =
    expr.kind === 'subscript'
      ? expr.index[0]
      : expr.kind === 'call' && expr.callee.kind === 'attribute' && expr.callee.name === 'get'
        ? expr.args[0]
        : undefined
  return key?.kind === 'string' ? asks.own.find((path) => path.split('.').at(-1) === key.value) : undefined
}

const isAbout = (asks: Asks, test: Expr, at: Here): boolean =>
  [...expressionsIn(test)].some((part) => {
    const path = fieldOf(asks, part, at)
    return (path !== undefined && asks.own[0] === path) || (part.kind === 'name' && at.params.get(part.name) !== undefined)
  })

const evaluate = (asks: Asks, expr: Expr, at: Here): Known => {
  const again = (inner: Expr): Known => evaluate(asks, inner, at)
  const path = fieldOf(asks, expr, at)
  if (path !== undefined && asks.asked.has(path)) return asks.asked.get(path)
  switch (expr.kind) {
    case 'string':
      return expr.value
    case 'constant':
      return typeof expr.value === 'boolean' || expr.value === null ? expr.value : undefined
    case 'unary': {
      const inner = truthy(again(expr.value))
      return expr.op !== 'not' || inner === undefined ? undefined : !inner
    }
    case 'binary': {
      const [left, right] = [truthy(again(expr.left)), truthy(again(expr.right))]
      if (expr.op === 'and') return left === false || right === false ? false : left === undefined || right === undefined ? undefined : true
      if (expr.op === 'or') return left === true || right === true ? true : left === undefined || right === undefined ? undefined : false
      return undefined
    }
    case 'compare':
      return compared(asks, expr, at)
    case 'call': {
      if (expr.callee.kind === 'attribute' && ['lower', 'strip', 'casefold'].includes(expr.callee.name)) {
        const text = again(expr.callee.value)
        return typeof text === 'string' ? text.toLowerCase() : text
      }
      const found = asks.values.names.resolve(expr.callee, at.scope)
      return found?.kind === 'function' ? returned(asks, found.node, entered(asks, found.node, found.scope, expr.args, at)) : undefined
    }
    case 'name':
      if (at.params.has(expr.name)) return at.params.get(expr.name)
      return named(asks, expr, at)
    case 'attribute': {
      if (expr.name === 'value') {
        const inner = again(expr.value)
        if (inner !== undefined) return inner
      }
      return named(asks, expr, at)
    }
    default:
      return undefined
  }
}

/** A member of an enum, a property, or a name for something else. */
const named = (asks: Asks, expr: Expr, at: Here): Known => {
  const {names} = asks.values
  if (expr.kind === 'attribute') {
    const owner = names.resolve(expr.value, at.scope)
    const ref: ClassRef | undefined = owner?.kind === 'class' ? {node: owner.node, scope: owner.scope} : undefined
    const member = ref === undefined ? undefined : enumMembersOf(names, ref)?.find(({name}) => name === expr.name)
    if (member !== undefined) return member.value
  }
  const found = names.resolve(expr, at.scope)
  if (at.depth > maxDepth) return undefined
  if (found?.kind === 'function')
    return returned(asks, found.node, {scope: within(found.scope, found.node), params: new Map(), depth: at.depth + 1})
  if (found?.kind === 'value' && found.value !== undefined && found.value !== expr) {
    const place = found.scope.within[0] === at.scope.within[0] ? at.params : new Map<string, Known>()
    return evaluate(asks, found.value, {scope: found.scope, params: place, depth: at.depth + 1})
  }
  return undefined
}

/** What a property or function gives: its only return, or what its branches lead to. */
const returned = (asks: Asks, node: FunctionDef, at: Here): Known => {
  if (at.depth > maxDepth) return undefined
  for (const statement of node.body) {
    if (statement.kind === 'return') return statement.value === undefined ? null : evaluate(asks, statement.value, at)
    if (statement.kind === 'if') return undefined
  }
  return null
}

const listed = (asks: Asks, expr: Expr, at: Here): Known[] | undefined => {
  if (at.depth > maxDepth) return undefined
  if (expr.kind === 'list' || expr.kind === 'tuple' || expr.kind === 'set') {
    const parts = expr.items.map((item) =>
      item.kind === 'star' ? listed(asks, item.value, {...at, depth: at.depth + 1}) : [evaluate(asks, item, at)],
    )
    return parts.some((part) => part === undefined) ? undefined : parts.flatMap((part) => part ?? [])
  }
  if (expr.kind === 'call' && /^(?:set|frozenset|list|tuple)$/.test(dotted(expr.callee) ?? ''))
    return expr.args[0] === undefined ? [] : listed(asks, expr.args[0], at)
  if (expr.kind === 'binary' && (expr.op === '|' || expr.op === '+')) {
    const [left, right] = [listed(asks, expr.left, at), listed(asks, expr.right, at)]
    return left === undefined || right === undefined ? undefined : [...left, ...right]
  }
  if (expr.kind === 'name' || expr.kind === 'attribute') {
    const found = asks.values.names.resolve(expr, at.scope)
    if (found?.kind === 'value' && found.value !== undefined)
      return listed(asks, found.value, {scope: found.scope, params: new Map(), depth: at.depth + 1})
  }
  return undefined
}

const compared = (asks: Asks, expr: Extract<Expr, {kind: 'compare'}>, at: Here): Known => {
  const [left, right] = expr.operands
  const [op] = expr.ops
  if (left === undefined || right === undefined || expr.operands.length !== 2) return undefined
  const one = evaluate(asks, left, at)
  if (op === 'in' || op === 'not in') {
    const among = listed(asks, right, at)
    if (one === undefined || among === undefined) return undefined
    if (among.includes(one)) return op === 'in'
    return among.includes(undefined) ? undefined : op === 'not in'
  }
  const other = evaluate(asks, right, at)
  if (one === undefined || other === undefined) return undefined
  if (op === '==' || op === 'is') return one === other
  return op === '!=' || op === 'is not' ? one !== other : undefined
}
