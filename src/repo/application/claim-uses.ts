import type {Names} from '../python/resolve.ts'
import {dotted, expressionsIn, expressionsInBody, statementsIn, type Expr, type FunctionDef, type Handler} from '../python/syntax.ts'
import type {Reached} from './reached-functions.ts'
import type {Place} from './settings.ts'

/** What is made of claims: a conversion that may fail. `caught`: with which status it is answered, by what stands around it. */
export type ClaimUse = Place & {what: string; caught: boolean}

const claimNames = /^(?:claims|payload|decoded|token_data|data|decoded_token|token_payload|id_info|idinfo)$/

/** A function that is given claims, or takes them out of a token. */
export const readsClaims = (node: FunctionDef): boolean =>
  node.params.some(({name}) => /claims|payload/.test(name)) ||
  [...expressionsInBody(node.body)].some(
    (one) =>
      one.kind === 'call' &&
      /(?:^|\.)(?:decode|verify_id_token|verify_firebase_token|verify_token|verify_oauth2_token)$/.test(dotted(one.callee) ?? ''),
  )

/** Conversions of claims that may fail, and whether an `except` that answers stands around them. */
export const claimUses = (names: Names, {node, scope}: Reached): ClaimUse[] => {
  const found: ClaimUse[] = []
  const enter = (body: FunctionDef['body'], caught: readonly string[]): void => {
    for (const statement of body) {
      if (statement.kind === 'try') {
        enter(statement.body, [...caught, ...answeredBy(statement.handlers)])
        for (const block of [...statement.handlers.map(({body: answer}) => answer), statement.otherwise, statement.finally])
          enter(block, caught)
        continue
      }
      for (const top of statement.kind === 'function' || statement.kind === 'class' ? [] : tops(statement))
        for (const expr of expressionsIn(top)) note(expr, caught)
      if (statement.kind === 'if')
        for (const block of [...statement.branches.map(({body: inner}) => inner), statement.otherwise]) enter(block, caught)
      if (statement.kind === 'for' || statement.kind === 'while' || statement.kind === 'with') enter(statement.body, caught)
    }
  }
  // `claims.sub` of a model was checked when the model was made; `claims["sub"]` and `**claims` were not.
  const isClaims = (expr: Expr): boolean => {
    const parts = [...expressionsIn(expr)]
    const checked = new Set(parts.flatMap((one) => (one.kind === 'attribute' && one.name !== 'get' ? [one.value] : [])))
    return parts.some((one) => one.kind === 'name' && claimNames.test(one.name) && !checked.has(one))
  }
  const note = (expr: Expr, caught: readonly string[]): void => {
    const has = (...types: string[]) => [...types, 'Exception', 'BaseException'].some((type) => caught.includes(type))
    const place = {file: scope.module.path, line: expr.line}
    if (expr.kind === 'call') {
      const last = (dotted(expr.callee) ?? '').split('.').at(-1) ?? ''
      const given = [...expr.args, ...expr.keywords.map(({value}) => value)]
      if (!given.some((one) => isClaims(one))) return
      if (
        ['model_validate', 'parse_obj', 'validate_python'].includes(last) ||
        (/^[A-Z]/.test(last) && !/Exception|Error|UUID$/.test(last) && (expr.keywords.length > 0 || /Role|Id$/.test(last)))
      )
        found.push({...place, what: last, caught: has('ValidationError', 'ValueError')})
      else if (/^(?:UUID|int)$/.test(last)) found.push({...place, what: last, caught: has('ValueError')})
    } else if (
      expr.kind === 'subscript' &&
      expr.value.kind === 'name' &&
      claimNames.test(expr.value.name) &&
      expr.index[0]?.kind === 'string'
    )
      found.push({...place, what: `["${expr.index[0].value}"]`, caught: has('KeyError', 'LookupError')})
  }
  enter(node.body, [])
  if (found.every(({caught}) => caught)) return found
  // What a function does not catch, those who call it may.
  const calls = names.callsOf(node)
  const around = calls.map(({call, scope: at}) => caughtAround(at.within[0]?.body ?? at.module.body, call.line))
  const isCaught =
    around.length > 0 &&
    around.every((types) => types.some((type) => ['ValidationError', 'ValueError', 'Exception', 'BaseException'].includes(type)))
  return isCaught ? found.map((one) => ({...one, caught: true})) : found
}

/** The exceptions that are caught and answered around a line. */
const caughtAround = (body: FunctionDef['body'], line: number): string[] =>
  [...statementsIn(body)].flatMap((one) => {
    if (one.kind !== 'try' || !one.body.some((inner) => inner.line <= line && line <= inner.endLine)) return []
    return answeredBy(one.handlers)
  })

/** The exceptions that handlers turn into others. */
const answeredBy = (handlers: readonly Handler[]): string[] =>
  handlers.flatMap(({types, body}) => {
    if (![...statementsIn(body)].some(({kind}) => kind === 'raise')) return []
    return types === undefined
      ? ['Exception']
      : (types.kind === 'tuple' ? types.items : [types]).map((type) => (dotted(type) ?? '').split('.').at(-1) ?? '')
  })

const tops = (statement: FunctionDef['body'][number]): readonly Expr[] => {
  if (statement.kind === 'if') return statement.branches.map(({test}) => test)
  if (statement.kind === 'assign' || statement.kind === 'return' || statement.kind === 'expression')
    return statement.value === undefined ? [] : [statement.value]
  return []
}
