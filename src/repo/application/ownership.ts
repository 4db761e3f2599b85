import type {Reader, Unread} from '../files.ts'
import {within, type Names, type Scope} from '../python/resolve.ts'
import {dotted, expressionsIn, expressionsInBody, statementsIn, type Expr, type FunctionDef} from '../python/syntax.ts'
import {titled} from './accounts.ts'
import {parameterDependencies, readApplications} from './fastapi.ts'
import {functionsOfRoute, type Reached} from './reached-functions.ts'

type Place = {file: string; line: number}

/** A route that acts for somebody or on somebody's thing. */
export type ActingRoute = Place & {
  method: string
  route: string
  /** What of the request says whom or what it is about: `employee_id` in the path or the body. */
  subject: string
  /** Where the owner is compared with who asks. */
  compared?: Place
}

/** A model of a request with a password in it. */
export type PasswordModel = Place & {
  name: string
  routes: readonly string[]
  minLength?: number
  /** The type of the field for the address: '' where there is no such field. */
  email: string
}

/** What is made of claims: a conversion that may fail. `caught`: with which status it is answered, by what stands around it. */
export type ClaimUse = Place & {what: string; caught: boolean}

export type Ownership = {
  routes: readonly ActingRoute[]
  models: readonly PasswordModel[]
  /** Where leaked passwords are refused. */
  breached: readonly Place[]
  claims: readonly ClaimUse[]
  /** Where a user is looked up again or found to be blocked. */
  rechecks: readonly (Place & {what: string; function: string})[]
  unread: readonly Unread[]
}

const subjects = /^(?:employee|user|agent|worker|assignee|owner|account|member|person)_?(?:id|uuid)?$|^assigned_to$/
const things = /^(?:queue|queue_entry|entry|task|item|ticket|record_queue|job|order|assignment)_?(?:id|uuid)$/
const ownerNames =
  /^(?:assigned_to|assignee_?\w*|owner_?\w*|employee_id|employee|user_id|agent_id|account_id|created_by|subject|identity_uid|sub)$/

export const readOwnership: Reader<Ownership> = async ({read}) => {
  const {names, applications, unread} = await read(readApplications)
  const routes: ActingRoute[] = []
  const models = new Map<string, PasswordModel>()
  for (const route of applications.flatMap((one) => one.routes)) {
    const functions = functionsOfRoute(names, route)
    for (const model of modelsOf(names, route.handler)) {
      const known = models.get(`${model.file}:${model.line}`)
      models.set(`${model.file}:${model.line}`, {...model, routes: [...(known?.routes ?? []), titled(route)]})
    }
    if (!['POST', 'PUT', 'PATCH', 'DELETE'].includes(route.method)) continue
    const subject = subjectOf(names, route.path ?? '', route.handler)
    if (subject === undefined) continue
    const compared = functions.flatMap((one) => comparisonsIn(one))[0]
    routes.push({
      file: route.file,
      line: route.line,
      method: route.method,
      route: titled(route),
      subject,
      ...(compared === undefined ? {} : {compared}),
    })
  }
  const bodies = names.program.modules.filter(({isTest}) => !isTest)
  const breached = bodies.flatMap((module) =>
    [...expressionsInBody(module.body)]
      .filter((one) =>
        /pwned|hibp|breach|leaked|common_passwords?|zxcvbn|password_blocklist|banned_passwords?|weak_passwords?/i.test(
          one.kind === 'name' || one.kind === 'attribute' ? one.name : '',
        ),
      )
      .slice(0, 1)
      .map(({line}) => ({file: module.path, line})),
  )
  const users = applications.flatMap((one) => one.routes).flatMap((route) => functionsOfRoute(names, route))
  const guards = [...new Map(users.map((one) => [one.node, one])).values()].filter(({node}) => readsClaims(node))
  return {
    routes,
    models: [...models.values()],
    breached,
    claims: guards.flatMap((one) => claimUses(names, one)),
    rechecks: [...new Map(users.map((one) => [one.node, one])).values()].flatMap((one) => rechecksIn(one)),
    unread: [...unread],
  }
}

