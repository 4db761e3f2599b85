import {constantOf, type Constant} from '../python/constant.ts'
import {enumMembers, type SettingsField} from './settings.ts'
import {within, type Names, type Resolved, type Scope} from '../python/resolve.ts'
import {argument, blocksOf, dotted, statementsIn, type Expr, type FunctionDef, type Stmt} from '../python/syntax.ts'
import type {fieldFinder} from './engines.ts'
import type {Placed} from './fastapi.ts'

type FieldFinder = ReturnType<typeof fieldFinder>

/** A setting, or a variable of the environment that code reads itself. `default`: what it is when it is not given, where that is known. */
export type SettingRead = {variables: readonly string[]; choices: readonly string[]; default?: Constant}

/** What has to be so for code to run, as plain data. `fold`: capitals do not count. */
export type Condition =
  | {is: 'always'}
  | {is: 'all' | 'any'; of: readonly Condition[]}
  | {is: 'not'; of: Condition}
  | {is: 'one of'; setting: SettingRead; values: readonly Constant[]; fold: boolean}
  | {is: 'given'; setting: SettingRead}
  /** Standard output is a terminal. */
  | {is: 'terminal'}
  /** The file is run as a program. */
  | {is: 'program'; file: string}
  | {is: 'open'; text: string; file: string; line: number}

export const always: Condition = {is: 'always'}

export const all = (conditions: readonly Condition[]): Condition => {
  const of = conditions.flatMap((one) => (one.is === 'all' ? one.of : one.is === 'always' ? [] : [one]))
  const [only] = of
  return only === undefined ? always : of.length === 1 ? only : {is: 'all', of}
}
export const anyOf = (of: readonly Condition[]): Condition => {
  const [only] = of
  return of.some(({is}) => is === 'always') ? always : only !== undefined && of.length === 1 ? only : {is: 'any', of}
}
export const not = (of: Condition): Condition => (of.is === 'not' ? of.of : {is: 'not', of})

const maxSize = 2000
const sizes = new WeakMap<Condition, number>()
const sizeOf = (condition: Condition): number => {
  const known = sizes.get(condition)
  if (known !== undefined) return known
  const of = condition.is === 'all' || condition.is === 'any' ? condition.of : condition.is === 'not' ? [condition.of] : []
  const size = of.reduce((sum, one) => sum + sizeOf(one), 1)
  sizes.set(condition, size)
  return size
}

/** The condition, or an open one where it is too long to be written down: conditions are plain data, repeated at each place. */
export const bounded = (condition: Condition, place: {text: string; file: string; line: number}): Condition =>
  sizeOf(condition) > maxSize ? {is: 'open', ...place} : condition

/** A test that stands before code: it holds there, or the opposite does. */
export type Guard = {test: Expr; negated: boolean}
export type Guarded = {statement: Stmt; guards: readonly Guard[]}

/** Every statement of a body with the tests that lead to it, early returns among them; functions and classes are not entered. */
export function* guardedStatements(body: readonly Stmt[], before: readonly Guard[] = []): Generator<Guarded> {
  let guards = before
  for (const statement of body) {
    yield {statement, guards}
    if (statement.kind === 'if') {
      let passed: readonly Guard[] = []
      let left: readonly Guard[] = []
      for (const {test, body: inner} of statement.branches) {
        yield* guardedStatements(inner, [...guards, ...passed, {test, negated: false}])
        passed = [...passed, {test, negated: true}]
        if (ends(inner)) left = [...left, {test, negated: true}]
      }
      yield* guardedStatements(statement.otherwise, [...guards, ...passed])
      if (statement.otherwise.length > 0 && ends(statement.otherwise) && statement.branches.length === 1)
        left = statement.branches.map(({test}) => ({test, negated: false}))
      guards = [...guards, ...left]
    } else if (statement.kind === 'match') {
      let passed: readonly Guard[] = []
      for (const {pattern, body: inner} of statement.cases) {
        const wild = pattern.kind === 'name' || (pattern.kind === 'other' && pattern.children.length === 0)
        const test: Expr = {kind: 'compare', operands: [statement.subject, pattern], ops: ['in'], line: pattern.line}
        yield* guardedStatements(inner, [...guards, ...passed, ...(wild ? [] : [{test, negated: false}])])
        if (!wild) passed = [...passed, {test, negated: true}]
      }
    } else for (const block of blocksOf(statement)) yield* guardedStatements(block, guards)
  }
}

