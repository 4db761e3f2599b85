import {within, type Names, type Resolved, type Scope} from './resolve.ts'
import {argument, partsOf, statementsIn, type Call, type Expr, type FunctionDef, type Param} from './syntax.ts'

export type Placed = {expr: Expr; scope: Scope}
/** What the parameters of the functions that were entered were given. */
type Frame = ReadonlyMap<Param, Placed & {frame: Frame}>

/** An expression that a value is made of; `resolved` for names and attributes, with what they stand for. */
export type Contribution = Placed & {
  resolved: Resolved | undefined
  /** What contributes to another expression of the same place, with parameters as they were given on the way here. */
  follow: (expr: Expr) => Contribution[]
}

const maxVisited = 2000

/**
 * Everything that contributes to a value, outermost first: through names and all that they were assigned, properties, functions of the
 * repository and the arguments that they are given. What a setting holds is not followed: it is the end.
 */
export function* flow(names: Names, start: Placed, options: FlowOptions = {}): Generator<Contribution> {
  yield* flowIn(names, start, new Map(), options)
}

type FlowOptions = {isEnd?: (found: Resolved) => boolean}

function* flowIn(names: Names, start: Placed, first: Frame, {isEnd = () => false}: FlowOptions): Generator<Contribution> {
  const visited = new Set<Expr>()
  const following = (scope: Scope, frame: Frame) => (expr: Expr) => [...flowIn(names, {expr, scope}, frame, {isEnd})]
  function* enter({expr, scope}: Placed, frame: Frame): Generator<Contribution> {
    if (visited.has(expr) || visited.size > maxVisited) return
    visited.add(expr)
    if (expr.kind === 'name' || expr.kind === 'attribute') {
      const resolved = names.resolve(expr, scope)
      yield {expr, scope, resolved, follow: following(scope, frame)}
      if (resolved === undefined) {
        if (expr.kind === 'attribute') yield* enter({expr: expr.value, scope}, frame)
      } else if (!isEnd(resolved)) yield* follow(resolved, expr, frame)
      return
    }
    yield {expr, scope, resolved: undefined, follow: following(scope, frame)}
    if (expr.kind === 'call') {
      const callee = names.resolve(expr.callee, scope)
      if (callee?.kind === 'function') {
        yield* results(callee.node, callee.scope, bind(callee.node, expr, scope, frame))
        return
      }
      if (expr.callee.kind === 'attribute') yield* enter({expr: expr.callee.value, scope}, frame)
      for (const given of [...expr.args, ...expr.keywords.map(({value}) => value)]) yield* enter({expr: given, scope}, frame)
      return
    }
    for (const part of partsOf(expr)) yield* enter({expr: part, scope}, frame)
  }

  function* follow(resolved: Resolved, expr: Expr, frame: Frame): Generator<Contribution> {
    if (resolved.kind === 'value') {
      if (resolved.value !== undefined) yield* enter({expr: resolved.value, scope: resolved.scope}, frame)
      if (expr.kind === 'name')
        for (const other of assignedTo(expr.name, resolved.scope)) yield* enter({expr: other, scope: resolved.scope}, frame)
      if (resolved.value === undefined && expr.kind === 'name')
        for (const part of unpacked(names, expr.name, resolved)) yield* enter(part, frame)
    } else if (resolved.kind === 'param') {
      const given = frame.get(resolved.param)
      if (given !== undefined) yield* enter({expr: given.expr, scope: given.scope}, given.frame)
      else {
        if (resolved.param.default !== undefined) yield* enter({expr: resolved.param.default, scope: resolved.scope}, frame)
        // It was not entered through a call: whatever any caller gives may be meant.
        for (const {call, scope} of names.callsOf(resolved.of)) {
          const value = bind(resolved.of, call, scope, frame).get(resolved.param)
          if (value !== undefined) yield* enter({expr: value.expr, scope: value.scope}, frame)
        }
      }
    } else if (resolved.kind === 'function') yield* results(resolved.node, resolved.scope, frame)
  }

  function* results(node: FunctionDef, scope: Scope, frame: Frame): Generator<Contribution> {
    const inner = within(scope, node)
    for (const statement of statementsIn(node.body)) {
      if (statement.kind === 'return' && statement.value !== undefined) yield* enter({expr: statement.value, scope: inner}, frame)
      if (statement.kind === 'expression' && statement.value.kind === 'other' && statement.value.type === 'yield')
        yield* enter({expr: statement.value, scope: inner}, frame)
    }
  }

  yield* enter(start, first)
}

const bind = (node: FunctionDef, call: Call, scope: Scope, frame: Frame): Frame => {
  const method = node.params[0]?.name === 'self' || node.params[0]?.name === 'cls' ? 1 : 0
  return new Map([
    ...frame,
    ...node.params.flatMap((param, place): [Param, Placed & {frame: Frame}][] => {
      const given = argument(call, param.name, place >= method ? place - method : undefined)
      return given === undefined ? [] : [[param, {expr: given, scope, frame}]]
    }),
  ])
}

