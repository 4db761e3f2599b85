import {
  all,
  always,
  anyOf,
  bounded,
  createConditions,
  guardedStatements,
  type Condition,
  type Conditions,
  type Guard,
} from './conditions.ts'
import {fieldFinder} from './engines.ts'
import {readApplications, readNames} from './fastapi.ts'
import type {Reader} from '../files.ts'
import {reach, type Running, type Start} from '../python/reach.ts'
import {within, type Names, type Scope} from '../python/resolve.ts'
import {expressionsIn, expressionsInBody, expressionsOf, statementsIn, type Call, type Expr, type Stmt} from '../python/syntax.ts'
import {readSettings, type Place} from './settings.ts'

/** A statement that runs when the application starts, under which condition, and where the function around it is called. */
export type StartedStatement = {statement: Stmt; scope: Scope; body: readonly Stmt[]; condition: Condition; calledAt: Place | undefined}

/** What runs when the applications are made and started, programs that start a server among it. Not plain data: for readers only. */
export type Startup = {
  names: Names
  conditions: Conditions
  statements: readonly StartedStatement[]
  /** The calls among them. */
  calls: readonly (Omit<StartedStatement, 'statement'> & {call: Call})[]
}

export const readStartup: Reader<Startup> = async ({read}) => {
  const names = await read(readNames)
  const {applications} = await read(readApplications)
  const {fields} = await read(readSettings)
  const conditions = createConditions(names, fieldFinder(fields))
  const programs = programsOf(names)
  const running = new Map<unknown, Running>()
  for (const one of [...applications.flatMap(({startup}) => startup), ...(programs.length === 0 ? [] : reach(names, programs))]) {
    const key = one.function ?? one.body
    const known = running.get(key)
    if (known === undefined) running.set(key, one)
    else {
      const met = new Set(known.calls.map(({call}) => call))
      for (const call of one.calls) if (!met.has(call.call)) known.calls.push(call)
    }
  }
  const guardsAt = new Map<Call, {guards: readonly Guard[]; scope: Scope}>()
  const found = [...running.values()]
  for (const {body, scope} of found)
    for (const {statement, guards} of guardedStatements(body)) for (const call of callsOf(statement)) guardsAt.set(call, {guards, scope})

  const entered = new Set(programs.flatMap((start) => ('function' in start ? [start.function] : [])))
  /** Under which condition code is reached: that of one of its calls, each with what leads to the caller. */
  const answers = new Map<Running, Condition[]>()
  const reached = (one: Running, depth = 0): Condition => {
    const known = answers.get(one) ?? []
    answers.set(one, known)
    return (known[depth] ??= bounded(reachedThrough(one, depth), {
      text: `the calls of ${one.function?.name ?? 'a module'}`,
      file: one.scope.module.path,
      line: one.function?.line ?? 1,
    }))
  }
  const reachedThrough = (one: Running, depth: number): Condition => {
    if (one.function === undefined || depth > 8) return always
    if (one.calls.length === 0) {
      if (entered.has(one.function)) return {is: 'program', file: one.scope.module.path}
      return one.via === undefined ? always : reached(one.via, depth + 1)
    }
    return anyOf(
      one.calls.slice(0, 20).map(({call, scope}) => {
        const at = guardsAt.get(call)
        const [around] = scope.within
        const caller = around === undefined ? undefined : running.get(around)
        return all([
          at === undefined ? always : conditions.guards(at.guards, at.scope),
          caller === undefined || caller === one ? always : reached(caller, depth + 1),
        ])
      }),
    )
  }

  const statements = found.flatMap((one): StartedStatement[] => {
    const before = reached(one)
    const [first] = one.calls
    const calledAt = first === undefined ? undefined : {file: first.scope.module.path, line: first.call.line}
    return [...guardedStatements(one.body)].map(({statement, guards}) => ({
      statement,
      scope: one.scope,
      body: one.body,
      condition: all([before, conditions.guards(guards, one.scope)]),
      calledAt,
    }))
  })
  const calls = statements.flatMap(({statement, ...rest}) => [...callsOf(statement)].map((call) => ({...rest, call})))
  return {names, conditions, statements, calls}
}

function* callsOf(statement: Stmt): Generator<Call> {
  for (const top of statement.kind === 'function' ? statement.decorators : expressionsOf(statement))
    for (const expr of expressionsIn(top)) if (isCall(expr)) yield expr
}
const isCall = (expr: Expr): expr is Call => expr.kind === 'call'

const servers = /^(?:uvicorn(?:\.\w+)*\.(?:run|Server|Config)|hypercorn(?:\.\w+)*\.(?:serve|run)|granian(?:\.\w+)*\.Granian)$/

/** The modules and functions that start a server. */
const programsOf = (names: Names): Start[] => {
  const starts: Start[] = []
  for (const module of names.program.modules) {
    if (module.isTest) continue
    const enter = (body: readonly Stmt[], scope: Scope): void => {
      for (const expr of expressionsInBody(body, {deep: false}))
        if (expr.kind === 'call' && servers.test(names.external(expr.callee, scope) ?? '')) {
          const [around] = scope.within
          starts.push({module})
          if (around?.kind === 'function') starts.push({function: around, scope: {module, within: scope.within.slice(1)}})
        }
      for (const statement of statementsIn(body))
        if (statement.kind === 'function' || statement.kind === 'class') enter(statement.body, within(scope, statement))
    }
    enter(module.body, names.moduleScope(module))
  }
  return starts
}
