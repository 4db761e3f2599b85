import {within, type ClassRef, type Scope} from '../python/resolve.ts'
import {statementsIn, type Expr, type FunctionDef} from '../python/syntax.ts'
import {definitionsIn, parameterDependencies, type RouteDependency, type RouteSyntax} from './fastapi.ts'
import {freshRun, freshState} from './guard-state.ts'
import {split, type Trials} from './guard-trials.ts'
import {certainties, type Certainty} from './route-guards.ts'
import type {Place} from './settings.ts'

/** A dependency that gives the user who asks. `type`: the class of what it gives, '' where it gives no class. */
export type UserDependency = Place & {name: string; type: string; verified: Certainty; routes: number}

type Target = {node: FunctionDef; scope: Scope; owner?: ClassRef}

/** The functions that give the user who asks. */
export const createUsers = ({names, subjects, interpreter, ofDependency}: Trials) => {
  /** The functions that give a user, among the dependencies of a route's parameters and what those depend on. */
  const usersOf = (route: RouteSyntax): Omit<UserDependency, 'routes'>[] => {
    const found = new Map<string, Omit<UserDependency, 'routes'>>()
    const enter = (dependencies: readonly RouteDependency[], depth: number): void => {
      for (const one of dependencies) {
        const target = functionBehind(one.expr, one.scope)
        if (target === undefined) continue
        const type = typeOf(target)
        if (isOfUser(target.node.name, type)) {
          const {verified} = ofDependency(one, route, () => [])
          const place = {file: target.scope.module.path, line: target.node.line}
          found.set(`${place.file}:${place.line}`, {
            ...place,
            name: target.owner?.node.name ?? target.node.name,
            type,
            verified: certainties[verified] ?? 'no',
          })
        }
        if (depth < 5) enter(parameterDependencies(names, target.node, target.scope), depth + 1)
      }
    }
    enter(
      route.dependencies.filter(({via}) => via === 'parameter'),
      0,
    )
    return [...found.values()]
  }

  const functionBehind = (expr: Expr, scope: Scope): Target | undefined => {
    const found = names.resolve(expr, scope)
    if (found?.kind === 'function') return {node: found.node, scope: found.scope}
    const instance = names.instanceOf(expr, scope)
    const ref =
      found?.kind === 'class'
        ? {node: found.node, scope: found.scope}
        : instance !== undefined && !('external' in instance)
          ? instance
          : undefined
    const method = ref === undefined ? undefined : names.member(ref, found?.kind === 'class' ? '__init__' : '__call__')
    return method?.kind === 'function' && ref !== undefined ? {node: method.node, scope: method.scope, owner: ref} : undefined
  }

  const typeOf = ({node, scope, owner}: Target): string => {
    if (node.name === '__init__') return owner?.node.name ?? ''
    const declared = node.returns === undefined ? undefined : names.annotated(node.returns, scope)
    if (declared !== undefined)
      return 'external' in declared
        ? /^[A-Z]/.test(declared.external.split('.').at(-1) ?? '') && !/^(?:typing|collections)\./.test(declared.external)
          ? declared.external
          : ''
        : declared.node.name
    const inner = within(scope, node)
    for (const statement of statementsIn(node.body))
      if (statement.kind === 'return' && statement.value !== undefined) {
        const made = names.instanceOf(statement.value, inner)
        if (made !== undefined && !('external' in made)) return made.node.name
      }
    return ''
  }

  /** Functions that by their name give the current user, wired or not. */
  const definedUsers = (): UserDependency[] =>
    names.program.modules
      .filter(({isTest}) => !isTest)
      .flatMap((module) => [...definitionsIn(names, module)])
      .flatMap(({node, scope}) => {
        if (
          node.kind !== 'function' ||
          !/^(?:get_)?current_?(?:active_)?(?:user|principal|account|identity)/.test(node.name) ||
          scope.within.length > 0
        )
          return []
        const run = freshRun(6000, {role: subjects[0]?.role})
        const {passed} = split(interpreter.inject({is: 'function', node, scope, env: undefined}, freshState(), run))
        const verified = passed.length === 0 ? 2 : Math.min(...passed.map(({state}) => state.verified))
        return [
          {
            file: scope.module.path,
            line: node.line,
            name: node.name,
            type: typeOf({node, scope}),
            verified: certainties[verified] ?? 'no',
            routes: 0,
          },
        ]
      })

  return {usersOf, definedUsers}
}

const isOfUser = (name: string, type: string): boolean =>
  /user|principal|identity|claims|account|caller|subject|actor|^me$|member/i.test(type) ||
  /(?:current|authenticated|signed_in|logged_in|active)_?(?:user|principal|account|identity|member)|principal|get_user$|^get_me$/i.test(
    name,
  )