/** Every value that a local name is given in its function or module, also by `name[key] = value` and `name += value`. */
export const assignedTo = (name: string, scope: Scope): Expr[] => {
  const [around] = scope.within
  const body = around?.body ?? scope.module.body
  const found: Expr[] = []
  for (const statement of statementsIn(body)) {
    if (statement.kind === 'assign' && statement.value !== undefined)
      for (const target of statement.targets)
        if (
          (target.kind === 'name' && target.name === name) ||
          (target.kind === 'subscript' && target.value.kind === 'name' && target.value.name === name)
        )
          found.push(statement.value)
    if (statement.kind === 'expression' && isUpdateOf(statement.value, name)) found.push(statement.value)
  }
  return found
}

const isUpdateOf = (expr: Expr, name: string): expr is Call =>
  expr.kind === 'call' &&
  expr.callee.kind === 'attribute' &&
  ['update', 'setdefault', 'append', 'extend'].includes(expr.callee.name) &&
  expr.callee.value.kind === 'name' &&
  expr.callee.value.name === name

/** What a name is given by `name, other = f()`: the items at its place of what the function of the repository returns. */
const unpacked = (names: Names, name: string, {assign, scope}: Extract<Resolved, {kind: 'value'}>): Placed[] => {
  const [target] = assign?.targets ?? []
  if ((target?.kind !== 'tuple' && target?.kind !== 'list') || assign?.value === undefined) return []
  const place = target.items.findIndex((item) => item.kind === 'name' && item.name === name)
  const given = assign.value.kind === 'await' ? assign.value.value : assign.value
  const callee = given.kind === 'call' ? names.resolve(given.callee, scope) : names.resolve(given, scope)
  if (callee?.kind !== 'function') return []
  const inner = within(callee.scope, callee.node)
  return [...statementsIn(callee.node.body)].flatMap((statement) => {
    if (statement.kind !== 'return' || statement.value?.kind !== 'tuple') return []
    const item = statement.value.items[place]
    return item === undefined ? [] : [{expr: item, scope: inner}]
  })
}

export type Entry = Placed & {key: string; line: number}

/** The entries of a mapping as far as they are written: literals, `dict(…)`, `**` and `|` of others, `name[key] = value`, `update(…)`. `open`: there may be more. */
export const entriesOf = (names: Names, placed: Placed, depth = 0): {entries: Entry[]; open: boolean} => {
  const {expr, scope} = placed
  if (depth > 8) return {entries: [], open: true}
  const merge = (parts: readonly {entries: Entry[]; open: boolean}[]) => ({
    entries: parts.flatMap(({entries}) => entries),
    open: parts.some(({open}) => open),
  })
  const of = (inner: Expr, at = scope) => entriesOf(names, {expr: inner, scope: at}, depth + 1)
  if (expr.kind === 'dict')
    return merge(
      expr.entries.map(({key, value}) =>
        key === undefined
          ? of(value)
          : key.kind === 'string'
            ? {entries: [{key: key.value, expr: value, scope, line: key.line}], open: false}
            : {entries: [], open: true},
      ),
    )
  if (expr.kind === 'binary' && expr.op === '|') return merge([of(expr.left), of(expr.right)])
  if (expr.kind === 'conditional') return {...merge([of(expr.then), of(expr.otherwise)]), open: true}
  if (expr.kind === 'call') {
    if (expr.callee.kind === 'name' && expr.callee.name === 'dict')
      return merge([...expr.args.map((arg) => of(arg)), ...expr.keywords.map((keyword) => keywordEntry(names, keyword, scope, depth))])
    const callee = names.resolve(expr.callee, scope)
    if (callee?.kind === 'function') {
      const inner = within(callee.scope, callee.node)
      const returned = [...statementsIn(callee.node.body)].flatMap((statement) =>
        statement.kind === 'return' && statement.value !== undefined ? [of(statement.value, inner)] : [],
      )
      return returned.length === 0 ? {entries: [], open: true} : merge(returned)
    }
    return {entries: [], open: true}
  }
  if (expr.kind === 'name' || expr.kind === 'attribute') {
    const found = names.resolve(expr, scope)
    if (found?.kind === 'function') {
      const inner = within(found.scope, found.node)
      const returned = [...statementsIn(found.node.body)].flatMap((statement) =>
        statement.kind === 'return' && statement.value !== undefined ? [of(statement.value, inner)] : [],
      )
      return returned.length === 0 ? {entries: [], open: true} : merge(returned)
    }
    if (found?.kind === 'value' && found.value === undefined && expr.kind === 'name') {
      const parts = unpacked(names, expr.name, found)
      return parts.length === 0 ? {entries: [], open: true} : merge(parts.map((part) => of(part.expr, part.scope)))
    }
    if (found?.kind !== 'value' || found.value === undefined) return {entries: [], open: true}
    const base = of(found.value, found.scope)
    return expr.kind === 'name' ? merge([base, additionsTo(names, expr.name, found.scope, depth)]) : base
  }
  return {entries: [], open: true}
}

