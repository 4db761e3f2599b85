import type {Reader, Unread} from '../files.ts'
import type {Names, Scope} from '../python/resolve.ts'
import {blocksOf, dotted, expressionsIn, expressionsInBody, statementsIn, type Expr, type FunctionDef, type Stmt} from '../python/syntax.ts'
import {readApplications, type Middleware} from './fastapi.ts'
import {titled} from './accounts.ts'
import {functionsOfRoute, type Reached} from './reached-functions.ts'
import {statusesIn} from './raised-statuses.ts'

type Place = {file: string; line: number}

/** A route that takes a file. `read`: where it is read; `bounded`: how its size is limited before or while it is read, '' for not. */
export type UploadRoute = Place & {route: string; read: Place; bounded: '' | 'size' | 'chunks' | 'middleware'; checkedAfter: boolean}

export type UploadRoutes = {routes: readonly UploadRoute[]; unread: readonly Unread[]}

/** The routes that take uploaded files, and what keeps these small. */
export const readUploadRoutes: Reader<UploadRoutes> = async ({read}) => {
  const {names, applications, unread} = await read(readApplications)
  const routes = applications.flatMap(({routes: served, middlewares}) => {
    const isLimited = middlewares.some((one) => limitsBodies(names, one))
    return served.flatMap((route): UploadRoute[] => {
      const functions = functionsOfRoute(names, route)
      if (!functions.some((one) => takesFile(names, one))) return []
      const readings = functions.flatMap((one) => readingsIn(one))
      const place = {file: route.file, line: route.line}
      const worst = readings.find(({bounded}) => bounded === '') ?? readings[0]
      const size = functions.some((one) => checksSize(one.node, Infinity))
      const bounded = worst === undefined ? (size ? 'size' : '') : worst.bounded
      return [
        {
          ...place,
          route: titled(route),
          read: worst ?? place,
          bounded: bounded === '' && isLimited ? 'middleware' : bounded,
          checkedAfter: worst?.checkedAfter ?? false,
        },
      ]
    })
  })
  return {routes, unread: [...unread]}
}

const takesFile = (names: Names, {node, scope}: Reached): boolean =>
  node.params.some(({annotation, default: given}) =>
    [annotation, given].some(
      (expr) =>
        expr !== undefined &&
        [...expressionsIn(expr)].some((part) => {
          const name =
            part.kind === 'name' || part.kind === 'attribute' ? (names.external(part, scope) ?? aliasOf(names, part, scope)) : undefined
          return name !== undefined && /^(?:fastapi|starlette)\..*\b(?:UploadFile|File)$|^fastapi\.(?:UploadFile|File)$/.test(name)
        }),
    ),
  )

const aliasOf = (names: Names, expr: Expr, scope: Scope): string | undefined => {
  const {expr: behind, scope: at} = names.follow(expr, scope)
  if (behind.kind !== 'subscript') return undefined
  for (const part of behind.index) {
    const name = part.kind === 'name' || part.kind === 'attribute' ? names.external(part, at) : undefined
    if (name !== undefined && /UploadFile$/.test(name)) return name
  }
  return undefined
}

type Reading = Place & {bounded: '' | 'size' | 'chunks'; checkedAfter: boolean}

