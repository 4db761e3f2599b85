import type {Names, Resolved, Scope} from '../python/resolve.ts'
import {dotted, type Expr} from '../python/syntax.ts'
import {freshState, type Interpreter, type Run} from './guard-state.ts'
import {constant, settingValue, thing, unknownValue, type Value} from './guard-values.ts'
import {isEnumClass, memberValue} from './roles.ts'

export type NamedValues = ReturnType<typeof createNamedValues>

/** What names and declared types stand for. */
export const createNamedValues = ({names, evaluate}: {names: Names; evaluate: Interpreter['evaluate']}) => {
  const ofName = (expr: Extract<Expr, {kind: 'name'}>, scope: Scope, run: Run): Value => {
    const found = names.resolve(expr, scope)
    return found === undefined && builtins.has(expr.name) ? {is: 'external', name: expr.name} : ofResolved(found, run, expr.name)
  }

  /** What a name outside of the functions that are gone through stands for. */
  const ofResolved = (found: Resolved | undefined, run: Run, name: string): Value => {
    switch (found?.kind) {
      case 'external':
        return /^os\.|^environ|decouple|dotenv/.test(found.name) ? settingValue : externalConstant(found.name)
      case 'function':
        return found.owner !== undefined && found.node.decorators.some((one) => isProperty(one))
          ? unknownValue
          : {is: 'function', node: found.node, scope: found.scope, env: undefined}
      case 'class':
        return {is: 'class', ref: {node: found.node, scope: found.scope}}
      case 'value': {
        const [around] = found.scope.within
        if (around?.kind === 'class') {
          const ref = {node: around, scope: {module: found.scope.module, within: found.scope.within.slice(1)}}
          const {external} = names.ancestors(ref)
          if (isEnumClass(external)) return memberValue(names, ref, name) ?? unknownValue
          if (external.some((one) => /BaseSettings$/.test(one))) return settingValue
        }
        if (found.value === undefined) return found.annotation === undefined ? unknownValue : typed(found.annotation, found.scope)
        if (around?.kind === 'function') return unknownValue
        run.depth += 4
        const [made] = evaluate(found.value, found.scope, freshState(), run)
        run.depth -= 4
        return made === undefined || made.raised ? unknownValue : made.value
      }
      case 'param':
        return found.param.annotation === undefined ? unknownValue : typed(found.param.annotation, found.scope)
      default:
        return unknownValue
    }
  }

  /** What stands for a value of a declared type: something of a class of the repository, else unknown. */
  const typed = (annotation: Expr, scope: Scope): Value => {
    const found = names.annotated(annotation, scope)
    const text = dotted(annotation.kind === 'subscript' ? annotation.value : annotation) ?? ''
    const optional = /Optional$/.test(text) || (annotation.kind === 'binary' && annotation.op === '|')
    if (found === undefined || optional) return unknownValue
    if ('external' in found)
      return /(?:^|\.)(?:Request|HTTPConnection|WebSocket)$/.test(found.external) ? {is: 'request', part: 'request'} : unknownValue
    if (names.ancestors(found).external.some((one) => /BaseSettings$/.test(one))) return settingValue
    return isEnumClass(names.ancestors(found).external) ? unknownValue : thing(found)
  }

  return {ofName, ofResolved, typed}
}

const builtins = new Set(
  'any all len bool str int set frozenset list tuple sorted iter getattr isinstance print dict Exception ValueError KeyError TypeError PermissionError AssertionError RuntimeError LookupError'.split(
    ' ',
  ),
)

export const isProperty = (decorator: Expr): boolean =>
  /(?:^|\.)(?:property|computed_field|cached_property|hybrid_property)$/.test(
    dotted(decorator.kind === 'call' ? decorator.callee : decorator) ?? '',
  )

/** `status.HTTP_403_FORBIDDEN`, `HTTPStatus.FORBIDDEN` as numbers; anything else of another's as it is. */
export const externalConstant = (name: string): Value => {
  const code = /\bHTTP_(\d{3})_|\bWS_(\d{4})_/.exec(name)
  if (code !== null) return constant(Number(code[1] ?? code[2]))
  const word = /(?:^|\.)HTTPStatus\.(\w+?)(?:\.value)?$/.exec(name)?.[1]
  const status =
    word === undefined
      ? undefined
      : {
          UNAUTHORIZED: 401,
          FORBIDDEN: 403,
          NOT_FOUND: 404,
          BAD_REQUEST: 400,
          CONFLICT: 409,
          REQUEST_ENTITY_TOO_LARGE: 413,
          CONTENT_TOO_LARGE: 413,
          UNPROCESSABLE_ENTITY: 422,
          INTERNAL_SERVER_ERROR: 500,
        }[word]
  return status === undefined ? {is: 'external', name} : constant(status)
}