const keywordEntry = (names: Names, keyword: Call['keywords'][number], scope: Scope, depth: number): {entries: Entry[]; open: boolean} =>
  keyword.name === undefined
    ? entriesOf(names, {expr: keyword.value, scope}, depth + 1)
    : {entries: [{key: keyword.name, expr: keyword.value, scope, line: keyword.line}], open: false}

/** The keywords of a call, with those of `**mapping` that can be read. */
export const keywordsOf = (names: Names, call: Call, scope: Scope): {entries: Entry[]; open: boolean} => {
  const parts = call.keywords.map((keyword) => keywordEntry(names, keyword, scope, 0))
  return {entries: parts.flatMap(({entries}) => entries), open: parts.some(({open}) => open)}
}

const additionsTo = (names: Names, name: string, scope: Scope, depth: number): {entries: Entry[]; open: boolean} => {
  const [around] = scope.within
  const entries: Entry[] = []
  let open = false
  for (const statement of statementsIn(around?.body ?? scope.module.body)) {
    if (statement.kind === 'assign' && statement.value !== undefined) {
      for (const target of statement.targets) {
        if (target.kind !== 'subscript' || target.value.kind !== 'name' || target.value.name !== name) continue
        const [key] = target.index
        if (key?.kind === 'string') entries.push({key: key.value, expr: statement.value, scope, line: statement.line})
        else open = true
      }
    } else if (statement.kind === 'expression' && isUpdateOf(statement.value, name)) {
      for (const keyword of statement.value.keywords) entries.push(...keywordEntry(names, keyword, scope, depth).entries)
      for (const arg of statement.value.args) {
        const more = entriesOf(names, {expr: arg, scope}, depth + 1)
        entries.push(...more.entries)
        open ||= more.open
      }
    }
  }
  return {entries, open}
}

/** The items of a sequence as far as they are written: literals, `+`, `*others`, names, and what functions of the repository return. `open`: there may be more. */
export const itemsOf = (names: Names, {expr, scope}: Placed, depth = 0): {items: Placed[]; open: boolean} => {
  if (depth > 8) return {items: [], open: true}
  const of = (inner: Expr, at = scope) => itemsOf(names, {expr: inner, scope: at}, depth + 1)
  const merge = (parts: readonly {items: Placed[]; open: boolean}[]) => ({
    items: parts.flatMap(({items}) => items),
    open: parts.some(({open}) => open),
  })
  switch (expr.kind) {
    case 'list':
    case 'tuple':
    case 'set':
      return merge(expr.items.map((item) => (item.kind === 'star' ? of(item.value) : {items: [{expr: item, scope}], open: false})))
    case 'binary':
      return expr.op === '+' || expr.op === '|' ? merge([of(expr.left), of(expr.right)]) : {items: [], open: true}
    case 'conditional':
      return {...merge([of(expr.then), of(expr.otherwise)]), open: true}
    case 'call': {
      const callee = names.resolve(expr.callee, scope)
      if (callee?.kind === 'function') {
        const inner = within(callee.scope, callee.node)
        const returned = [...statementsIn(callee.node.body)].flatMap((statement) =>
          statement.kind === 'return' && statement.value !== undefined ? [of(statement.value, inner)] : [],
        )
        return returned.length === 0 ? {items: [], open: true} : merge(returned)
      }
      const [only] = expr.args
      return expr.callee.kind === 'name' && ['list', 'tuple', 'set', 'frozenset', 'sorted'].includes(expr.callee.name) && only !== undefined
        ? of(only)
        : {items: [], open: true}
    }
    case 'name':
    case 'attribute': {
      const found = names.resolve(expr, scope)
      if (found?.kind !== 'value' || found.value === undefined) return {items: [], open: true}
      const first = of(found.value, found.scope)
      return expr.kind === 'name'
        ? merge([
            first,
            ...added(expr.name, found.scope).map(({item, whole}) =>
              whole === undefined ? {items: [{expr: item, scope: found.scope}], open: false} : of(whole, found.scope),
            ),
          ])
        : first
    }
    default:
      return {items: [], open: true}
  }
}

/** What is put at a list after it was made: `name.append(x)`, `name.insert(0, x)`, `name.extend(all)`, `name += all`. */
type Added = {item: Expr; whole: undefined} | {item: undefined; whole: Expr}
const added = (name: string, scope: Scope): Added[] => {
  const [around] = scope.within
  return [...statementsIn(around?.body ?? scope.module.body)].flatMap((statement): Added[] => {
    if (statement.kind === 'assign')
      return statement.op !== '=' &&
        statement.value !== undefined &&
        statement.targets.some((one) => one.kind === 'name' && one.name === name)
        ? [{item: undefined, whole: statement.value}]
        : []
    if (statement.kind !== 'expression' || statement.value.kind !== 'call') return []
    const {callee, args} = statement.value
    if (callee.kind !== 'attribute' || callee.value.kind !== 'name' || callee.value.name !== name) return []
    const [first, second] = args
    if (callee.name === 'append' && first !== undefined) return [{item: first, whole: undefined}]
    if (callee.name === 'insert' && second !== undefined) return [{item: second, whole: undefined}]
    return callee.name === 'extend' && first !== undefined ? [{item: undefined, whole: first}] : []
  })
}
