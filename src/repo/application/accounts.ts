import type {Reader, Unread} from '../files.ts'
import {constantOf, textOf} from '../python/constant.ts'
import {entriesOf, flow} from '../python/flow.ts'
import {within, type Names, type Scope} from '../python/resolve.ts'
import {
  argument,
  dotted,
  expressionsIn,
  expressionsInBody,
  statementsIn,
  type Call,
  type Expr,
  type FunctionDef,
  type Stmt,
} from '../python/syntax.ts'
import {readApplications, type RouteSyntax} from './fastapi.ts'
import {functionsOfRoute} from './reached-functions.ts'

type Place = {file: string; line: number}
/** Which routes run it, each as `METHOD path`. */
type Used = {routes: readonly string[]}

/** How the application makes accounts, checks passwords and issues tokens by itself. */
export type Accounts = {
  /** A hasher of passwords is called. `literal`: with a text that stands in the source, shown by its first character and length. */
  hashes: readonly (Place & Used & {call: string; literal?: string})[]
  /** An account or its password stands in the source. */
  literals: readonly (Place & {what: string; literal: string})[]
  /** A password is compared with its hash. `dummy`: something stands in for the hash of a user who does not exist. */
  checks: readonly (Place & Used & {call: string; dummy: boolean})[]
  /** Code writes a user with a role that is privileged, or that the caller chooses. */
  privileged: readonly (Place & Used & {what: string; chosen: boolean})[]
  /** A query for users by their role, and how its one result is taken. */
  roleQueries: readonly (Place & {by: string; atMostOne: boolean})[]
  /** A token is signed. `minutes`: how long it lives, as far as that can be read; `setting`: the setting that says it. */
  tokens: readonly (Place & Used & {claims: readonly string[]; open: boolean; minutes?: number; setting?: string})[]
  /** Something limits how often a route may be called, or locks an account. */
  limits: readonly (Place & Used & {what: string})[]
  unread: readonly Unread[]
}

const hashers =
  /^(?:hash|hashpw|get_password_hash|hash_password|make_password|generate_password_hash|create_password_hash|encrypt_password|password_hash)$/
const checkers = /^(?:verify|checkpw|verify_password|check_password|check_password_hash|verify_and_update|password_matches)$/
const privilegedRole = /admin|super|owner|root/i
const userClass = /user|account|employee|member|operator|staff|principal/i

