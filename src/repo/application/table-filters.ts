import {within} from '../python/resolve.ts'
import {dotted, type Call, type Expr, type Param, type Stmt} from '../python/syntax.ts'
import type {Frame, Valued, Values} from '../python/values.ts'

/** What a filter of env.py does with a table: takes it in, leaves it out, or that only a run tells. */
export type Filtered = 'in' | 'out' | 'unknown'

type Known = string | boolean | null | undefined
/** A body that ends without a return. */
const ended = 0
/** What the parameters of a filter are given when it is asked about one table. */
type Asked = {
  of: ReadonlyMap<string, Known>
  depth: number
  /** It is a table that only the database has. */
  strange: boolean
}

/** Asks a filter about a table: `include_object(object, name, type_, reflected, compare_to)` or `include_name(name, type_, parent_names)`. */
export const filtered = (values: Values, value: Valued, isObject: boolean, table: string, reflected: boolean): Filtered => {
  const given: Known[] = isObject ? [undefined, table, 'table', reflected, reflected ? null : undefined] : [table, 'table', undefined]
  const ask = (params: readonly Param[]): Asked => ({
    of: new Map(params.filter(({name}) => name !== 'self').map((param, place) => [param.name, given[place]])),
    depth: 0,
    strange: reflected,
  })
  const at = values.follow(value)
  if (at.expr.kind === 'lambda') return verdict(truth(values, {expr: at.expr.body, frame: at.frame}, ask(at.expr.params)))
  // `functools.partial(include_object, …)` and decorators are not looked through.
  const found = values.resolve(at)
  if (found?.kind !== 'function' || found.node.async) return 'unknown'
  const frame: Frame = {scope: within(found.scope, found.node), bound: new Map()}
  return verdict(returned(values, found.node.body, frame, ask(found.node.params)))
}

const verdict = (value: Known | typeof ended): Filtered =>
  value === ended || value === null || value === false || value === '' ? 'out' : value === undefined ? 'unknown' : 'in'

/** What a body returns; `ended` where it ends without. */
const returned = (values: Values, body: readonly Stmt[], frame: Frame, asked: Asked): Known | typeof ended => {
  for (const statement of body) {
    if (statement.kind === 'return') return statement.value === undefined ? null : truth(values, {expr: statement.value, frame}, asked)
    if (statement.kind === 'if') {
      let decided = false
      for (const branch of statement.branches) {
        const test = truth(values, {expr: branch.test, frame}, asked)
        if (test === undefined) {
          // Either way may be taken: it only matters where they end differently.
          const then = returned(values, branch.body, frame, asked)
          const rest = returned(values, [...statement.otherwise, ...body.slice(body.indexOf(statement) + 1)], frame, asked)
          return then === rest && statement.branches.length === 1 ? then : undefined
        }
        if (test === false || test === null || test === '') continue
        const inner = returned(values, branch.body, frame, asked)
        if (inner !== ended) return inner
        decided = true
        break
      }
      if (!decided && statement.otherwise.length > 0) {
        const inner = returned(values, statement.otherwise, frame, asked)
        if (inner !== ended) return inner
      }
    } else if (statement.kind !== 'expression' && statement.kind !== 'assign' && statement.kind !== 'statement') return undefined
  }
  return ended
}

const isTrue = (value: Known): boolean | undefined => (value === undefined ? undefined : value !== false && value !== null && value !== '')

const maxDepth = 12

/** The value of an expression of a filter for the table that is asked about; undefined where it is not known. */
const truth = (values: Values, valued: Valued, asked: Asked): Known => {
  const {expr, frame} = valued
  const again = (inner: Expr): Known => truth(values, {expr: inner, frame}, asked)
  switch (expr.kind) {
    case 'string':
      return expr.value
    case 'constant':
      return expr.value === '...' || typeof expr.value === 'number' ? undefined : expr.value
    case 'name':
      if (asked.of.has(expr.name)) return asked.of.get(expr.name)
      return valueOf(values, valued, asked)
    case 'unary': {
      const inner = isTrue(again(expr.value))
      return expr.op !== 'not' || inner === undefined ? undefined : !inner
    }
    case 'binary': {
      if (expr.op !== 'and' && expr.op !== 'or') return values.text(valued)
      const left = isTrue(again(expr.left))
      const right = isTrue(again(expr.right))
      if (expr.op === 'and') return left === false || right === false ? false : left === undefined || right === undefined ? undefined : true
      return left === true || right === true ? true : left === undefined || right === undefined ? undefined : false
    }
    case 'conditional': {
      const test = isTrue(again(expr.test))
      return test === undefined ? undefined : again(test ? expr.then : expr.otherwise)
    }
    case 'compare':
      return compared(values, expr, frame, asked)
    case 'call':
      return called(values, expr, frame, asked)
    case 'attribute':
      return values.text(valued) ?? values.truth(valued)
    default:
      return undefined
  }
}

/** A local variable, by what it is given in terms of the parameters; or a constant. */
const valueOf = (values: Values, valued: Valued, asked: Asked): Known => {
  const found = values.resolve(valued)
  if (
    found?.kind === 'value' &&
    found.value !== undefined &&
    found.scope.within[0] === valued.frame.scope.within[0] &&
    asked.depth < maxDepth
  )
    return truth(values, {expr: found.value, frame: valued.frame}, {...asked, depth: asked.depth + 1})
  return values.text(valued) ?? values.truth(valued)
}

