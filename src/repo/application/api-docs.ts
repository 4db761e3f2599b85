import type {Reader, Unread} from '../files.ts'
import {constantOf} from '../python/constant.ts'
import {keywordsOf} from '../python/flow.ts'
import {within, type Names, type Scope} from '../python/resolve.ts'
import {statementsIn, type Expr} from '../python/syntax.ts'
import {readApplications} from './fastapi.ts'

/** How a page of the API's docs is served: always, never, depending on something, or in a way that cannot be read. */
export type Served = 'always' | 'never' | 'sometimes' | 'unknown'

export type ApiDocs = {
  applications: readonly {file: string; line: number; openapi: Served; docs: Served; redoc: Served}[]
  unread: readonly Unread[]
}

/** Whether each application serves the map of its routes. */
export const readApiDocs: Reader<ApiDocs> = async ({read}) => {
  const {names, applications, unread} = await read(readApplications)
  return {
    applications: applications.map(({file, line, call, scope}) => {
      const {entries, open} = keywordsOf(names, call, scope)
      const of = (name: string): Served => {
        const found = entries.filter(({key}) => key === name)
        const each = found.map(({expr, scope: at}) => servedBy(names, expr, at))
        // `**({} if development else {"openapi_url": None})`.
        if (open && !each.includes('always')) return found.length === 0 ? 'unknown' : 'sometimes'
        return each.at(-1) ?? 'always'
      }
      return {file, line, openapi: of('openapi_url'), docs: of('docs_url'), redoc: of('redoc_url')}
    }),
    unread: [...unread],
  }
}

const servedBy = (names: Names, expr: Expr, scope: Scope, depth = 0): Served => {
  if (depth > 8) return 'unknown'
  const again = (inner: Expr, at = scope) => servedBy(names, inner, at, depth + 1)
  if (expr.kind === 'constant') return expr.value === null || expr.value === false ? 'never' : 'unknown'
  if (expr.kind === 'string') return expr.value === '' ? 'never' : 'always'
  if (expr.kind === 'fstring') return 'always'
  if (expr.kind === 'conditional') return merged([again(expr.then), again(expr.otherwise)])
  if (expr.kind === 'binary' && expr.op === 'and') return merged(['never', again(expr.right)])
  if (expr.kind === 'binary' && expr.op === 'or') return expr.right.kind === 'constant' ? 'sometimes' : again(expr.right)
  if (expr.kind === 'call' || expr.kind === 'name' || expr.kind === 'attribute') {
    const found = names.resolve(expr.kind === 'call' ? expr.callee : expr, scope)
    if (found?.kind === 'function') {
      const inner = within(found.scope, found.node)
      return merged(
        [...statementsIn(found.node.body)].flatMap((one) =>
          one.kind === 'return' ? [one.value === undefined ? ('never' as const) : again(one.value, inner)] : [],
        ),
      )
    }
    if (found?.kind !== 'value' || found.value === undefined) return 'unknown'
    const [around] = found.scope.within
    if (around?.kind === 'class') {
      const value = constantOf(names, found.value, found.scope)
      return value === null ? 'never' : 'unknown'
    }
    // What is given in branches: `docs = "/docs"` and, below an if, `docs = None`.
    const body = around?.body ?? found.scope.module.body
    const all =
      expr.kind === 'name'
        ? [...statementsIn(body)].flatMap((one) =>
            one.kind === 'assign' &&
            one.value !== undefined &&
            one.targets.some((target) => target.kind === 'name' && target.name === expr.name)
              ? [one.value]
              : [],
          )
        : []
    return merged((all.length > 0 ? all : [found.value]).map((one) => again(one, found.scope)))
  }
  return 'unknown'
}

const merged = (all: readonly Served[]): Served => {
  const [first] = all
  if (first === undefined) return 'unknown'
  if (all.every((one) => one === first)) return first
  return all.includes('never') || all.includes('sometimes') ? 'sometimes' : 'unknown'
}