export const readAccounts: Reader<Accounts> = async ({read}) => {
  const {names, applications, unread} = await read(readApplications)
  const users = usesOf(
    names,
    applications.flatMap(({routes}) => routes),
  )

  const made: {[Key in Exclude<keyof Accounts, 'unread'>]: Accounts[Key][number][]} = {
    hashes: [],
    literals: [],
    checks: [],
    privileged: [],
    roleQueries: [],
    tokens: [],
    limits: [],
  }
  const enter = (body: readonly Stmt[], scope: Scope, inside: FunctionDef | undefined): void => {
    const routes = inside === undefined ? [] : (users.get(inside) ?? [])
    for (const statement of statementsIn(body)) {
      if (statement.kind === 'function') {
        for (const decorator of statement.decorators)
          if (/limit|throttle/i.test(spelled(decorator)))
            made.limits.push({...at(scope, decorator), what: spelled(decorator), routes: users.get(statement) ?? []})
        enter(statement.body, within(scope, statement), statement)
      } else if (statement.kind === 'class') enter(statement.body, within(scope, statement), inside)
    }
    for (const expr of expressionsInBody(body, {deep: false})) {
      if (expr.kind === 'call') ofCall(expr, scope, routes)
      if (expr.kind === 'dict') ofDict(expr, scope)
      if (
        (expr.kind === 'attribute' || expr.kind === 'name') &&
        /^(?:failed_(?:login_)?attempts|login_attempts|locked_until|lockout\w*|locked_at)$/i.test(expr.name)
      )
        made.limits.push({...at(scope, expr), what: expr.name, routes})
    }
    for (const statement of statementsIn(body))
      if (statement.kind === 'assign' && statement.value !== undefined)
        for (const target of statement.targets)
          if (target.kind === 'attribute' && /^(?:role|roles|is_admin|is_superuser)$/.test(target.name))
            ofRole(target.name, statement.value, scope, routes, statement.line)
  }

  const ofCall = (call: Call, scope: Scope, routes: readonly string[]): void => {
    const last = call.callee.kind === 'name' || call.callee.kind === 'attribute' ? call.callee.name : ''
    const place = at(scope, call)
    const [first] = call.args
    if (/RateLimiter$|^limiter$/i.test(last))
      made.limits.push({...place, what: spelled(call.callee), routes: routes.length > 0 ? routes : routesAround(call)})
    if (hashers.test(last) && isOfPasswords(names, call, scope, last)) {
      const literal = first === undefined ? undefined : literalIn(names, first, scope)
      made.hashes.push({
        ...place,
        call: spelled(call.callee),
        routes,
        ...(literal === undefined || isDummy(literal) ? {} : {literal: shown(literal)}),
      })
    }
    if (checkers.test(last) && isOfPasswords(names, call, scope, last))
      made.checks.push({
        ...place,
        call: spelled(call.callee),
        routes,
        dummy: call.args.some((one) => [...expressionsIn(one)].some((part) => /dummy|fake|timing|nobody/i.test(spelled(part)))),
      })
    if (/^(?:jose\.jwt|jwt|authlib\.jose\.jwt|joserfc\.jwt)\.encode$/.test(names.external(call.callee, scope) ?? ''))
      made.tokens.push({...place, ...tokenOf(names, call, scope), routes})
    if (userClass.test(last) && /^[A-Z]/.test(last) && !/Error|Exception|Response|Out$|Read$|Public/.test(last)) {
      for (const {name, value} of call.keywords) {
        if (name === undefined) continue
        if (/^(?:role|roles|is_admin|is_superuser)$/.test(name)) ofRole(name, value, scope, routes, call.line)
        const literal = /^(?:password|hashed_password|password_hash|pwd)$/.test(name) ? literalIn(names, value, scope) : undefined
        if (literal !== undefined && literal !== '' && !isDummy(literal))
          made.literals.push({...place, what: `${last}(${name}=…)`, literal: shown(literal)})
      }
    }
    if (['scalar_one_or_none', 'scalar_one', 'one_or_none', 'one', 'first', 'scalar', 'scalars', 'exists'].includes(last)) {
      const parts = receiverParts(names, call, scope)
      const byRole =
        parts.some(
          (part) =>
            part.kind === 'compare' && part.operands.some((one) => /\.(?:role|roles|is_admin|is_superuser)$/.test(dotted(one) ?? '')),
        ) ||
        parts.some(
          (part) =>
            part.kind === 'call' &&
            part.callee.kind === 'attribute' &&
            part.callee.name === 'filter_by' &&
            part.keywords.some(({name}) => /^(?:role|is_admin|is_superuser)$/.test(name ?? '')),
        )
      const byKey = parts.some(
        (part) =>
          part.kind === 'compare' && part.operands.some((one) => /\.(?:id|email|username|subject|sub|uid)$/.test(dotted(one) ?? '')),
      )
      const limited = parts.some(
        (part) => part.kind === 'call' && part.callee.kind === 'attribute' && ['limit', 'count', 'exists'].includes(part.callee.name),
      )
      if (byRole && !byKey && last !== 'scalars') made.roleQueries.push({...place, by: last, atMostOne: /one/.test(last) && !limited})
    }
  }

  const routesAround = (call: Call): readonly string[] =>
    applications.flatMap(({routes}) =>
      routes
        .filter(({dependencies}) => dependencies.some(({expr}) => expr === call || [...expressionsIn(expr)].includes(call)))
        .map(titled),
    )

  const ofDict = (dict: Extract<Expr, {kind: 'dict'}>, scope: Scope): void => {
    for (const {key, value} of dict.entries) {
      if (key?.kind !== 'string' || value.kind !== 'string' || value.value === '') continue
      const isHash = /^(?:hashed_password|password_hash|hash)$/.test(key.value) || /^\$(?:2[aby]|argon2|pbkdf2|scrypt)/.test(value.value)
      const hasName = dict.entries.some((one) => one.key?.kind === 'string' && /^(?:username|email|login|user)$/.test(one.key.value))
      if (isHash && hasName) made.literals.push({...at(scope, value), what: key.value, literal: shown(value.value)})
    }
  }

  const ofRole = (name: string, value: Expr, scope: Scope, routes: readonly string[], line: number): void => {
    const known = constantOf(names, value, scope)
    const text = typeof known === 'string' ? known : (dotted(value)?.split('.').at(-1) ?? '')
    const isFlag = name.startsWith('is_')
    const chosen =
      !isFlag &&
      known === undefined &&
      /\.role$/.test(dotted(value) ?? '') &&
      /^(?:request|body|data|payload|form|user_in|new|wanted|obj_in|credentials|register\w*)\b/.test(dotted(value) ?? '')
    const isPrivileged = isFlag ? known === true : privilegedRole.test(text) && !chosen && !/^(?:role|roles)$/i.test(text)
    if (isPrivileged || chosen)
      made.privileged.push({
        file: scope.module.path,
        line,
        what: chosen ? `${name} as the caller says` : `${name}=${text === '' ? String(known) : text}`,
        chosen,
        routes,
      })
  }

  for (const module of names.program.modules) if (!module.isTest) enter(module.body, names.moduleScope(module), undefined)
  for (const {middlewares} of applications)
    for (const {file, line, external, class: own} of middlewares)
      if (/limit|throttle/i.test(external ?? own?.node.name ?? '') && !/body|size|upload/i.test(external ?? own?.node.name ?? ''))
        made.limits.push({file, line, what: external ?? own?.node.name ?? '', routes: ['*']})
  return {...made, unread: [...unread]}
}

