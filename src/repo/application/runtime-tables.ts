import type {Module} from '../python/program.ts'
import {within, type Scope} from '../python/resolve.ts'
import {dotted, expressionsIn, expressionsInBody, expressionsOf, statementsIn, type Expr, type Stmt} from '../python/syntax.ts'
import type {Valued, Values} from '../python/values.ts'
import type {Place} from './settings.ts'

/** A table that code makes while it runs. `prefix`: what its name begins with; missing where only a run tells. `whole`: that is all of it. */
export type RuntimeTable = Place & {prefix?: string; whole: boolean}

const creates = /^\s*CREATE\s+(?:UNLOGGED\s+|FOREIGN\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?/i

/** Texts that make tables (`CREATE TABLE …`), and `Table(…)` with a name that is made up in a function. */
export const runtimeTablesIn = (values: Values, module: Module): RuntimeTable[] => {
  const found = new Map<string, RuntimeTable>()
  const add = (line: number, prefix: string, whole: boolean): void => {
    const key = `${line}`
    if (!found.has(key)) found.set(key, {file: module.path, line, ...(prefix === '' ? {} : {prefix}), whole})
  }
  const enter = (body: readonly Stmt[], scope: Scope): void => {
    for (const statement of statementsIn(body)) {
      for (const top of expressionsOf(statement))
        for (const expr of expressionsIn(top)) {
          const valued: Valued = {expr, frame: {scope, bound: new Map()}}
          const parts = piecesOf(values, valued)
          const made = parts === undefined ? undefined : nameIn(values, parts)
          if (made !== undefined) add(expr.line, made.text, made.whole)
          if (
            expr.kind === 'call' &&
            /(?:^|\.)Table$/.test(dotted(expr.callee) ?? '') &&
            scope.within.some(({kind}) => kind === 'function') &&
            /(?:^|\.)Table$/.test(values.nameOf({expr: expr.callee, frame: valued.frame})) &&
            expr.args.length > 2
          ) {
            const [name] = expr.args
            if (name !== undefined && values.text({expr: name, frame: valued.frame}) === undefined)
              add(expr.line, beginning(values, {expr: name, frame: valued.frame}, 0).text, false)
          }
        }
      if (statement.kind === 'function' || statement.kind === 'class') enter(statement.body, within(scope, statement))
    }
  }
  enter(module.body, values.names.moduleScope(module))
  return [...found.values()]
}

type Piece = string | Valued

/** A text as its pieces: formatted, put together with `+` or `.format(…)`; undefined for anything else. */
const piecesOf = (values: Values, {expr, frame}: Valued): Piece[] | undefined => {
  if (expr.kind === 'string') return expr.bytes ? undefined : [expr.value]
  if (expr.kind === 'fstring') return expr.parts.map((part) => (typeof part === 'string' ? part : {expr: part, frame}))
  if (expr.kind === 'binary' && expr.op === '+') {
    const left = piecesOf(values, {expr: expr.left, frame}) ?? [{expr: expr.left, frame}]
    return [...left, ...(piecesOf(values, {expr: expr.right, frame}) ?? [{expr: expr.right, frame}])]
  }
  if (expr.kind === 'binary' && expr.op === '%' && expr.left.kind === 'string') {
    const given = expr.right.kind === 'tuple' ? expr.right.items : [expr.right]
    return expr.left.value.split(/%(?:\(\w+\))?s/).flatMap((text, place): Piece[] => {
      const next = given[place]
      return next === undefined ? [text] : [text, {expr: next, frame}]
    })
  }
  if (expr.kind === 'call' && expr.callee.kind === 'attribute' && expr.callee.name === 'format') {
    const template = values.text({expr: expr.callee.value, frame})
    if (template === undefined) return undefined
    let place = 0
    return template.split(/(\{\w*\})/).flatMap((text): Piece[] => {
      const name = /^\{(\w*)\}$/.exec(text)?.[1]
      if (name === undefined) return [text]
      const given = expr.keywords.find((keyword) => keyword.name === name)?.value ?? expr.args[name === '' ? place++ : Number(name)]
      return [given === undefined ? '' : {expr: given, frame}]
    })
  }
  return undefined
}

/** The beginning of the name in `CREATE TABLE name`; undefined for a text that makes no table. */
const nameIn = (values: Values, pieces: readonly Piece[]): {text: string; whole: boolean} | undefined => {
  const [first, ...rest] = pieces
  if (typeof first !== 'string') return undefined
  const match = creates.exec(first)
  if (match === null) return undefined
  let text = ''
  for (const piece of [first.slice(match[0].length), ...rest]) {
    if (typeof piece === 'string') {
      const name = /^["`]?((?:\w+["`]?\.["`]?)?\w*)/.exec(piece)?.[1] ?? ''
      text += name.split('.').at(-1) ?? ''
      // The name ends where its letters do, unless the text ends there.
      if (piece.replace(/^["`]?(?:\w+["`]?\.["`]?)?\w*/, '') !== '' || (name === '' && piece !== '' && !/^["`]$/.test(piece)))
        return text === '' && !/^["`]?\w/.test(piece) && piece !== '"' ? undefined : {text, whole: true}
      continue
    }
    const begun = beginning(values, piece, 0)
    text += begun.text
    if (!begun.whole) return {text, whole: false}
  }
  return rest.length === 0 && text === '' ? undefined : {text, whole: true}
}

const ofText = new Set([
  'lower',
  'upper',
  'casefold',
  'strip',
  'lstrip',
  'rstrip',
  'replace',
  'removesuffix',
  'encode',
  'decode',
  'translate',
  'ljust',
  'split',
])

/** What a value certainly begins with; `whole` where that is all of it. */
const beginning = (values: Values, valued: Valued, depth: number): {text: string; whole: boolean} => {
  const nothing = {text: '', whole: false}
  if (depth > 12) return nothing
  const constant = values.text(valued)
  if (constant !== undefined) return {text: constant, whole: true}
  const again = (inner: Valued) => beginning(values, inner, depth + 1)
  if (valued.expr.kind === 'attribute') {
    // Of a column of a model its declaration says nothing; what it is given does.
    const given = agreed(givenAs(values, valued.expr.name).map(again))
    if (given.text !== '') return {...given, whole: false}
  }
  const {expr, frame} = values.follow(valued)
  const pieces = expr.kind === 'string' ? undefined : piecesOf(values, {expr, frame})
  if (pieces !== undefined) {
    let text = ''
    for (const piece of pieces) {
      const next = typeof piece === 'string' ? {text: piece, whole: true} : again(piece)
      text += next.text
      if (!next.whole) return {text, whole: false}
    }
    return {text, whole: true}
  }
  if (expr.kind === 'subscript' || expr.kind === 'await') return {...again({expr: expr.value, frame}), whole: false}
  if (expr.kind === 'binary' && expr.op === 'or') return agreed([again({expr: expr.left, frame}), again({expr: expr.right, frame})])
  if (expr.kind === 'conditional') return agreed([again({expr: expr.then, frame}), again({expr: expr.otherwise, frame})])
  if (expr.kind === 'call') {
    const found = values.resolve({expr: expr.callee, frame})
    if (found?.kind === 'function') {
      const inner = values.enter(found.node, found.scope, expr, frame)
      const results = [...statementsIn(found.node.body)].flatMap((one) =>
        one.kind === 'return' && one.value !== undefined ? [again({expr: one.value, frame: inner})] : [],
      )
      return agreed(results)
    }
    // `quote(name)`, `Identifier(name)`, `name.lower()`: the name is in it.
    const [first] = expr.args
    if (expr.callee.kind === 'attribute' && ofText.has(expr.callee.name)) return {...again({expr: expr.callee.value, frame}), whole: false}
    if (first !== undefined && expr.args.length === 1) return {...again({expr: first, frame}), whole: false}
    return expr.callee.kind === 'attribute' ? {...again({expr: expr.callee.value, frame}), whole: false} : nothing
  }
  if (expr.kind === 'name') {
    const found = values.resolve({expr, frame})
    if (found?.kind === 'param') {
      const calls = values.names.callsOf(found.of).slice(0, 20)
      return agreed(
        calls.flatMap(({call, scope}) => {
          const given = values.enter(found.of, found.scope, call, {scope, bound: new Map()}).bound.get(found.param.name)
          return given === undefined ? [] : [again(given)]
        }),
      )
    }
  }
  return nothing
}

const agreed = (all: readonly {text: string; whole: boolean}[]): {text: string; whole: boolean} => {
  const known = all.filter(({text}) => text !== '')
  const [first] = known
  if (first === undefined) return {text: '', whole: false}
  let text = first.text
  for (const one of known) while (!one.text.startsWith(text)) text = text.slice(0, -1)
  return {text, whole: all.length === 1 && first.whole}
}

const maxGiven = 20

/** What an attribute of that name is given anywhere: as a keyword of a constructor, or assigned. */
const givenAs = (values: Values, name: string): Valued[] => {
  const found: Valued[] = []
  const enter = (body: readonly Stmt[], scope: Scope): void => {
    if (found.length > maxGiven) return
    for (const expr of expressionsInBody(body, {deep: false}))
      if (expr.kind === 'call') {
        const keyword = expr.keywords.find((one) => one.name === name)
        if (keyword !== undefined && /^[A-Z]/.test((dotted(expr.callee) ?? '').split('.').at(-1) ?? '') && !isItself(keyword.value, name))
          found.push({expr: keyword.value, frame: {scope, bound: new Map()}})
      }
    for (const statement of statementsIn(body)) {
      if (
        statement.kind === 'assign' &&
        statement.value !== undefined &&
        statement.targets.some((target) => target.kind === 'attribute' && target.name === name) &&
        !isItself(statement.value, name)
      )
        found.push({expr: statement.value, frame: {scope, bound: new Map()}})
      if (statement.kind === 'function' || statement.kind === 'class') enter(statement.body, within(scope, statement))
    }
  }
  for (const module of values.names.program.modules) if (!module.isTest) enter(module.body, values.names.moduleScope(module))
  return found
}

const isItself = (expr: Expr, name: string): boolean => expr.kind === 'attribute' && expr.name === name