/** Nothing after the block runs when it has run. */
const ends = (body: readonly Stmt[]): boolean => {
  const last = body.at(-1)
  if (last === undefined) return false
  if (last.kind === 'return' || last.kind === 'raise') return true
  if (last.kind === 'statement') return /^(?:continue|break)/.test(last.type)
  if (last.kind === 'expression') return last.value.kind === 'call' && dotted(last.value.callee) === 'sys.exit'
  return last.kind === 'if' && last.otherwise.length > 0 && [...last.branches.map((one) => one.body), last.otherwise].every(ends)
}

export type Conditions = {
  of(expr: Expr, scope: Scope): Condition
  guards(guards: readonly Guard[], scope: Scope): Condition
}

type Subject = {setting: SettingRead; fold: boolean}

/** Reads tests as conditions: settings compared with literals, through names, properties, enums, and parameters as calls give them. */
export const createConditions = (names: Names, field: FieldFinder): Conditions => {
  const settingOf = (found: SettingsField): SettingRead => ({
    variables: found.variables,
    choices: found.choices,
    ...(found.default.kind === 'literal' ? {default: found.default.value} : {}),
  })

  const fieldAt = (found: Resolved | undefined): SettingsField | undefined =>
    found?.kind === 'value' && found.assign !== undefined ? field(found.scope.module.path, found.assign.line) : undefined

  /** What every call gives a parameter, or its default. */
  const givenTo = (found: Extract<Resolved, {kind: 'param'}>): Placed[] => {
    const method = found.of.params[0]?.name === 'self' || found.of.params[0]?.name === 'cls' ? 1 : 0
    const place = found.of.params.indexOf(found.param)
    const fallback: Placed[] = found.param.default === undefined ? [] : [{expr: found.param.default, scope: found.scope}]
    const given = names.callsOf(found.of).flatMap(({call, scope}): Placed[] => {
      const value = argument(call, found.param.name, place >= method ? place - method : undefined)
      return value === undefined ? fallback : [{expr: value, scope}]
    })
    return given.length > 0 ? given : fallback
  }

  const subject = onceEach((expr: Expr, scope: Scope, self: Subject | undefined, depth: number): Subject | undefined => {
    if (depth > 10) return undefined
    const again = (inner: Expr, at = scope) => subject(inner, at, self, depth + 1)
    if (expr.kind === 'name' && expr.name === 'self' && self !== undefined) return self
    if (expr.kind === 'call') {
      if (expr.callee.kind === 'attribute' && ['lower', 'strip', 'casefold', 'upper'].includes(expr.callee.name)) {
        const of = again(expr.callee.value)
        if (of !== undefined) return {...of, fold: of.fold || expr.callee.name !== 'strip'}
      }
      const callee = names.external(expr.callee, scope) ?? dotted(expr.callee) ?? ''
      if (/^os\.(?:getenv|environ\.get)$/.test(callee)) return variable(expr.args[0], argument(expr, 'default', 1), scope)
      const [only] = expr.args
      return ['str', 'bool', 'int', 'len'].includes(callee) && only !== undefined ? again(only) : undefined
    }
    if (expr.kind === 'subscript') {
      const called = names.external(expr.value, scope) ?? dotted(expr.value) ?? ''
      return called === 'os.environ' ? variable(expr.index[0], undefined, scope) : undefined
    }
    if (expr.kind === 'binary' && expr.op === 'or') return again(expr.left)
    if (expr.kind !== 'name' && expr.kind !== 'attribute') return undefined
    const found = names.resolve(expr, scope)
    const own = fieldAt(found)
    if (own !== undefined) return {setting: settingOf(own), fold: false}
    if (expr.kind === 'attribute' && ['value', 'name'].includes(expr.name)) {
      const of = again(expr.value)
      if (of !== undefined) return expr.name === 'name' ? {...of, fold: true} : of
    }
    if (found?.kind === 'value' && found.value !== undefined) return again(found.value, found.scope)
    if (found?.kind === 'param') return agreed(givenTo(found), (one) => again(one.expr, one.scope))
    if (found?.kind === 'function') {
      const returned = onlyReturn(found.node)
      return returned === undefined ? undefined : again(returned, within(found.scope, found.node))
    }
    return undefined
  })

  const variable = (key: Expr | undefined, fallback: Expr | undefined, scope: Scope): Subject | undefined => {
    const name = key === undefined ? undefined : constantOf(names, key, scope)
    if (typeof name !== 'string') return undefined
    const value = fallback === undefined ? null : constantOf(names, fallback, scope)
    return {setting: {variables: [name.toUpperCase()], choices: [], ...(value === undefined ? {} : {default: value})}, fold: false}
  }

  /** The literals that something is compared with. */
  const literals = (expr: Expr, scope: Scope, depth = 0): Constant[] | undefined => {
    if (depth > 6) return undefined
    const at = names.follow(expr, scope)
    const listed = (items: readonly Expr[]): Constant[] | undefined => {
      const each = items.map((item) => literals(item, at.scope, depth + 1))
      return each.every((one) => one !== undefined) ? each.flat() : undefined
    }
    if (at.expr.kind === 'list' || at.expr.kind === 'tuple' || at.expr.kind === 'set') return listed(at.expr.items)
    if (at.expr.kind === 'other') return listed(at.expr.children)
    if (at.expr.kind === 'binary' && at.expr.op === '|') return listed([at.expr.left, at.expr.right])
    if (at.expr.kind === 'dict') return listed(at.expr.entries.flatMap(({key}) => key ?? []))
    if (at.expr.kind === 'call' && /^(?:frozenset|set|tuple|list)$/.test(dotted(at.expr.callee) ?? '')) return listed(at.expr.args)
    if (expr.kind === 'attribute') {
      const owner = expr.name === 'value' && expr.value.kind === 'attribute' ? expr.value : expr
      const enumeration = names.resolve(owner.value, scope)
      const members = enumeration?.kind === 'class' ? enumMembers(names, {node: enumeration.node, scope: enumeration.scope}) : undefined
      const member = members?.find(({name}) => name === owner.name)
      if (member !== undefined) return [member.value]
    }
    const value = constantOf(names, expr, scope)
    return value === undefined ? undefined : [value]
  }

  const open = (expr: Expr, scope: Scope): Condition => ({
    is: 'open',
    text: dotted(expr.kind === 'call' ? expr.callee : expr) ?? 'a test',
    file: scope.module.path,
    line: expr.line,
  })

  const of = onceEach((expr: Expr, scope: Scope, self: Subject | undefined, depth: number): Condition =>
    depth > 12
      ? open(expr, scope)
      : bounded(read(expr, scope, self, depth), {text: 'a long test', file: scope.module.path, line: expr.line}),
  )

  const read = (expr: Expr, scope: Scope, self: Subject | undefined, depth: number): Condition => {
    const again = (inner: Expr, at = scope, me = self) => of(inner, at, me, depth + 1)
    if (expr.kind === 'constant') return expr.value === true ? always : not(always)
    if (expr.kind === 'unary' && expr.op === 'not') return not(again(expr.value))
    if (expr.kind === 'binary' && (expr.op === 'and' || expr.op === 'or'))
      return (expr.op === 'and' ? all : anyOf)([again(expr.left), again(expr.right)])
    if (expr.kind === 'conditional') {
      const test = again(expr.test)
      return anyOf([all([test, again(expr.then)]), all([not(test), again(expr.otherwise)])])
    }
    if (expr.kind === 'compare') return compared(expr, scope, self, depth)
    if (expr.kind === 'call') {
      const callee = names.external(expr.callee, scope) ?? dotted(expr.callee) ?? ''
      if (/(?:^|\.)isatty$/.test(callee) || (expr.callee.kind === 'attribute' && expr.callee.name === 'isatty')) return {is: 'terminal'}
      if (callee === 'bool' && expr.args[0] !== undefined) return again(expr.args[0])
      if (expr.callee.kind === 'attribute' && /^(?:starts|ends)with$/.test(expr.callee.name)) {
        const about = subject(expr.callee.value, scope, self, 0)
        const text = expr.args[0] === undefined ? undefined : literals(expr.args[0], scope)
        // Of the names of environments, `prod…` and `dev…` are spelled in these ways.
        if (about !== undefined && text !== undefined && expr.callee.name === 'startswith')
          return {
            is: 'one of',
            ...about,
            values: text.flatMap((one) => spelled.filter((name) => name.startsWith(String(one).toLowerCase()))),
          }
      }
      const target = names.resolve(expr.callee, scope)
      if (target?.kind === 'function') return ofFunction(target, expr.callee, scope, self, depth)
    }
    if (expr.kind === 'name' || expr.kind === 'attribute') {
      const found = names.resolve(expr, scope)
      if (fieldAt(found) === undefined) {
        if (found?.kind === 'function') return ofFunction(found, expr, scope, self, depth)
        // An enum's own property: `settings.environment.is_local`.
        if (found === undefined && expr.kind === 'attribute') {
          const about = subject(expr.value, scope, self, 0)
          if (about === undefined) return open(expr, scope)
        }
        if (found?.kind === 'param')
          return agreed(givenTo(found), (one) => of(one.expr, one.scope, undefined, depth + 1)) ?? open(expr, scope)
        if (found?.kind === 'value' && found.value !== undefined && subject(expr, scope, self, 0) === undefined)
          return again(found.value, found.scope)
      }
    }
    const about = subject(expr, scope, self, 0)
    return about === undefined ? open(expr, scope) : {is: 'given', setting: about.setting}
  }

  const ofFunction = (
    found: Extract<Resolved, {kind: 'function'}>,
    called: Expr,
    scope: Scope,
    self: Subject | undefined,
    depth: number,
  ): Condition => {
    const returned = onlyReturn(found.node)
    if (returned === undefined) return open(called, scope)
    const owner = called.kind === 'attribute' ? subject(called.value, scope, self, 0) : undefined
    return of(returned, within(found.scope, found.node), owner, depth + 1)
  }

  const compared = (expr: Extract<Expr, {kind: 'compare'}>, scope: Scope, self: Subject | undefined, depth: number): Condition => {
    const [left, right] = expr.operands
    const [op = ''] = expr.ops
    if (left === undefined || right === undefined || expr.ops.length !== 1) return open(expr, scope)
    if ([left, right].some((one) => one.kind === 'name' && one.name === '__name__')) return {is: 'program', file: scope.module.path}
    const about = subject(left, scope, self, 0) ?? (op.includes('in') ? undefined : subject(right, scope, self, 0))
    const values = about === undefined ? undefined : literals(subject(left, scope, self, 0) === undefined ? left : right, scope)
    const inverse = op.startsWith('not') || op === '!=' || op === 'is not'
    const plain = ['==', '!=', 'is', 'is not', 'in', 'not in'].includes(op)
    if (about === undefined || values === undefined || !plain) {
      // `flag is True`, `self.is_dev == False`
      const value = constantOf(names, right, scope)
      if (typeof value === 'boolean' && plain) {
        const inner = of(left, scope, self, depth + 1)
        return value === inverse ? not(inner) : inner
      }
      return open(expr, scope)
    }
    const found: Condition = {is: 'one of', setting: about.setting, values, fold: about.fold}
    return inverse ? not(found) : found
  }

  return {
    of: (expr, scope) => of(expr, scope, undefined, 0),
    guards: (guards, scope) =>
      all(
        guards.map(({test, negated}) => {
          const found = of(test, scope, undefined, 0)
          return negated ? not(found) : found
        }),
      ),
  }
}

