import {within, type ClassRef, type Names, type Resolved, type Scope} from './resolve.ts'
import {dotted, statementsIn, type Call, type Expr, type FunctionDef} from './syntax.ts'
import {createCollections} from './value-collections.ts'
import {createConstants} from './value-constants.ts'

/** Where names are looked up, and what loops, parameters and comprehensions have bound there. */
export type Frame = {scope: Scope; bound: ReadonlyMap<string, Valued>}
export type Valued = {expr: Expr; frame: Frame}

/** What expressions stand for where the names of loops and parameters have values: one value each, or none. */
export type Values = {
  names: Names
  /** Follows names, functions of the repository that return one thing, and entries of literals, as far as they are known. */
  follow(valued: Valued): Valued
  resolve(valued: Valued): Resolved | undefined
  /** The dotted name of a thing of a library, or what is written where that is not known. */
  nameOf(valued: Valued): string
  text(valued: Valued | undefined): string | undefined
  truth(valued: Valued | undefined): boolean | undefined
  /** What a collection holds; undefined where only a run tells. */
  items(valued: Valued): readonly Valued[] | undefined
  entries(valued: Valued): readonly {key: Valued; value: Valued}[] | undefined
  /** The plain arguments with stars opened; `open` where one of them is only known at run time. */
  args(call: Call, frame: Frame): {args: readonly Valued[]; open: boolean}
  /** An argument by keyword (also of `**mapping`) or by place. */
  argument(call: Call, frame: Frame, name: string, place?: number): Valued | undefined
  /** The frame with a target of a loop bound to a value. */
  bind(frame: Frame, target: Expr, value: Valued | undefined): Frame
  /** The frame in a function that is called. */
  enter(node: FunctionDef, scope: Scope, call: Call, frame: Frame): Frame
  /** The class that a value is, not an instance of it. */
  classOf(valued: Valued): ClassRef | undefined
}

/** Does work that may lead in circles; too deep in it, the answer is what is given otherwise. */
export type Guarded = <T>(work: () => T, otherwise: T) => T

const maxDepth = 40