/** `METHOD path` of a route. */
export const titled = ({method, path, handler}: Pick<RouteSyntax, 'method' | 'path' | 'handler'>): string =>
  `${method} ${path ?? handler?.node.name ?? ''}`

/** The routes that run a function. */
const usesOf = (names: Names, routes: readonly RouteSyntax[]): Map<FunctionDef, string[]> => {
  const found = new Map<FunctionDef, string[]>()
  for (const route of routes.slice(0, 1500))
    for (const {node} of functionsOfRoute(names, route)) {
      const known = found.get(node)
      if (known === undefined) found.set(node, [titled(route)])
      else if (!known.includes(titled(route))) known.push(titled(route))
    }
  return found
}

const at = (scope: Scope, {line}: {line: number}): Place => ({file: scope.module.path, line})
const shown = (literal: string): string => `${literal.slice(0, 1)}… (${literal.length} characters)`
const isDummy = (literal: string): boolean => /dummy|timing|fake|not-a-|placeholder/i.test(literal)
const spelled = (expr: Expr): string => dotted(expr.kind === 'call' ? expr.callee : expr) ?? ''

/** The text that an expression is where it stands in the source; what a setting holds does not. */
const literalIn = (names: Names, expr: Expr, scope: Scope): string | undefined => {
  if (expr.kind === 'call' && expr.callee.kind === 'attribute' && expr.callee.name === 'encode')
    return literalIn(names, expr.callee.value, scope)
  if (expr.kind === 'attribute') return undefined
  if (expr.kind === 'name') {
    const found = names.resolve(expr, scope)
    return found?.kind === 'value' && found.value !== undefined && found.value.kind !== 'attribute'
      ? textOf(names, found.value, found.scope)
      : undefined
  }
  if (expr.kind === 'string' && expr.bytes) return expr.value
  return textOf(names, expr, scope)
}

/** `hash` and `verify` are names of many things: a hasher of passwords, or a function whose name says so. */
const isOfPasswords = (names: Names, call: Call, scope: Scope, last: string): boolean => {
  if (/password|pw$|hashpw|checkpw/.test(last)) return true
  const receiver = call.callee.kind === 'attribute' ? call.callee.value : undefined
  if (receiver === undefined) return false
  const instance = names.instanceOf(receiver, scope)
  const external = names.external(call.callee, scope) ?? (instance !== undefined && 'external' in instance ? instance.external : '')
  return (
    /^(?:passlib|bcrypt|argon2|pwdlib|werkzeug\.security|nacl\.pwhash)\b/.test(external) ||
    /pwd|passw|hasher|crypt/i.test(dotted(receiver) ?? '')
  )
}

/** Everything in what a result is taken of: the query, through the names that it was given. */
const receiverParts = (names: Names, call: Call, scope: Scope): Expr[] => {
  if (call.callee.kind !== 'attribute') return []
  const parts: Expr[] = []
  for (const start of [call.callee.value, ...call.args])
    for (const {expr} of flow(names, {expr: start, scope})) {
      parts.push(expr)
      if (parts.length > 200) return parts
    }
  return parts
}

/** The claims of a token that is signed, and how long it lives. */
const tokenOf = (names: Names, call: Call, scope: Scope): {claims: string[]; open: boolean; minutes?: number; setting?: string} => {
  const given = argument(call, 'claims', 0) ?? argument(call, 'payload', 0)
  const {entries, open} =
    given === undefined
      ? {entries: [], open: true}
      : entriesOf(names, {
          expr: given.kind === 'call' && given.callee.kind === 'attribute' && given.callee.name === 'copy' ? given.callee.value : given,
          scope,
        })
  const expiry = entries.find(({key}) => key === 'exp')
  const [made] = expiry === undefined ? [] : lifetimesIn(names, expiry.expr, expiry.scope)
  return {claims: [...new Set(entries.map(({key}) => key))], open, ...(made ?? {})}
}

const inMinutes: Readonly<Record<string, number>> = {seconds: 1 / 60, minutes: 1, hours: 60, days: 1440, weeks: 10_080}

const lifetimesIn = (names: Names, expr: Expr, scope: Scope): {minutes?: number; setting?: string}[] => {
  const found: {minutes?: number; setting?: string}[] = []
  for (const {expr: part, scope: around} of flow(names, {expr, scope})) {
    if (part.kind !== 'call' || !/(?:^|\.)timedelta$/.test(dotted(part.callee) ?? '')) continue
    for (const {name, value} of part.keywords) {
      const factor = name === undefined ? undefined : inMinutes[name]
      const amount = constantOf(names, value, around)
      if (factor === undefined) continue
      found.push({
        ...(typeof amount === 'number' ? {minutes: amount * factor} : {}),
        ...(value.kind === 'attribute' ? {setting: value.name} : {}),
      })
    }
  }
  return found
}
