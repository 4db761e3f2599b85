import type {Reader, Unread} from '../files.ts'
import type {Names} from '../python/resolve.ts'
import {dotted, expressionsIn, expressionsInBody, statementsIn, type Expr} from '../python/syntax.ts'
import {rechecksIn, type Recheck} from './account-rechecks.ts'
import {titled} from './accounts.ts'
import {claimUses, readsClaims, type ClaimUse} from './claim-uses.ts'
import {parameterDependencies, readApplications} from './fastapi.ts'
import {passwordModelsOf, type PasswordModel} from './password-models.ts'
import {functionsOfRoute, type Reached} from './reached-functions.ts'
import {modelFields} from './request-models.ts'
import type {Place} from './settings.ts'

export type {ClaimUse} from './claim-uses.ts'
export type {PasswordModel} from './password-models.ts'

/** A route that acts for somebody or on somebody's thing. */
export type ActingRoute = Place & {
  method: string
  route: string
  /** What of the request says whom or what it is about: `employee_id` in the path or the body. */
  subject: string
  /** Where the owner is compared with who asks. */
  compared?: Place
}

export type Ownership = {
  routes: readonly ActingRoute[]
  models: readonly PasswordModel[]
  /** Where leaked passwords are refused. */
  breached: readonly Place[]
  claims: readonly ClaimUse[]
  /** Where a user is looked up again or found to be blocked. */
  rechecks: readonly Recheck[]
  unread: readonly Unread[]
}

const subjects = /^(?:employee|user|agent|worker|assignee|owner|account|member|person)_?(?:id|uuid)?$|^assigned_to$/
const things = /^(?:queue|queue_entry|entry|task|item|ticket|record_queue|job|order|assignment)_?(?:id|uuid)$/
const ownerNames =
  /^(?:assigned_to|assignee_?\w*|owner_?\w*|employee_id|employee|user_id|agent_id|account_id|created_by|subject|identity_uid|sub)$/

/** Who may act for whom: owners that are compared, passwords that are taken, claims that are trusted, users who are looked up again. */
export const readOwnership: Reader<Ownership> = async ({read}) => {
  const {names, applications, unread} = await read(readApplications)
  const routes: ActingRoute[] = []
  const models = new Map<string, PasswordModel>()
  for (const route of applications.flatMap((one) => one.routes)) {
    const functions = functionsOfRoute(names, route)
    for (const model of passwordModelsOf(names, route.handler)) {
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