export const createValues = (names: Names): Values => {
  let depth = 0
  /** Names that lead in circles have no answer. */
  const guarded: Guarded = (work, otherwise) => {
    if (depth >= maxDepth) return otherwise
    depth += 1
    try {
      return work()
    } finally {
      depth -= 1
    }
  }
  const frameFor = (scope: Scope, frame: Frame): Frame =>
    scope.module === frame.scope.module && scope.within[0] === frame.scope.within[0] ? frame : {scope, bound: new Map()}

  const resolve: Values['resolve'] = ({expr, frame}) => {
    if (expr.kind === 'name') {
      const bound = frame.bound.get(expr.name)
      if (bound !== undefined) return guarded(() => resolve(bound), undefined)
    }
    if (expr.kind === 'attribute' && expr.value.kind === 'name') {
      const bound = frame.bound.get(expr.value.name)
      if (bound !== undefined) return guarded(() => resolve({expr: {...expr, value: bound.expr}, frame: bound.frame}), undefined)
    }
    return names.resolve(expr, frame.scope)
  }

  const step = (valued: Valued): Valued | undefined => {
    const {expr, frame} = valued
    switch (expr.kind) {
      case 'await':
      case 'walrus':
        return {expr: expr.value, frame}
      case 'name':
      case 'attribute': {
        const bound = expr.kind === 'name' ? frame.bound.get(expr.name) : undefined
        if (bound !== undefined) return bound
        const found = resolve(valued)
        if (found?.kind === 'value' && found.value !== undefined) return {expr: found.value, frame: frameFor(found.scope, frame)}
        if (found?.kind === 'param' && found.param.default !== undefined)
          return {expr: found.param.default, frame: {scope: found.scope, bound: new Map()}}
        return undefined
      }
      case 'call': {
        const callee = resolve({expr: expr.callee, frame})
        if (callee?.kind !== 'function') return undefined
        const returned = [...statementsIn(callee.node.body)].flatMap((one) =>
          one.kind === 'return' && one.value !== undefined ? [one.value] : [],
        )
        const [only] = returned
        return only === undefined || returned.length > 1 ? undefined : {expr: only, frame: enter(callee.node, callee.scope, expr, frame)}
      }
      case 'subscript': {
        const [index] = expr.index
        if (index === undefined) return undefined
        const key = constant({expr: index, frame})
        if (key === undefined) return undefined
        const of = {expr: expr.value, frame}
        return typeof key === 'number' ? items(of)?.[key] : entries(of)?.findLast((entry) => constant(entry.key) === key)?.value
      }
      default:
        return undefined
    }
  }

  const follow: Values['follow'] = (valued) =>
    guarded(() => {
      let at = valued
      for (let count = 0; count < 20; count += 1) {
        const next = step(at)
        if (next === undefined) return at
        at = next
      }
      return at
    }, valued)

  const text: Values['text'] = (valued) => {
    const value = valued === undefined ? undefined : constant(valued)
    return typeof value === 'string' ? value : undefined
  }
  const truth: Values['truth'] = (valued) => {
    const value = valued === undefined ? undefined : constant(follow(valued))
    return typeof value === 'boolean' ? value : undefined
  }

  const classOf: Values['classOf'] = (valued) => {
    const found = resolve(valued)
    if (found?.kind === 'class') return {node: found.node, scope: found.scope}
    const {expr, frame} = follow(valued)
    const end = expr === valued.expr ? undefined : resolve({expr, frame})
    return end?.kind === 'class' ? {node: end.node, scope: end.scope} : undefined
  }

  const args: Values['args'] = (call, frame) => {
    let open = false
    const found = call.args.flatMap((expr): Valued[] => {
      if (expr.kind !== 'star') return [{expr, frame}]
      const inner = items({expr: expr.value, frame})
      if (inner === undefined) open = true
      return [...(inner ?? [])]
    })
    return {args: found, open}
  }

  const argument: Values['argument'] = (call, frame, name, place) => {
    const named = call.keywords.find((keyword) => keyword.name === name)
    if (named !== undefined) return {expr: named.value, frame}
    for (const {name: own, value} of call.keywords) {
      if (own !== undefined) continue
      const entry = entries({expr: value, frame})?.findLast(({key}) => text(key) === name)
      if (entry !== undefined) return entry.value
    }
    return place === undefined ? undefined : args(call, frame).args[place]
  }

  const bind: Values['bind'] = (frame, target, value) => {
    const bound = new Map(frame.bound)
    const put = (one: Expr, given: Valued | undefined): void => {
      if (one.kind === 'name') {
        if (given === undefined) bound.delete(one.name)
        else bound.set(one.name, given)
      } else if (one.kind === 'tuple' || one.kind === 'list') {
        const parts = given === undefined ? undefined : items(given)
        for (const [place, inner] of one.items.entries()) put(inner, parts?.[place])
      }
    }
    put(target, value)
    return {scope: frame.scope, bound}
  }

  const enter: Values['enter'] = (node, scope, call, frame) => {
    const method = scope.within[0]?.kind === 'class' && ['self', 'cls'].includes(node.params[0]?.name ?? '') ? 1 : 0
    const inner = within(scope, node)
    const bound = new Map<string, Valued>()
    const plain = args(call, frame).args
    for (const [place, param] of node.params.entries()) {
      if (param.kind !== 'plain') continue
      const named = call.keywords.find((keyword) => keyword.name === param.name)
      const given = named === undefined ? (place >= method ? plain[place - method] : undefined) : {expr: named.value, frame}
      if (given !== undefined) bound.set(param.name, given)
      else if (param.default !== undefined) bound.set(param.name, {expr: param.default, frame: {scope, bound: new Map()}})
    }
    return {scope: inner, bound}
  }

  const nameOf: Values['nameOf'] = (valued) => {
    const {expr, frame} = valued
    const bound = expr.kind === 'name' ? frame.bound.get(expr.name) : undefined
    if (bound !== undefined) return guarded(() => nameOf(bound), '')
    return names.external(expr, frame.scope) ?? dotted(expr) ?? ''
  }

  const {items, entries} = createCollections({names, guarded, follow, classOf, bind})
  const constant = createConstants({names, guarded, step, resolve, classOf, items})

  return {names, follow, resolve, nameOf, text, truth, items, entries, args, argument, bind, enter, classOf}
}
