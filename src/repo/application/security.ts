import type {Reader, Unread} from '../files.ts'
import type {Expr} from '../python/syntax.ts'
import {claimChecksIn, type ClaimCheck} from './claim-checks.ts'
import {readApplications, type Application} from './fastapi.ts'
import {createTrials, subjectsOf} from './guard-trials.ts'
import {roleGuardsIn, type RoleGuard} from './role-guards.ts'
import {rolesIn, type RoleDefinition} from './roles.ts'
import {createProtection, type RouteProtection} from './route-protection.ts'
import type {Place} from './settings.ts'
import {createUsers, type UserDependency} from './user-dependencies.ts'
import {everyVerification} from './verification-calls.ts'
import type {Verification} from './verification.ts'

export type {RoleDefinition} from './roles.ts'
export type {Certainty, Guard} from './route-guards.ts'
export type {RouteProtection} from './route-protection.ts'
export type {UserDependency} from './user-dependencies.ts'
export type {Verification} from './verification.ts'

/** Who is let in where, as far as the code says it. */
export type Security = {
  applications: readonly Place[]
  routes: readonly RouteProtection[]
  roles: readonly RoleDefinition[]
  /** Every role that routes were tried with, in lower case. */
  universe: readonly string[]
  /** `reached`: on the way to some route. */
  verifications: readonly (Verification & {reached: boolean})[]
  users: readonly UserDependency[]
  /** Functions and classes that by their name let only some roles through; `refuses`: they do, when tried. */
  roleGuards: readonly RoleGuard[]
  /** Claims that code compares or looks for by itself. */
  claimChecks: readonly ClaimCheck[]
  unread: readonly Unread[]
}

const maxRoutes = 3000

/** What protects each route: everything before it is gone through once for each role. */
export const readSecurity: Reader<Security> = async ({read}) => {
  const {names, applications, unread} = await read(readApplications)
  const roles = rolesIn(names)
  const subjects = subjectsOf(roles)
  const verifications = new Map<string, Verification & {reached: boolean}>()
  const served = withoutMounted(applications)
  const count = served.reduce((sum, {routes}) => sum + Math.min(routes.length, maxRoutes), 0)
  const trials = createTrials(names, subjects, verifications, count)
  const protection = createProtection(trials)
  const {usersOf, definedUsers} = createUsers(trials)
  const users = new Map<string, UserDependency>()
  const routes: RouteProtection[] = []
  for (const application of served)
    for (const route of application.routes.slice(0, maxRoutes)) {
      routes.push(protection(route, application, applications))
      for (const user of usersOf(route)) {
        const key = `${user.file}:${user.line}`
        const known = users.get(key)
        users.set(key, {...user, routes: (known?.routes ?? 0) + 1})
      }
    }
  for (const user of definedUsers()) if (!users.has(`${user.file}:${user.line}`)) users.set(`${user.file}:${user.line}`, user)
  for (const one of everyVerification(names))
    if (!verifications.has(`${one.file}:${one.line}`)) verifications.set(`${one.file}:${one.line}`, {...one, reached: false})
  return {
    applications: served.map(({file, line}) => ({file, line})),
    routes,
    roles,
    universe: subjects.map(({label}) => label),
    verifications: [...verifications.values()],
    users: [...users.values()],
    roleGuards: roleGuardsIn(trials, served[0]?.exceptionHandlers ?? []),
    claimChecks: claimChecksIn(names),
    unread: [...unread],
  }
}

/** Applications that are not mounted in another one, whose routes have theirs. */
const withoutMounted = (applications: readonly Application[]): Application[] => {
  const owners = new Map<Expr, Set<Application>>()
  for (const one of applications)
    for (const {declaration} of one.routes) owners.set(declaration.expr, (owners.get(declaration.expr) ?? new Set()).add(one))
  return applications.filter((one) => {
    const others = applications.filter((other) => other !== one && other.routes.length > one.routes.length)
    return (
      one.routes.length === 0 ||
      !others.some((other) => one.routes.every(({declaration}) => owners.get(declaration.expr)?.has(other) === true))
    )
  })
}
