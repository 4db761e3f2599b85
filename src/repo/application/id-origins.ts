import {textOf} from '../python/constant.ts'
import {flow, type Contribution} from '../python/flow.ts'
import {within, type Names, type Scope} from '../python/resolve.ts'
import {blocksOf, dotted, expressionsIn, expressionsOf, type Call, type Expr, type Stmt} from '../python/syntax.ts'
import {contextVariable} from './processors.ts'
import type {Place} from './settings.ts'

/** Where a value comes from: an id that is made for each request or once, headers of the request, context variables. */
export type IdOrigin = {
  made: readonly (Place & {once: boolean})[]
  headers: readonly string[]
  variables: readonly string[]
  checked: Place | null
}
const headerText = /^(?:x-[a-z0-9-]+|traceparent|[a-z-]*(?:request|correlation|trace)[a-z-]*id)$/

/** The name of a header that an expression is, in small letters; undefined for what names none. */
export const headerName = (names: Names, expr: Expr, scope: Scope): string | undefined => {
  const bytes = expr.kind === 'string' && expr.bytes ? expr.value : undefined
  // `HEADER.lower().encode()`, `b"x-request-id"`
  const inner =
    expr.kind === 'call' && expr.callee.kind === 'attribute' && ['lower', 'encode'].includes(expr.callee.name)
      ? expr.callee.value
      : undefined
  if (inner !== undefined) return headerName(names, inner, scope)
  const followed = names.follow(expr, scope).expr
  const given = bytes ?? (followed.kind === 'string' ? followed.value : textOf(names, expr, scope))
  const default_ = given ?? defaultOf(names, expr, scope)
  const text = default_?.toLowerCase()
  return text !== undefined && headerText.test(text) ? text : undefined
}

/** What a parameter or an attribute that is set from one is by default: `header_name: str = "X-Request-ID"`. */
const defaultOf = (names: Names, expr: Expr, scope: Scope): string | undefined => {
  for (const {expr: part} of [...flow(names, {expr, scope})].slice(0, 50))
    if (part.kind === 'string' && headerText.test(part.value.toLowerCase())) return part.value
  return undefined
}

/** The header that a call reads: `request.headers.get(name)`. */
export const headerRead = (names: Names, call: Call, scope: Scope): string | undefined => {
  if (call.callee.kind !== 'attribute' || !['get', 'getlist'].includes(call.callee.name) || call.args[0] === undefined) return undefined
  const of = call.callee.value
  const about = dotted(of) ?? (of.kind === 'call' ? dotted(of.callee) : undefined) ?? ''
  const name = headerName(names, call.args[0], scope)
  return name !== undefined && (/headers?$/i.test(about) || /request[-_]id|correlation|trace/.test(name)) ? name : undefined
}
/** The header that `headers[name]` is. */
export const subscriptHeader = (names: Names, expr: Extract<Expr, {kind: 'subscript'}>, scope: Scope): string | undefined =>
  expr.index[0] !== undefined && /headers$/i.test(dotted(expr.value) ?? '') ? headerName(names, expr.index[0], scope) : undefined

const makesId =
  /^(?:uuid\.uuid[1-8]|uuid_utils(?:\.\w+)*\.uuid[1-8]|uuid6\.uuid[678]|uuid7\.\w+|ulid\.\w+|ulid\.ULID(?:\.\w+)?|nanoid\.generate|secrets\.token_\w+|os\.urandom|ksuid\.\w+)$/

/** Code that runs once, not for each request: of a module, a class or a constructor. */
const isOnce = ({within: [around]}: Scope): boolean => around === undefined || around.kind === 'class' || around.name === '__init__'