const spelled = ['dev', 'development', 'local', 'test', 'testing', 'stage', 'staging', 'prod', 'production', 'preview', 'qa', 'uat']

/** What all calls give alike; the rest is not asked once one of them differs. */
const agreed = <T>(given: readonly Placed[], of: (one: Placed) => T | undefined): T | undefined => {
  const [head, ...rest] = given
  const first = head === undefined ? undefined : of(head)
  if (first === undefined) return undefined
  const text = JSON.stringify(first)
  return rest.every((one) => JSON.stringify(of(one)) === text) ? first : undefined
}

type Asked<T> = (expr: Expr, scope: Scope, self: Subject | undefined, depth: number) => T

/** Works out each question once: what an expression is at its place, as far as the depth that it was met at still reaches. */
const onceEach = <T>(ask: Asked<T>): Asked<T> => {
  const known = new WeakMap<Expr, {around: unknown; depth: number; answer: T}[]>()
  return (expr, scope, self, depth) => {
    if (self !== undefined) return ask(expr, scope, self, depth)
    const around = scope.within[0] ?? scope.module
    const before = known.get(expr)
    const met = before?.find((one) => one.around === around && one.depth === depth)
    if (met !== undefined) return met.answer
    const answer = ask(expr, scope, self, depth)
    const entry = {around, depth, answer}
    const now = known.get(expr)
    if (now === undefined) known.set(expr, [entry])
    else now.push(entry)
    return answer
  }
}

/** What a function returns, when it has one return and that is all it does. */
const onlyReturn = (node: FunctionDef): Expr | undefined => {
  const returned = [...statementsIn(node.body)].filter((statement) => statement.kind === 'return')
  return returned.length === 1 && returned[0]?.kind === 'return' ? returned[0].value : undefined
}
