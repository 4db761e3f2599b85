import {enumMembersOf} from './enums.ts'
import {dotted, type Expr} from './syntax.ts'
import type {Frame, Guarded, Valued, Values} from './values.ts'

const maxItems = 500

/** What lists, dicts, comprehensions, enums and calls that go through them hold. */
export const createCollections = ({
  names,
  guarded,
  follow,
  classOf,
  bind,
}: Pick<Values, 'names' | 'follow' | 'classOf' | 'bind'> & {guarded: Guarded}): Pick<Values, 'items' | 'entries'> => {
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

  return {items, entries}
}