const compared = (values: Values, expr: Extract<Expr, {kind: 'compare'}>, frame: Frame, asked: Asked): Known => {
  const [left, right] = expr.operands
  const [op] = expr.ops
  if (left === undefined || right === undefined || expr.operands.length !== 2) return undefined
  const one = truth(values, {expr: left, frame}, asked)
  if (op === 'in' || op === 'not in') {
    // `name in target_metadata.tables`: what the application makes while it runs is in no metadata.
    if (right.kind === 'attribute' && right.name === 'tables' && typeof one === 'string') return asked.strange ? op === 'not in' : undefined
    const items = values.items({expr: right, frame})?.map((item) => values.text(item))
    if (one === undefined || items === undefined || items.includes(undefined)) return undefined
    return items.includes(String(one)) === (op === 'in')
  }
  // `name[:4] == "src_"`.
  const sliced = slice(left, frame, values, asked)
  const subject = sliced ?? one
  const other = truth(values, {expr: right, frame}, asked)
  if (subject === undefined || other === undefined) return undefined
  if (op === '==' || op === 'is') return subject === other
  return op === '!=' || op === 'is not' ? subject !== other : undefined
}

const slice = (expr: Expr, frame: Frame, values: Values, asked: Asked): string | undefined => {
  if (expr.kind !== 'subscript') return undefined
  const text = truth(values, {expr: expr.value, frame}, asked)
  const [index] = expr.index
  const [end, ...more] = index?.kind === 'other' ? index.children : []
  return typeof text === 'string' && end?.kind === 'constant' && typeof end.value === 'number' && more.length === 0
    ? text.slice(0, end.value)
    : undefined
}

const called = (values: Values, call: Call, frame: Frame, asked: Asked): Known => {
  const {callee} = call
  const name = callee.kind === 'attribute' ? callee.name : (dotted(callee) ?? '')
  const [first] = call.args
  if (callee.kind === 'attribute' && ['startswith', 'endswith'].includes(name) && first !== undefined) {
    const text = truth(values, {expr: callee.value, frame}, asked)
    const single = values.text({expr: first, frame})
    const among = single === undefined ? values.items({expr: first, frame})?.map((item) => values.text(item)) : [single]
    if (typeof text !== 'string' || among === undefined || among.includes(undefined)) return undefined
    return among.some((one) => one !== undefined && (name === 'startswith' ? text.startsWith(one) : text.endsWith(one)))
  }
  if (callee.kind === 'attribute' && ['lower', 'strip', 'casefold'].includes(name)) {
    const text = truth(values, {expr: callee.value, frame}, asked)
    return typeof text === 'string' ? text.toLowerCase().trim() : undefined
  }
  if (['match', 'fullmatch', 'search'].includes(name)) {
    // Only patterns that are a plain beginning are carried out.
    const compiled = callee.kind === 'attribute' ? values.follow({expr: callee.value, frame}) : undefined
    const own = compiled?.expr.kind === 'call' ? compiled.expr.args[0] : undefined
    const pattern = values.text(
      own === undefined || compiled === undefined
        ? first === undefined
          ? undefined
          : {expr: first, frame}
        : {expr: own, frame: compiled.frame},
    )
    const subject = own === undefined ? call.args[1] : first
    const text = subject === undefined ? undefined : truth(values, {expr: subject, frame}, asked)
    const plain = /^\^?([\w-]+)(?:\.[*+]|\[[\w-]+\][*+]|\\w[*+])?\$?$/.exec(pattern ?? '')
    if (plain?.[1] === undefined || typeof text !== 'string' || (name === 'search' && !(pattern ?? '').startsWith('^'))) return undefined
    return text.startsWith(plain[1]) ? true : null
  }
  if ((name === 'any' || name === 'all') && first?.kind === 'comprehension') {
    const each = values.items({expr: first, frame})?.map((item) => isTrue(truth(values, item, asked)))
    if (each === undefined) return undefined
    const decisive = name === 'any'
    return each.includes(decisive) ? decisive : each.includes(undefined) ? undefined : !decisive
  }
  if (name === 'bool' && first !== undefined) return isTrue(truth(values, {expr: first, frame}, asked))
  if (name === 'str' && first !== undefined) return truth(values, {expr: first, frame}, asked)
  if (name === 'getattr' || name === 'isinstance') return undefined
  const found = values.resolve({expr: callee, frame})
  if (found?.kind !== 'function' || asked.depth > maxDepth) return undefined
  // A function of the repository, with what is known of its arguments.
  const of = new Map<string, Known>()
  for (const [place, param] of found.node.params.entries()) {
    const given = call.args[place] ?? call.keywords.find((keyword) => keyword.name === param.name)?.value
    of.set(param.name, given === undefined ? undefined : truth(values, {expr: given, frame}, asked))
  }
  const frameIn: Frame = {scope: within(found.scope, found.node), bound: new Map()}
  const result = returned(values, found.node.body, frameIn, {...asked, of, depth: asked.depth + 1})
  return result === ended ? null : result
}