/** Where a value comes from, and whether it was checked on its way. */
export const originOf = (names: Names, expr: Expr, scope: Scope): IdOrigin => {
  const made: (Place & {once: boolean})[] = []
  const headers = new Set<string>()
  const variables = new Set<string>()
  let checked: Place | null = null
  for (const one of [...flow(names, {expr, scope})].slice(0, 400)) {
    const {expr: part, scope: at} = one
    if (part.kind === 'call') {
      const callee = names.external(part.callee, at) ?? ''
      if (makesId.test(callee)) made.push({file: at.module.path, line: part.line, once: isOnce(at)})
      const header = headerRead(names, part, at)
      if (header !== undefined) headers.add(header)
      if (part.callee.kind === 'attribute' && part.callee.name === 'get') {
        const variable = contextVariable(names, part.callee.value, at)
        if (variable !== undefined) variables.add(variable)
      }
    }
    // `uuid4().hex`
    if (part.kind === 'attribute' && part.value.kind === 'call' && makesId.test(names.external(part.value.callee, at) ?? ''))
      made.push({file: at.module.path, line: part.line, once: isOnce(at)})
    if (part.kind === 'subscript') {
      const header = subscriptHeader(names, part, at)
      if (header !== undefined) headers.add(header)
    }
    if (part.kind === 'compare')
      for (const operand of part.operands) {
        const name = operand.kind === 'string' ? headerName(names, operand, at) : undefined
        if (name !== undefined) headers.add(name)
      }
    checked ??= checkIn(names, one)
  }
  // Which branch is taken may be decided by a check before: `if not PATTERN.match(given): given = uuid4()`.
  const [around] = scope.within
  if (checked === null && headers.size > 0 && around?.kind === 'function') checked = checkBefore(names, around.body, scope)
  return {made, headers: [...headers], variables: [...variables], checked}
}

const checking = /(?:^|\.)(?:fullmatch|match)$/

/** A check of length and characters: a pattern that is matched as a whole, UUID(…), isalnum with a length. */
const checkIn = (names: Names, {expr, scope}: Contribution | {expr: Expr; scope: Scope}, entered = new Set<Stmt>()): Place | null => {
  if (expr.kind !== 'call') return null
  const place = {file: scope.module.path, line: expr.line}
  const callee = names.external(expr.callee, scope) ?? dotted(expr.callee) ?? ''
  if (checking.test(callee) || (expr.callee.kind === 'attribute' && ['fullmatch', 'match'].includes(expr.callee.name))) {
    const pattern = patternOf(names, expr, scope)
    const name = callee.split('.').at(-1) ?? (expr.callee.kind === 'attribute' ? expr.callee.name : '')
    return pattern === undefined || !bounded(pattern, name) ? null : place
  }
  if (/^uuid\.UUID$|(?:^|\.)(?:is_valid_uuid4?|validate_uuid4?)$/.test(callee)) return place
  if (expr.callee.kind === 'attribute' && ['isalnum', 'isascii', 'isprintable'].includes(expr.callee.name)) return place
  const target = names.resolve(expr.callee, scope)
  if (target?.kind !== 'function' || entered.has(target.node)) return null
  entered.add(target.node)
  for (const part of target.node.body.flatMap((one) => expressionsOf(one)))
    for (const inner of expressionsIn(part)) {
      const found = inner.kind === 'call' ? checkIn(names, {expr: inner, scope: within(target.scope, target.node)}, entered) : null
      if (found !== null) return found
    }
  return checkBefore(names, target.node.body, within(target.scope, target.node))
}

const checkBefore = (names: Names, body: readonly Stmt[], scope: Scope, depth = 0): Place | null => {
  if (depth > 6) return null
  for (const statement of body) {
    for (const top of expressionsOf(statement))
      for (const expr of expressionsIn(top)) {
        if (expr.kind !== 'call' || names.resolve(expr.callee, scope)?.kind === 'function') continue
        const found = checkIn(names, {expr, scope})
        if (found !== null) return found
      }
    for (const block of blocksOf(statement)) {
      const found = checkBefore(names, block, scope, depth + 1)
      if (found !== null) return found
    }
  }
  return null
}

const patternOf = (names: Names, call: Call, scope: Scope): string | undefined => {
  const direct = call.args.length > 1 && call.args[0] !== undefined ? textOf(names, call.args[0], scope) : undefined
  if (direct !== undefined || call.callee.kind !== 'attribute') return direct
  const compiled = names.follow(call.callee.value, scope)
  return compiled.expr.kind === 'call' && compiled.expr.args[0] !== undefined
    ? textOf(names, compiled.expr.args[0], compiled.scope)
    : undefined
}

/** The pattern limits the length, and is matched to the end. */
const bounded = (pattern: string, method: string): boolean =>
  !/(?<!\\)\.[*+]|[*+](?:\)|\$|$)/.test(pattern.replaceAll(/\[[^\]]*\]/g, 'x')) &&
  (method === 'fullmatch' || /(?:\$|\\Z)\)?$/.test(pattern))
