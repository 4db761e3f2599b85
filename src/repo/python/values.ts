import {enumMembersOf} from './enums.ts'
import {constantOf} from './constant.ts'
import {within, type ClassRef, type Names, type Resolved, type Scope} from './resolve.ts'
import {dotted, statementsIn, type Call, type Expr, type FunctionDef} from './syntax.ts'

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

const maxDepth = 40
const maxItems = 500

export const createValues = (names: Names): Values => {
  let depth = 0
  /** Names that lead in circles have no answer. */
  const guarded = <T>(work: () => T, otherwise: T): T => {
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

  const constant = (valued: Valued): string | number | boolean | null | undefined =>
    guarded(() => {
      const {expr, frame} = valued
      switch (expr.kind) {
        case 'string':
          return expr.bytes ? undefined : expr.value
        case 'fstring': {
          const parts = expr.parts.map((part) => (typeof part === 'string' ? part : constant({expr: part, frame})))
          return parts.some((part) => part === undefined) ? undefined : parts.map(String).join('')
        }
        case 'binary': {
          if (expr.op !== '+') break
          const left = constant({expr: expr.left, frame})
          const right = constant({expr: expr.right, frame})
          if (typeof left === 'string' && typeof right === 'string') return left + right
          break
        }
        case 'name':
        case 'subscript': {
          const next = step(valued)
          return next === undefined ? undefined : constant(next)
        }
        case 'attribute': {
          if (expr.name === 'value') {
            const inner = constant({expr: expr.value, frame})
            if (inner !== undefined) return inner
          }
          if (expr.name === 'name') {
            const member = resolve({expr: expr.value, frame})
            const [target] = member?.kind === 'value' ? (member.assign?.targets ?? []) : []
            if (member?.kind === 'value' && member.scope.within[0]?.kind === 'class' && target?.kind === 'name') return target.name
          }
          if (expr.name === '__name__') {
            const found = classOf({expr: expr.value, frame})
            if (found !== undefined) return found.node.name
          }
          if (expr.name === '__tablename__') {
            const found = classOf({expr: expr.value, frame})
            const member = found === undefined ? undefined : names.member(found, '__tablename__')
            if (member?.kind === 'value' && member.value !== undefined)
              return constant({expr: member.value, frame: {scope: member.scope, bound: new Map()}})
          }
          const next = step(valued)
          return next === undefined ? undefined : constant(next)
        }
        case 'call':
          return ofCall(expr, frame)
        default:
          break
      }
      return constantOf(names, expr, frame.scope)
    }, undefined)

  const ofCall = (call: Call, frame: Frame): ReturnType<typeof constant> => {
    const short = (dotted(call.callee) ?? '').split('.').at(-1) ?? (call.callee.kind === 'attribute' ? call.callee.name : '')
    const first = call.args[0] === undefined ? undefined : {expr: call.args[0], frame}
    if (['f', 'quoted_name', 'text', 'literal_column', 'str', 'TextClause', 'DDL', 'dedent'].includes(short) && first !== undefined)
      return constant(first)
    if (call.callee.kind === 'attribute') {
      const of = {expr: call.callee.value, frame}
      const given = call.args.map((arg) => constant({expr: arg, frame}))
      if (short === 'sub' && dotted(call.callee) === 're.sub') return snaked(given)
      if (short === 'join') {
        const between = constant(of)
        const parts = first === undefined ? undefined : items(first)?.map(constant)
        if (typeof between === 'string' && parts !== undefined && parts.every((part) => typeof part === 'string'))
          return parts.join(between)
        return undefined
      }
      const text = ['lower', 'upper', 'strip', 'replace', 'removesuffix', 'removeprefix'].includes(short) ? constant(of) : undefined
      if (typeof text === 'string') {
        const [from, to] = given
        if (short === 'lower' || short === 'casefold') return text.toLowerCase()
        if (short === 'upper') return text.toUpperCase()
        if (short === 'strip') return text.trim()
        if (short === 'replace' && typeof from === 'string' && typeof to === 'string') return text.replaceAll(from, () => to)
        if (short === 'removesuffix' && typeof from === 'string')
          return from !== '' && text.endsWith(from) ? text.slice(0, -from.length) : text
        if (short === 'removeprefix' && typeof from === 'string') return text.startsWith(from) ? text.slice(from.length) : text
      }
      if (short === 'format') {
        const template = constant(of)
        if (typeof template !== 'string') return undefined
        let place = 0
        const unknown: string[] = []
        const made = template.replaceAll(/\{(\w*)\}/g, (_, name: string) => {
          const value = /^\d*$/.test(name)
            ? given[name === '' ? place++ : Number(name)]
            : call.keywords.filter((one) => one.name === name).map(({value: one}) => constant({expr: one, frame}))[0]
          if (value === undefined) unknown.push(name)
          return String(value)
        })
        return unknown.length === 0 ? made : undefined
      }
    }
    const next = step({expr: call, frame})
    return next === undefined ? constantOf(names, call, frame.scope) : constant(next)
  }

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

  const items: Values['items'] = (valued) =>
    guarded(() => {
      const {expr, frame} = follow(valued)
      switch (expr.kind) {
        case 'list':
        case 'tuple':
        case 'set':
          return spread(expr.items, frame)
        case 'binary': {
          if (expr.op !== '+') return undefined
          const left = items({expr: expr.left, frame})
          const right = items({expr: expr.right, frame})
          return left === undefined || right === undefined ? undefined : [...left, ...right]
        }
        case 'dict':
          return entries({expr, frame})?.map(({key}) => key)
        case 'comprehension':
          return ofComprehension(expr, frame)
        case 'call': {
          const name = dotted(expr.callee) ?? ''
          const [first] = expr.args
          if (/^(?:list|tuple|set|frozenset|sorted|iter)$/.test(name) && first !== undefined) return items({expr: first, frame})
          if (name === 'reversed' && first !== undefined) return items({expr: first, frame})?.toReversed()
          if (name === 'enumerate' && first !== undefined)
            return items({expr: first, frame})?.map((item, place) => pair({expr: number(place, expr.line), frame}, item, expr.line))
          if (expr.callee.kind === 'attribute' && ['items', 'keys', 'values'].includes(expr.callee.name)) {
            const which = expr.callee.name
            return entries({expr: expr.callee.value, frame})?.map(({key, value}) =>
              which === 'keys' ? key : which === 'values' ? value : pair(key, value, expr.line),
            )
          }
          return undefined
        }
        case 'name':
        case 'attribute': {
          const found = classOf({expr, frame})
          if (found === undefined) return undefined
          return enumMembersOf(names, found)?.map(({name, line}) => ({expr: {kind: 'attribute', value: expr, name, line}, frame}))
        }
        default:
          return undefined
      }
    }, undefined)

  const number = (value: number, line: number): Expr => ({kind: 'constant', value, line})
  /** Two values of different frames as one: each is bound to a name that stands nowhere in Python. */
  const pair = (one: Valued, other: Valued, line: number): Valued => ({
    expr: {kind: 'tuple', items: ['0 of pair', '1 of pair'].map((name): Expr => ({kind: 'name', name, line})), line},
    frame: {
      scope: one.frame.scope,
      bound: new Map([
        ['0 of pair', one],
        ['1 of pair', other],
      ]),
    },
  })

  const spread = (exprs: readonly Expr[], frame: Frame): Valued[] | undefined => {
    const found: Valued[] = []
    for (const expr of exprs) {
      const inner = expr.kind === 'star' ? items({expr: expr.value, frame}) : [{expr, frame}]
      if (inner === undefined || found.length > maxItems) return undefined
      found.push(...inner)
    }
    return found
  }

  const ofComprehension = (expr: Extract<Expr, {kind: 'comprehension'}>, frame: Frame): Valued[] | undefined => {
    if (expr.conditions.length > 0) return undefined
    let frames: Frame[] = [frame]
    for (const {target, iterable} of expr.clauses) {
      const next: Frame[] = []
      for (const one of frames) {
        const over = items({expr: iterable, frame: one})
        if (over === undefined || next.length > maxItems) return undefined
        next.push(...over.map((item) => bind(one, target, item)))
      }
      frames = next
    }
    const [element] = expr.element
    return element === undefined ? undefined : frames.map((one) => ({expr: element, frame: one}))
  }

  const entries: Values['entries'] = (valued) =>
    guarded(() => {
      const {expr, frame} = follow(valued)
      if (expr.kind === 'dict') {
        const found = expr.entries.map(({key, value}) =>
          key === undefined ? entries({expr: value, frame}) : [{key: {expr: key, frame}, value: {expr: value, frame}}],
        )
        return found.some((one) => one === undefined) ? undefined : found.flatMap((one) => one ?? [])
      }
      if (expr.kind === 'call' && dotted(expr.callee) === 'dict' && expr.args.length === 0)
        return expr.keywords.flatMap(({name, value, line}) =>
          name === undefined
            ? (entries({expr: value, frame}) ?? [])
            : [{key: {expr: {kind: 'string', value: name, bytes: false, line}, frame}, value: {expr: value, frame}}],
        )
      return undefined
    }, undefined)

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

  return {names, follow, resolve, nameOf, text, truth, items, entries, args, argument, bind, enter, classOf}
}

/** `re.sub` as it is used to make table names of class names: only the well-known patterns are carried out. */
const snaked = ([pattern, by, subject]: readonly unknown[]): string | undefined => {
  if (typeof pattern !== 'string' || typeof by !== 'string' || typeof subject !== 'string') return undefined
  const known = ['(?<!^)(?=[A-Z])', '(.)([A-Z][a-z]+)', '([a-z0-9])([A-Z])', '([A-Z])', '(?<!^)([A-Z])', '([a-z])([A-Z])']
  if (!known.includes(pattern)) return undefined
  return subject.replaceAll(
    new RegExp(pattern, 'g'),
    by.replaceAll('$', '$$$$').replaceAll(/\\g?<?(\d)>?/g, (_, place: string) => `$${place}`),
  )
}
