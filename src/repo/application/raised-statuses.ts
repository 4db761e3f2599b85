import type {ClassRef, Names} from '../python/resolve.ts'
import {expressionsInBody, type Stmt} from '../python/syntax.ts'
import type {ExceptionHandler} from './fastapi.ts'
import type {Value} from './guard-values.ts'

/** Says with which status an exception is answered; nothing where that is not known, 500 where nobody answers it. */
export const createStatuses = (names: Names, handlers: readonly ExceptionHandler[]): ((value: Value) => number[]) => {
  const ofClass = (ref: ClassRef): number[] => {
    const {classes, external} = names.ancestors(ref)
    for (const {node} of classes) {
      const own = statusesIn(node.body)
      if (own.length > 0) return own.slice(0, 1)
    }
    for (const handler of handlers) {
      const target = names.resolve(handler.exception.expr, handler.exception.scope)
      if (target?.kind !== 'class' || !classes.some(({node}) => node === target.node)) continue
      if (handler.handler === undefined) return []
      const answered = statusesIn(handler.handler.node.body)
      return answered.slice(0, 1)
    }
    return external.some((one) => one.endsWith('HTTPException')) ? [] : [500]
  }
  return (value) => {
    if (value.is === 'class') return ofClass(value.ref)
    if (value.is !== 'object') return value.is === 'external' && /Error$/.test(value.name) ? [500] : []
    const status = value.fields.get('status_code')
    if (status?.is === 'constant' && typeof status.value === 'number') return [status.value]
    if (value.ref !== undefined) return ofClass(value.ref)
    return value.external !== undefined && /Error$/.test(value.external) && !value.external.startsWith('fastapi') ? [500] : []
  }
}

const byWord: Readonly<Record<string, number>> = {
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  BAD_REQUEST: 400,
  UNPROCESSABLE_ENTITY: 422,
}

/** The statuses of errors that a body names: numbers, `HTTP_403_FORBIDDEN`, `HTTPStatus.FORBIDDEN`. */
export const statusesIn = (body: readonly Stmt[]): number[] =>
  [...expressionsInBody(body)].flatMap((expr) => {
    if (expr.kind === 'constant') return typeof expr.value === 'number' && expr.value >= 400 && expr.value < 600 ? [expr.value] : []
    if (expr.kind !== 'attribute' && expr.kind !== 'name') return []
    const code = /^HTTP_([45]\d\d)_/.exec(expr.name)?.[1]
    if (code !== undefined) return [Number(code)]
    const status = expr.kind === 'attribute' ? byWord[expr.name] : undefined
    return status === undefined ? [] : [status]
  })