const modelFields = (
  names: Names,
  annotation: Expr,
  scope: Scope,
): {name: string; annotation: Expr | undefined; value: Expr | undefined; scope: Scope}[] => {
  const found = names.annotated(annotation, scope)
  if (found === undefined || 'external' in found) return []
  const {classes, external} = names.ancestors(found)
  if (!external.some((one) => /BaseModel$|SQLModel$/.test(one))) return []
  return classes.flatMap(({node, scope: at}) =>
    node.body.flatMap((statement) => {
      const [target] = statement.kind === 'assign' ? statement.targets : []
      return statement.kind === 'assign' && target?.kind === 'name'
        ? [{name: target.name, annotation: statement.annotation, value: statement.value, scope: within(at, node)}]
        : []
    }),
  )
}

/** The field, parameter or part of the path that says whom a route acts for. */
const subjectOf = (names: Names, path: string, handler: Reached | undefined): string | undefined => {
  const inPath = [...path.matchAll(/\{(\w+)(?::\w+)?\}/g)].flatMap(([, name]) => name ?? [])
  const own = inPath.find((name) => subjects.test(name) || things.test(name))
  if (own !== undefined) return own
  for (const param of handler?.node.params ?? []) {
    const {name, annotation} = param
    // What a dependency gives was not sent as it is.
    if (handler !== undefined && parameterDependencies(names, {...handler.node, params: [param]}, handler.scope).length > 0) continue
    if (subjects.test(name) && /_id$|^assigned_to$/.test(name)) return name
    const field =
      annotation === undefined || handler === undefined
        ? undefined
        : modelFields(names, annotation, handler.scope).find((one) => /_id$|^assigned_to$/.test(one.name) && subjects.test(one.name))
    if (field !== undefined) return `${name}.${field.name}`
  }
  return undefined
}

/** Comparisons of an owner with somebody, in conditions that refuse and in queries. */
const comparisonsIn = ({node, scope}: Reached): Place[] => {
  const isOwner = (expr: Expr): boolean => expr.kind === 'attribute' && ownerNames.test(expr.name)
  const isSomebody = (expr: Expr): boolean =>
    /(?:user|principal|me|current|who|caller|identity|claims|actor|account)\b|^(?:employee_id|own\w*|my\w*|acting\w*|subject|sub)$/i.test(
      dotted(expr) ?? '',
    )
  const fits = (test: Expr): boolean =>
    [...expressionsIn(test)].some(
      (one) =>
        one.kind === 'compare' &&
        one.operands.length === 2 &&
        ((one.operands.some(isOwner) &&
          one.operands.some((operand) => !isOwner(operand) || /user|me\b|principal|who|current/i.test(dotted(operand) ?? '')) &&
          one.operands.some(isSomebody)) ||
          (one.operands.some(isSomebody) &&
            one.operands.some((operand) => subjects.test(operand.kind === 'name' ? operand.name : '') || isOwner(operand)))),
    )
  return [...statementsIn(node.body)].flatMap((one) =>
    one.kind === 'if' && one.branches.some(({test, body}) => fits(test) && [...statementsIn(body)].some(({kind}) => kind === 'raise'))
      ? [{file: scope.module.path, line: one.line}]
      : [],
  )
}

const modelsOf = (names: Names, handler: Reached | undefined): Omit<PasswordModel, 'routes'>[] =>
  (handler?.node.params ?? []).flatMap(({annotation}) => {
    if (annotation === undefined || handler === undefined) return []
    const found = names.annotated(annotation, handler.scope)
    if (found === undefined || 'external' in found) return []
    const fields = modelFields(names, annotation, handler.scope)
    const password = fields.find(({name}) => /^(?:new_)?password$/.test(name))
    if (password === undefined) return []
    const length = lengthIn(names, [password.annotation, password.value], password.scope)
    const email = fields.find(({name}) => /^e?_?mail(?:_address)?$/.test(name))
    return [
      {
        file: found.scope.module.path,
        line: password.annotation?.line ?? found.node.line,
        name: found.node.name,
        ...(length === undefined ? {} : {minLength: length}),
        email:
          email?.annotation === undefined
            ? ''
            : ([...expressionsIn(email.annotation)]
                .flatMap((one) => (one.kind === 'name' || one.kind === 'attribute' ? [one.name] : []))
                .find((name) => name === 'EmailStr') ?? 'str'),
      },
    ]
  })

