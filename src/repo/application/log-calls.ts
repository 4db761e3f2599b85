import {textOf} from '../python/constant.ts'
import {entriesOf, keywordsOf, type Entry} from '../python/flow.ts'
import {within, type Names, type Scope} from '../python/resolve.ts'
import {argument, dotted, expressionsIn, expressionsInBody, statementsIn, type Call, type Expr, type Stmt} from '../python/syntax.ts'
import type {Reader, Unread} from '../files.ts'
import {readNames} from './fastapi.ts'
import type {Place} from './settings.ts'

const levels = /^a?(?:debug|info|warning|warn|error|critical|fatal|exception|log|msg|trace|success)$/

/** True for a call that writes a line of log: of structlog, logging, loguru, or whatever is called a logger. */
export const isLogCall = (names: Names, call: Call, scope: Scope): boolean => {
  if (call.callee.kind !== 'attribute' || !levels.test(call.callee.name)) return false
  const outer = names.external(call.callee, scope) ?? ''
  if (/^(?:structlog|logging|loguru|google\.cloud\.logging)\b/.test(outer)) return true
  let root: Expr = call.callee.value
  for (let depth = 0; depth < 6 && root.kind === 'call' && root.callee.kind === 'attribute'; depth += 1) root = root.callee.value
  const instance = names.instanceOf(root, scope)
  if (instance !== undefined && 'external' in instance) return /^(?:structlog|logging|loguru)\b/.test(instance.external)
  return /(?:^|[._])(?:log|logger|logging)$/i.test((dotted(root) ?? '').replace(/\(\)$/, ''))
}

/** What a call to a logger gives its line beside the text: keywords, `extra`, a mapping, and what was bound before. */
export const fieldsOf = (names: Names, call: Call, scope: Scope): {entries: Entry[]; open: boolean} => {
  const {entries, open} = keywordsOf(names, call, scope)
  const found = entries.filter(({key}) => !['extra', 'exc_info', 'stack_info', 'stacklevel'].includes(key))
  let isOpen = open
  const add = (expr: Expr, at: Scope, depth = 0): void => {
    if (depth > 4) return
    const inner = entriesOf(names, {expr, scope: at})
    isOpen ||= inner.open
    for (const entry of inner.entries) {
      found.push(entry)
      if (entry.expr.kind === 'dict') add(entry.expr, entry.scope, depth + 1)
    }
  }
  const extra = argument(call, 'extra')
  if (extra !== undefined) add(extra, scope)
  const [first] = call.args
  if (first?.kind === 'dict') add(first, scope)
  for (const {expr, scope: at} of found.slice())
    if (expr.kind === 'dict') add(expr, at)
    else if (expr.kind === 'name') {
      const value = names.follow(expr, at)
      if (value.expr.kind === 'dict') add(expr, at)
    }
  // `log.bind(method=…).info(…)`
  for (let root: Expr = call.callee, depth = 0; depth < 8; depth += 1) {
    if (root.kind === 'attribute') root = root.value
    else if (root.kind === 'call') {
      const bound = keywordsOf(names, root, scope)
      found.push(...bound.entries)
      root = root.callee
    } else if (root.kind === 'name') {
      const value = names.follow(root, scope)
      if (value.expr === root || value.expr.kind !== 'call') break
      root = value.expr
    } else break
  }
  return {entries: found, open: isOpen}
}

/** One thing that a log call writes: under which key, what it is as written, by the last words of its names. */
export type LoggedValue = Place & {key: string; value: string; made: boolean}
export type LogCalls = {calls: number; values: readonly LoggedValue[]; unread: readonly Unread[]}

/** Everything that the application's log calls write beside fixed text. */
export const readLogCalls: Reader<LogCalls> = async ({read}) => {
  const names = await read(readNames)
  const values: LoggedValue[] = []
  let calls = 0
  for (const module of names.program.modules) {
    if (module.isTest) continue
    const enter = (body: readonly Stmt[], scope: Scope): void => {
      for (const expr of expressionsInBody(body, {deep: false})) {
        if (expr.kind !== 'call' || !isLogCall(names, expr, scope)) continue
        calls += 1
        const add = (key: string, value: Expr, at: Scope) => {
          for (const one of shown(names, value, at))
            values.push({file: at.module.path, line: one.line, key, value: dotted(one) ?? '', made: false})
          if (shown(names, value, at).length === 0)
            values.push({
              file: at.module.path,
              line: value.line,
              key,
              value: '',
              made: textOf(names, value, at) === undefined && value.kind !== 'constant' && value.kind !== 'compare',
            })
        }
        for (const entry of fieldsOf(names, expr, scope).entries) if (entry.expr.kind !== 'dict') add(entry.key, entry.expr, entry.scope)
        for (const arg of expr.args) if (arg.kind !== 'dict') add('', arg, scope)
      }
      for (const statement of statementsIn(body))
        if (statement.kind === 'function' || statement.kind === 'class') enter(statement.body, within(scope, statement))
    }
    enter(module.body, names.moduleScope(module))
  }
  return {calls, values, unread: names.program.unread}
}

/** The names whose values can be read in what is written: through text that is put together, but not through functions that make something else of it. */
const shown = (names: Names, expr: Expr, scope: Scope, depth = 0): Expr[] => {
  if (depth > 6) return []
  const again = (inner: Expr) => shown(names, inner, scope, depth + 1)
  switch (expr.kind) {
    case 'name':
    case 'attribute':
      return [expr]
    case 'fstring':
      return expr.parts.flatMap((part) => (typeof part === 'string' ? [] : again(part)))
    case 'binary':
      return [...again(expr.left), ...again(expr.right)]
    case 'conditional':
      return [...again(expr.then), ...again(expr.otherwise)]
    case 'subscript':
      return expr.index[0]?.kind === 'string'
        ? [{kind: 'attribute', value: expr.value, name: expr.index[0].value, line: expr.line}]
        : again(expr.value)
    case 'list':
    case 'tuple':
      return expr.items.flatMap(again)
    case 'await':
    case 'star':
      return again(expr.value)
    case 'call': {
      const short = (dotted(expr.callee) ?? (expr.callee.kind === 'attribute' ? expr.callee.name : '')).split('.').at(-1) ?? ''
      if (['str', 'repr', 'dict', 'list'].includes(short)) return expr.args.flatMap(again)
      if (
        expr.callee.kind === 'attribute' &&
        ['lower', 'upper', 'strip', 'decode', 'encode', 'model_dump', 'get_secret_value', 'get'].includes(short)
      ) {
        const [key] = expr.args
        if (short === 'get' && key?.kind === 'string')
          return [{kind: 'attribute', value: expr.callee.value, name: key.value, line: expr.line}]
        return short === 'get' ? [] : again(expr.callee.value)
      }
      return expr.callee.kind === 'attribute' && short === 'format' ? expr.args.flatMap(again) : []
    }
    default:
      return []
  }
}

/** Whether an expression holds a call that one of the patterns names. */
export const callsExternal = (names: Names, expr: Expr, scope: Scope, wanted: RegExp): boolean =>
  [...expressionsIn(expr)].some(
    (part) => part.kind === 'call' && wanted.test(names.external(part.callee, scope) ?? dotted(part.callee) ?? ''),
  )
