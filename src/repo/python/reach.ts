import {importsOf, type Module} from './program.ts'
import {within, type Names, type Scope} from './resolve.ts'
import {expressionsIn, expressionsOf, statementsIn, type Call, type Expr, type FunctionDef, type Stmt} from './syntax.ts'

/** Code that runs: the body of a module or of a function. `calledBy`: where it is called, as far as it was met. */
export type Running = {
  body: readonly Stmt[]
  scope: Scope
  function: FunctionDef | undefined
  /** Calls of the function, each in the scope of who calls. */
  calls: {call: Call; scope: Scope}[]
  /** It was only handed on by name (a callback), and no call of it was met. */
  named: boolean
  /** Through which running code it was reached first; undefined for what it starts with. */
  via: Running | undefined
}

export type Start = {module: Module} | {function: FunctionDef; scope: Scope}

/**
 * All code that runs when the starts do: modules that are imported (with their packages), functions that are called or handed on by
 * name, constructors and methods of classes, as far as names tell. Functions that are only defined or decorated are not reached.
 */
export const reach = (names: Names, starts: readonly Start[]): readonly Running[] => createReach(names)(starts)

/** The same for starts that become known one after another: each call gives all that was reached so far. */
export const createReach = (names: Names): ((starts: readonly Start[]) => readonly Running[]) => {
  const found = new Map<unknown, Running>()
  const queue: Running[] = []
  const add = (key: unknown, make: () => Running): Running => {
    const known = found.get(key)
    if (known !== undefined) return known
    const made = make()
    found.set(key, made)
    queue.push(made)
    return made
  }
  const module = (one: Module, via: Running | undefined): void => {
    add(one.path, () => ({body: one.body, scope: names.moduleScope(one), function: undefined, calls: [], named: false, via}))
  }
  const called = (node: FunctionDef, scope: Scope, via: Running | undefined): Running =>
    add(node, () => {
      // What runs of a module's function has had its module imported.
      module(scope.module, via)
      return {body: node.body, scope: within(scope, node), function: node, calls: [], named: true, via}
    })

  const refer = (expr: Expr, running: Running, call: Call | undefined): void => {
    const target = names.resolve(expr, running.scope)
    if (target?.kind === 'function') {
      const reached = called(target.node, target.scope, running)
      if (call !== undefined) {
        reached.calls.push({call, scope: running.scope})
        reached.named = false
      }
    } else if (target?.kind === 'class' && call !== undefined) {
      for (const name of ['__init__', '__post_init__', '__call__']) {
        const method = names.member({node: target.node, scope: target.scope}, name)
        if (method?.kind === 'function') called(method.node, method.scope, running).named = false
      }
    }
  }

  const extend = (starts: readonly Start[]): readonly Running[] => {
    for (const start of starts) {
      if ('module' in start) module(start.module, undefined)
      else called(start.function, start.scope, undefined).named = false
    }
    for (let running = queue.shift(); running !== undefined; running = queue.shift()) {
      const {scope} = running
      for (const {module: name, level, names: taken} of importsOf({body: outermost(running.body), error: undefined, noqa: []})) {
        const parts = name === '' ? [] : name.split('.')
        const wanted = [...parts.map((_, count) => parts.slice(0, count + 1).join('.')), ...(level > 0 ? [''] : [])]
        for (const one of [...wanted, ...taken.map((last) => [...parts, last].join('.'))]) {
          const target = names.program.find(scope.module, one, level)
          if (target?.kind === 'module') module(target.module, running)
        }
      }
      for (const statement of statementsIn(running.body)) {
        const callees = new Set<Expr>()
        if (statement.kind === 'class')
          add(statement, () => ({
            body: statement.body,
            scope: within(scope, statement),
            function: undefined,
            calls: [],
            named: false,
            via: running,
          }))
        for (const top of statement.kind === 'function' ? statement.decorators : expressionsOf(statement))
          for (const expr of expressionsIn(top)) {
            if (expr.kind === 'call') {
              callees.add(expr.callee)
              refer(expr.callee, running, expr)
            } else if ((expr.kind === 'name' || expr.kind === 'attribute') && !callees.has(expr)) refer(expr, running, undefined)
          }
      }
    }
    return [...found.values()]
  }
  return extend
}

/** The statements of a body with functions and classes emptied: imports in them run only when they do. */
const outermost = (body: readonly Stmt[]): Stmt[] =>
  [...statementsIn(body)].filter((statement) => statement.kind === 'import' || statement.kind === 'from')

/** The files and lines through which running code is reached, outermost first. */
export const chainOf = (running: Running): {file: string; line: number; name: string}[] => {
  const chain: {file: string; line: number; name: string}[] = []
  for (let at: Running | undefined = running; at !== undefined && chain.length < 20; at = at.via)
    chain.unshift({file: at.scope.module.path, line: at.function?.line ?? 1, name: at.function?.name ?? at.scope.module.path})
  return chain
}
