import {textOf} from '../python/constant.ts'
import {entriesOf} from '../python/flow.ts'
import {within, type Names, type Scope} from '../python/resolve.ts'
import {argument, dotted, expressionsIn, expressionsInBody, statementsIn, type Expr, type FunctionDef, type Stmt} from '../python/syntax.ts'
import type {Condition} from './conditions.ts'
import type {Item} from './sequences.ts'
import type {Place} from './settings.ts'

/** One step of a chain of structlog: a library's by its dotted name, or the repository's own with what it does. */
export type Processor = Place & {
  name: string
  own: boolean
  condition: Condition
  /** Keys that it writes into a line, and those that it takes out. */
  writes: readonly string[]
  removes: readonly string[]
  /** It makes JSON itself. */
  json: boolean
  /** Context variables that it reads (`contextVariable`). */
  reads: readonly string[]
  /** Texts that stand in it. */
  texts: readonly string[]
}

/** A context variable by where it is made, or a library's by its dotted name; undefined for anything else. */
export const contextVariable = (names: Names, expr: Expr, scope: Scope): string | undefined => {
  const found = names.resolve(expr, scope)
  if (
    found?.kind === 'value' &&
    found.value?.kind === 'call' &&
    /^contextvars\.ContextVar$/.test(names.external(found.value.callee, found.scope) ?? '')
  )
    return `${found.scope.module.path}:${found.assign?.line ?? found.value.line}`
  const external = found?.kind === 'external' ? found.name : undefined
  if (external === undefined) return undefined
  if (/^asgi_correlation_id\b.*correlation_id$/.test(external)) return 'asgi_correlation_id'
  return /^starlette_context\b.*context$/.test(external) ? 'starlette_context' : undefined
}

export const processorOf = (names: Names, {expr, scope, condition}: Item): Processor => {
  const callee = expr.kind === 'call' ? expr.callee : expr
  const found = names.resolve(callee, scope)
  const place = {file: scope.module.path, line: expr.line}
  const nothing = {own: false, condition, writes: [], removes: [], json: false, reads: [], texts: []}
  const external = names.external(callee, scope)
  if (external !== undefined) {
    const texts =
      expr.kind === 'call' ? [...expr.args, ...expr.keywords.map(({value}) => value)].flatMap((one) => textOf(names, one, scope) ?? []) : []
    // `EventRenamer("message")`, `TimeStamper(key="time")`
    const writes = expr.kind === 'call' && external.endsWith('.EventRenamer') ? texts.slice(0, 1) : []
    return {...nothing, ...place, name: external, texts, writes}
  }
  if (expr.kind === 'lambda')
    return {
      ...nothing,
      ...place,
      ...workOf(names, [{kind: 'return', value: expr.body, line: expr.line, endLine: expr.line}], scope),
      name: 'a lambda',
      own: true,
    }
  const node = found?.kind === 'function' ? found : undefined
  const made = found?.kind === 'class' ? names.member({node: found.node, scope: found.scope}, '__call__') : undefined
  const instance = found?.kind === 'value' ? names.instanceOf(callee, scope) : undefined
  const method =
    made?.kind === 'function' ? made : instance !== undefined && !('external' in instance) ? names.member(instance, '__call__') : undefined
  const work = node ?? (method?.kind === 'function' ? method : undefined)
  if (work === undefined) {
    const library = instance !== undefined && 'external' in instance ? instance.external : undefined
    return {...nothing, ...place, name: library ?? dotted(callee) ?? 'an expression'}
  }
  const around = found?.kind === 'class' ? found.node : undefined
  const own = workOf(names, around?.body ?? work.node.body, within(work.scope, work.node))
  return {...nothing, ...place, ...own, name: around?.name ?? work.node.name, own: true}
}

type Work = Pick<Processor, 'writes' | 'removes' | 'json' | 'reads' | 'texts'>

/** What a body does to a line, the functions of the repository that it calls included. */
const workOf = (names: Names, body: readonly Stmt[], scope: Scope, seen: ReadonlySet<FunctionDef> = new Set()): Work => {
  const [writes, removes, reads, texts] = [new Set<string>(), new Set<string>(), new Set<string>(), new Set<string>()]
  let json = false
  const add = (to: Set<string>, expr: Expr | undefined) => {
    const text = textOf(names, expr, scope)
    if (text !== undefined) to.add(text)
  }
  for (const statement of body.flatMap((one) => [...flat([one])])) {
    if (statement.kind === 'assign') for (const target of statement.targets) if (target.kind === 'subscript') add(writes, target.index[0])
    if (statement.kind === 'statement' && statement.type.startsWith('del'))
      for (const child of statement.children)
        for (const expr of expressionsIn(child)) if (expr.kind === 'subscript') add(removes, expr.index[0])
  }
  for (const expr of expressionsInBody(body)) {
    if (expr.kind === 'string') texts.add(expr.value)
    if (expr.kind === 'name') {
      const at = names.follow(expr, scope)
      for (const one of at.expr === expr ? [] : expressionsIn(at.expr)) if (one.kind === 'string') texts.add(one.value)
    }
    if (expr.kind === 'dict') for (const {key} of expr.entries) add(writes, key)
    if (expr.kind !== 'call') continue
    const callee = expr.callee
    const called = names.external(callee, scope) ?? dotted(callee) ?? ''
    if (/(?:^|\.)(?:dumps|JSONRenderer)$/.test(called)) json = true
    if (callee.kind === 'attribute') {
      if (callee.name === 'setdefault') add(writes, expr.args[0])
      if (callee.name === 'pop') add(removes, expr.args[0])
      if (callee.name === 'update') {
        for (const {name} of expr.keywords) if (name !== undefined) writes.add(name)
        for (const arg of expr.args) for (const {key} of entriesOf(names, {expr: arg, scope}).entries) writes.add(key)
      }
      const variable = ['get', 'data'].includes(callee.name) ? contextVariable(names, callee.value, scope) : undefined
      if (variable !== undefined) reads.add(variable)
    }
    const target = names.resolve(callee, scope)
    if (target?.kind === 'function' && !seen.has(target.node) && seen.size < 6) {
      const inner = workOf(names, target.node.body, within(target.scope, target.node), new Set([...seen, target.node]))
      for (const [to, from] of [
        [writes, inner.writes],
        [removes, inner.removes],
        [reads, inner.reads],
        [texts, inner.texts],
      ] as const)
        for (const one of from) to.add(one)
      json ||= inner.json
    }
  }
  return {writes: [...writes], removes: [...removes], json, reads: [...reads], texts: [...texts]}
}

function* flat(body: readonly Stmt[]): Generator<Stmt> {
  for (const statement of statementsIn(body)) {
    yield statement
    if (statement.kind === 'function' || statement.kind === 'class') yield* flat(statement.body)
  }
}

/** The value of a parameter of a call as written, by name or place. */
export const givenTo = (expr: Expr, name: string, place?: number): Expr | undefined =>
  expr.kind === 'call' ? argument(expr, name, place) : undefined