const lengthIn = (names: Names, exprs: readonly (Expr | undefined)[], scope: Scope, depth = 0): number | undefined => {
  for (const expr of exprs) {
    if (expr === undefined || depth > 4) continue
    for (const part of expressionsIn(expr)) {
      if (part.kind === 'call')
        for (const {name, value} of part.keywords) {
          const {expr: given} = names.follow(value, scope)
          if (name === 'min_length' && given.kind === 'constant' && typeof given.value === 'number') return given.value
        }
      if (part.kind === 'name') {
        const {expr: behind, scope: at} = names.follow(part, scope)
        const inner = behind === part || behind.kind === 'name' ? undefined : lengthIn(names, [behind], at, depth + 1)
        if (inner !== undefined) return inner
      }
    }
  }
  return undefined
}

const claimNames = /^(?:claims|payload|decoded|token_data|data|decoded_token|token_payload|id_info|idinfo)$/

const readsClaims = (node: FunctionDef): boolean =>
  node.params.some(({name}) => /claims|payload/.test(name)) ||
  [...expressionsInBody(node.body)].some(
    (one) =>
      one.kind === 'call' &&
      /(?:^|\.)(?:decode|verify_id_token|verify_firebase_token|verify_token|verify_oauth2_token)$/.test(dotted(one.callee) ?? ''),
  )

/** Conversions of claims that may fail, and whether an `except` that answers stands around them. */
const claimUses = (names: Names, {node, scope}: Reached): ClaimUse[] => {
  const found: ClaimUse[] = []
  const enter = (body: FunctionDef['body'], caught: readonly string[]): void => {
    for (const statement of body) {
      if (statement.kind === 'try') {
        const types = statement.handlers.flatMap(({types: given, body: answer}) => {
          if (![...statementsIn(answer)].some(({kind}) => kind === 'raise')) return []
          return given === undefined
            ? ['Exception']
            : (given.kind === 'tuple' ? given.items : [given]).map((one) => (dotted(one) ?? '').split('.').at(-1) ?? '')
        })
        enter(statement.body, [...caught, ...types])
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
    return one.handlers.flatMap(({types, body: answer}) => {
      if (![...statementsIn(answer)].some(({kind}) => kind === 'raise')) return []
      return types === undefined
        ? ['Exception']
        : (types.kind === 'tuple' ? types.items : [types]).map((type) => (dotted(type) ?? '').split('.').at(-1) ?? '')
    })
  })

const tops = (statement: FunctionDef['body'][number]): readonly Expr[] => {
  if (statement.kind === 'if') return statement.branches.map(({test}) => test)
  if (statement.kind === 'assign' || statement.kind === 'return' || statement.kind === 'expression')
    return statement.value === undefined ? [] : [statement.value]
  return []
}

const rechecksIn = ({node, scope}: Reached): (Place & {what: string; function: string})[] => {
  const found = [...statementsIn(node.body)].flatMap((one) =>
    one.kind === 'if' && [...statementsIn(one.branches.flatMap(({body}) => body))].some(({kind}) => kind === 'raise')
      ? one.branches.flatMap(({test}) =>
          [...expressionsIn(test)].flatMap((part) =>
            part.kind === 'attribute' &&
            /^(?:is_)?(?:active|disabled|blocked|revoked|deactivated|enabled|locked)(?:_at)?$|^(?:token|session)_version$/.test(part.name)
              ? [{file: scope.module.path, line: part.line, what: part.name, function: node.name}]
              : [],
          ),
        )
      : [],
  )
  const isGuard = /user|principal|identity|account|claims|auth/i.test(node.name)
  const looks = [...expressionsInBody(node.body)].find(
    (one) =>
      one.kind === 'call' &&
      /(?:session|db|repo\w*|users?|crud|store)\.(?:\w+\.)*(?:get|scalar|scalars|execute|first|get_\w+|find_\w+|query)$/i.test(
        dotted(one.callee) ?? '',
      ),
  )
  const refuses = [...statementsIn(node.body)].some(
    (one) =>
      one.kind === 'if' &&
      one.branches.some(
        ({test, body}) =>
          /^(?:not|None)/.test(test.kind === 'unary' ? test.op : test.kind === 'compare' ? 'None' : '') &&
          [...statementsIn(body)].some(({kind}) => kind === 'raise'),
      ),
  )
  if (isGuard && looks !== undefined && refuses)
    found.push({file: scope.module.path, line: looks.line, what: 'the user is looked up', function: node.name})
  return found
}