/** The calls that read a file in a function, and what limits each. */
const readingsIn = ({node, scope}: Reached): Reading[] => {
  const files = new Set(
    node.params
      .filter(
        ({annotation}) =>
          annotation !== undefined &&
          [...expressionsIn(annotation)].some((one) =>
            /UploadFile|BinaryIO|SpooledTemporaryFile|IO$/.test(dotted(one) ?? (one.kind === 'string' ? one.value : '')),
          ),
      )
      .map(({name}) => name),
  )
  for (const {name} of node.params) if (/^(?:file|upload|uploaded\w*|csv_?file|upload_?file)$/.test(name)) files.add(name)
  const found: Reading[] = []
  const enter = (body: readonly Stmt[], loop: Stmt | undefined): void => {
    for (const statement of body) {
      const inner = statement.kind === 'while' || statement.kind === 'for' ? statement : undefined
      if (statement.kind === 'while') note(statement.test, statement)
      if (statement.kind === 'for') note(statement.iterable, statement)
      if (statement.kind === 'expression' || statement.kind === 'assign' || statement.kind === 'return') {
        const value = statement.value
        if (value !== undefined) note(value, loop)
      }
      if (statement.kind === 'with') for (const {value} of statement.items) note(value, loop)
      for (const block of blocksOf(statement)) enter(block, inner ?? loop)
    }
  }
  const note = (expr: Expr, loop: Stmt | undefined): void => {
    for (const part of expressionsIn(expr)) {
      if (
        part.kind !== 'call' ||
        part.callee.kind !== 'attribute' ||
        !['read', 'readlines', 'readline', 'copyfileobj'].includes(part.callee.name)
      )
        continue
      const receiver = (dotted(part.callee.value) ?? '').split('.')[0] ?? ''
      const isCopy = part.callee.name === 'copyfileobj'
      if (!files.has(receiver) && !isCopy) continue
      const first = part.args[0] ?? part.keywords[0]?.value
      const before = checksSize(node, part.line)
      const inLoop = loop !== undefined && comparesIn(loop) && first !== undefined
      const plain = loop === undefined && first !== undefined && !isCopy && !(first.kind === 'unary')
      found.push({
        file: scope.module.path,
        line: part.line,
        bounded: before ? 'size' : inLoop || plain ? 'chunks' : '',
        checkedAfter: [...statementsIn(node.body)].some(
          (one) => one.kind === 'if' && one.line > part.line && one.branches.some(({test}) => /len\(/.test(shape(test))),
        ),
      })
    }
  }
  enter(node.body, undefined)
  return found
}

const shape = (expr: Expr): string =>
  [...expressionsIn(expr)]
    .map((one) => (one.kind === 'call' ? `${dotted(one.callee) ?? ''}(` : (dotted(one) ?? (one.kind === 'string' ? one.value : ''))))
    .join(' ')

/** A comparison in a loop after which the loop is left with an error. */
const comparesIn = (loop: Stmt): boolean =>
  loop.kind === 'while' || loop.kind === 'for'
    ? [...statementsIn(loop.body)].some(
        (one) =>
          one.kind === 'if' &&
          one.branches.some(
            ({test, body}) =>
              [...expressionsIn(test)].some(({kind}) => kind === 'compare') &&
              [...statementsIn(body)].some(({kind}) => kind === 'raise' || kind === 'return'),
          ),
      )
    : false

/** The announced size is compared, before a line, and too much of it refused. */
const checksSize = (node: FunctionDef, before: number): boolean =>
  [...statementsIn(node.body)].some(
    (one) =>
      one.kind === 'if' &&
      one.line < before &&
      one.branches.some(
        ({test, body}) =>
          [...expressionsIn(test)].some((part) => part.kind === 'compare' && /\.size\b|content.?length/i.test(shape(part))) &&
          [...statementsIn(body)].some(({kind}) => kind === 'raise'),
      ),
  )

/** A middleware that answers 413. */
const limitsBodies = (names: Names, {class: own, function: plain, external}: Middleware): boolean => {
  if (external !== undefined && /(?:size|body|upload|content).*limit|limit.*(?:size|body|upload|content)/i.test(external)) return true
  if (plain !== undefined) return statusesOf(plain.node.body)
  return own !== undefined && names.ancestors(own).classes.some(({node}) => statusesOf(node.body))
}
const statusesOf = (body: readonly Stmt[]): boolean =>
  statusesIn(body).includes(413) ||
  [...expressionsInBody(body)].some((one) => /(?:REQUEST_ENTITY|CONTENT)_TOO_LARGE$/.test(dotted(one) ?? ''))
