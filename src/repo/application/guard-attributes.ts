import type {Names, Scope} from '../python/resolve.ts'
import type {Expr} from '../python/syntax.ts'
import {externalConstant, isProperty, type NamedValues} from './guard-names.ts'
import {lookUp, step, goOn, type Interpreter, type Run, type State, type Step} from './guard-state.ts'
import {constant, roleValue, unknownValue, type Value} from './guard-values.ts'

type Parts = {names: Names} & Pick<NamedValues, 'ofResolved' | 'typed'> & Pick<Interpreter, 'evaluate' | 'apply'>

/** What the attributes and entries of things are, those of the user and the request among them. */
export const createAttributes = ({names, ofResolved, typed, evaluate, apply}: Parts) => {
  /** Something's attribute or entry; undefined where there is nothing to say. */
  const member = (of: Value, name: string, run: Run): Value | undefined => {
    if (of.is === 'constant') {
      if (name === 'value') return of
      if (name === 'name') return of.name === undefined ? of : {is: 'constant', value: of.name, ...(of.role === true ? {role: true} : {})}
    }
    if (of.is === 'request') return requestPart(of.part, name, run)
    if (of.is === 'unknown' && of.setting) return of
    if (of.is === 'depends' && name === 'dependency') return of.callable
    if (of.is === 'object') {
      const own = of.fields.get(name)
      if (own !== undefined) return own
      if (of.external === 'fastapi.security.SecurityScopes' && name === 'scopes') return {is: 'list', items: run.scopes, open: false}
      const found = of.ref === undefined ? undefined : names.member(of.ref, name)
      if (found?.kind === 'function') return {is: 'function', node: found.node, scope: found.scope, env: undefined, self: of}
      if (found?.kind === 'value' && !isRoleName(name)) {
        const given = found.value === undefined ? undefined : ofResolved(found, run, name)
        if (given?.is === 'list' || given?.is === 'dict') return given
        const declared = found.annotation === undefined ? unknownValue : typed(found.annotation, found.scope)
        if (declared.is === 'object') return declared
        if (given !== undefined && found.annotation === undefined && found.scope.within[0]?.kind === 'class') return given
      }
    }
    if (of.is === 'class') {
      const found = names.member(of.ref, name)
      if (found !== undefined) return ofResolved(found, run, name)
    }
    if ((of.is === 'object' || of.is === 'unknown' || of.is === 'method') && isRoleName(name)) return ofUser(name, run)
    return undefined
  }

  /** The role in a property of the user or a claim; a list of it where the name is a plural. */
  const ofUser = (name: string, run: Run): Value => {
    run.asked.role = true
    if (run.role === undefined) return roleValue
    const role: Value = {is: 'constant', value: run.role.value, name: run.role.name, role: true}
    if (/^is_?admin$/i.test(name)) return {is: 'constant', value: run.role.value === 'admin', role: true}
    if (/^is_?(?:superuser|staff)$|^(?:permissions|scopes?|groups)$/i.test(name)) return roleValue
    return /s$/i.test(name) ? {is: 'list', items: [role], open: false} : role
  }

  const requestPart = (part: string, name: string, run: Run): Value => {
    if (['path', 'method', 'type'].includes(name)) run.asked.path = true
    if (name === 'path' && run.path !== undefined) return constant(run.path)
    if (name === 'method' && run.method !== 'WEBSOCKET') return constant(run.method)
    if (part === 'request' && name === 'type') return constant(run.method === 'WEBSOCKET' ? 'websocket' : 'http')
    if (['url', 'scope'].includes(name)) return {is: 'request', part: name === 'scope' ? 'request' : name}
    if (['state', 'user', 'auth', 'session'].includes(name)) return unknownValue
    return isRoleName(name) ? unknownValue : {is: 'request', part: name}
  }

  const attribute = (expr: Extract<Expr, {kind: 'attribute'}>, scope: Scope, state: State, run: Run): Step[] => {
    let root: Expr = expr
    while (root.kind === 'attribute') root = root.value
    if (root.kind === 'name' && lookUp(root.name, state.env) === undefined) {
      const found = names.resolve(expr, scope)
      const isProperty_ = found?.kind === 'function' && found.node.decorators.some((one) => isProperty(one))
      if (found !== undefined && found.kind !== 'param' && !isProperty_) {
        const value = ofResolved(found, run, expr.name)
        // A method that is found through an instance has that as its self.
        if (value.is !== 'function' || found.kind !== 'function' || found.owner === undefined) return step(value, state)
      }
    }
    return goOn(evaluate(expr.value, scope, state, run), (of, after) => {
      // None has nothing: what is taken of a user who is not there is an error.
      if (of.is === 'constant' && of.value === null && root.kind === 'name' && lookUp(root.name, state.env) !== undefined)
        return [{value: {is: 'object', external: 'AttributeError', fields: new Map()}, state: after, raised: true}]
      const found = member(of, expr.name, run)
      if (found?.is === 'function' && found.node.kind === 'function' && found.node.decorators.some((one) => isProperty(one)))
        return apply(found, [], new Map(), after, run)
      if (found !== undefined) return step(found, after)
      if (of.is === 'external') return step(externalConstant(`${of.name}.${expr.name}`), after)
      return step({is: 'method', of, name: expr.name}, after)
    })
  }

  return {member, attribute}
}

const isRoleName = (name: string): boolean =>
  /^(?:[a-z]+_)?(?:role|roles)(?:_?(?:name|id|type|value))?$|^(?:user|account|member)_?(?:type|level)$|^is_?(?:admin|superuser|staff)$|^(?:permissions|scopes?|groups)$|\/roles?$/i.test(
    name,
  )
