import {constantOf} from './constant.ts'
import {dotted, type Call} from './syntax.ts'
import type {Frame, Guarded, Valued, Values} from './values.ts'

type Constant = string | number | boolean | null | undefined

/** Text, numbers and truth that expressions come to, through formatting and the usual methods of text; undefined where only a run tells. */
export const createConstants = ({
  names,
  guarded,
  step,
  resolve,
  classOf,
  items,
}: Pick<Values, 'names' | 'resolve' | 'classOf' | 'items'> & {
  guarded: Guarded
  step: (valued: Valued) => Valued | undefined
}): ((valued: Valued) => Constant) => {
  const constant = (valued: Valued): Constant =>
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

  const ofCall = (call: Call, frame: Frame): Constant => {
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

  return constant
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
