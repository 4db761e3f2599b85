import type {Module, Program} from './program.ts'
import {
  argument,
  dotted,
  expressionsInBody,
  statementsIn,
  type Assign,
  type Call,
  type ClassDef,
  type Expr,
  type FunctionDef,
  type Param,
  type Stmt,
} from './syntax.ts'

/** Where a name is looked up: a module, and the functions and classes around the place, innermost first. */
export type Scope = {module: Module; within: readonly (FunctionDef | ClassDef)[]}

/** What a name or a chain of attributes stands for. */
export type Resolved =
  | {kind: 'external'; name: string}
  | {kind: 'module'; module: Module}
  | {kind: 'folder'; path: string; from: Module}
  | {kind: 'class'; node: ClassDef; scope: Scope}
  | {kind: 'function'; node: FunctionDef; scope: Scope; owner?: ClassRef | undefined}
  /** A name or attribute with what it was last given; `annotation` alone for a declared one. */
  | {kind: 'value'; value: Expr | undefined; annotation: Expr | undefined; scope: Scope; assign: Assign | undefined}
  | {kind: 'param'; param: Param; of: FunctionDef; scope: Scope}

export type ClassRef = {node: ClassDef; scope: Scope}

const maxSteps = 40
const maxSpent = 3000

/** Answers what names stand for, following imports, aliases, re-exports and assignments inside the repository. */
export type Names = {
  program: Program
  resolve(expr: Expr, scope: Scope): Resolved | undefined
  /** The dotted name of something from outside the repository (`fastapi.FastAPI`), however it is spelled here. */
  external(expr: Expr, scope: Scope): string | undefined
  /** The class that the value of an expression is an instance of: of the repository, or the dotted name of another's. */
  instanceOf(expr: Expr, scope: Scope): ClassRef | {external: string} | undefined
  /** The class that an annotation names, seen through Optional, Annotated, `X | None`, Depends and quotes. */
  annotated(annotation: Expr, scope: Scope): ClassRef | {external: string} | undefined
  /** A class and those it inherits from, nearest first: classes of the repository, and dotted names of others. */
  ancestors(ref: ClassRef): {classes: readonly ClassRef[]; external: readonly string[]}
  /** A method or attribute of a class, looked for in its ancestors too. */
  member(ref: ClassRef, name: string): Resolved | undefined
  /** What an expression evaluates to as far as that is known without running it, assignments followed. */
  follow(expr: Expr, scope: Scope): {expr: Expr; scope: Scope}
  moduleScope(module: Module): Scope
  /** The calls of a function in the code that is no test. */
  callsOf(node: FunctionDef): readonly {call: Call; scope: Scope}[]
}

type Binding =
  | {kind: 'import'; module: string; level: number; name: string | undefined; top: boolean}
  | {kind: 'class'; node: ClassDef}
  | {kind: 'function'; node: FunctionDef}
  | {kind: 'value'; value: Expr | undefined; annotation: Expr | undefined; assign: Assign | undefined}

type Given = {statement: Assign; method: FunctionDef}

export const createNames = (program: Program): Names => {
  const tables = new WeakMap<readonly Stmt[], ReadonlyMap<string, Binding>>()
  const tableOf = (body: readonly Stmt[]): ReadonlyMap<string, Binding> => {
    const known = tables.get(body)
    if (known !== undefined) return known
    const made = bindingsOf(body)
    tables.set(body, made)
    return made
  }
  const moduleScope = (module: Module): Scope => ({module, within: []})
  const attributes = new WeakMap<ClassDef, ReadonlyMap<string, Given>>()
  const leads = new WeakMap<Binding, {to: Resolved | undefined}>()
  let steps = 0
  let spent = 0

  /** Every public question starts with a full allowance: names that lead in circles, or apart without end, have no answer. */
  const guarded = <T>(work: () => T | undefined): T | undefined => {
    if (steps === 0) spent = 0
    if (steps >= maxSteps || spent >= maxSpent) return undefined
    spent += 1
    steps += 1
    try {
      return work()
    } finally {
      steps -= 1
    }
  }

  const ofTarget = (from: Module, name: string, level: number): Resolved | undefined => {
    const found = program.find(from, name, level)
    if (found === undefined) return undefined
    return found.kind === 'module' ? {kind: 'module', module: found.module} : {kind: 'folder', path: found.path, from}
  }

  /** Where an import leads, worked out once for each: names are looked up many times through it. */
  const importedBy = (bound: Extract<Binding, {kind: 'import'}>, from: Module): Resolved | undefined => {
    const known = leads.get(bound)
    if (known !== undefined) return known.to
    const to = ofTarget(from, bound.module, bound.level)
    leads.set(bound, {to})
    return to
  }

  const ofModule = (module: Module, name: string): Resolved | undefined =>
    guarded(() => {
      const bound = tableOf(module.body).get(name)
      if (bound !== undefined) return ofBinding(bound, moduleScope(module))
      const starred = fromStar(module, name)
      if (starred !== undefined) return starred
      return module.isPackage ? ofTarget(module, name, 1) : undefined
    })

  const fromStar = (module: Module, name: string): Resolved | undefined => {
    for (const statement of module.body) {
      if (statement.kind !== 'from' || statement.names !== '*') continue
      const target = ofTarget(module, statement.module, statement.level)
      const found = target?.kind === 'module' && target.module !== module ? ofModule(target.module, name) : undefined
      if (found !== undefined) return found
    }
    return undefined
  }

  const ofBinding = (bound: Binding, scope: Scope): Resolved | undefined => {
    switch (bound.kind) {
      case 'class':
        return {kind: 'class', node: bound.node, scope}
      case 'function':
        return {kind: 'function', node: bound.node, scope}
      case 'value':
        return {kind: 'value', value: bound.value, annotation: bound.annotation, scope, assign: bound.assign}
      case 'import': {
        const {module, level, name, top} = bound
        if (name === undefined) {
          const wanted = top ? (module.split('.')[0] ?? module) : module
          return ofTarget(scope.module, wanted, 0) ?? {kind: 'external', name: wanted}
        }
        const target = importedBy(bound, scope.module)
        if (target === undefined) return level > 0 ? undefined : {kind: 'external', name: `${module}.${name}`}
        // `from package import part` in the package itself: the module beside it, not the name that is just being bound.
        if (target.kind === 'module' && target.module === scope.module && tableOf(scope.module.body).get(name) === bound)
          return ofTarget(scope.module, name, 1)
        // A folder without modules of that name is no package: `alembic/` beside the code is not the library.
        return memberOf(target, name) ?? (target.kind === 'folder' ? {kind: 'external', name: `${module}.${name}`} : undefined)
      }
    }
  }

  const memberOf = (target: Resolved, name: string): Resolved | undefined =>
    guarded(() => {
      switch (target.kind) {
        case 'external':
          return {kind: 'external', name: `${target.name}.${name}`}
        case 'module':
          return ofModule(target.module, name)
        case 'folder': {
          const inner = program.find({...target.from, path: `${target.path}/_`}, name, 1)
          if (inner === undefined) return undefined
          return inner.kind === 'module' ? {kind: 'module', module: inner.module} : {kind: 'folder', path: inner.path, from: target.from}
        }
        case 'class':
          return member({node: target.node, scope: target.scope}, name)
        case 'value':
        case 'param': {
          const instance = instanceOfResolved(target)
          if (instance === undefined) return undefined
          return 'external' in instance ? {kind: 'external', name: `${instance.external}.${name}`} : member(instance, name)
        }
        case 'function':
          return undefined
      }
    })

  const resolve = (expr: Expr, scope: Scope): Resolved | undefined =>
    guarded(() => {
      switch (expr.kind) {
        case 'name':
          return lookUp(expr.name, scope)
        case 'attribute': {
          const value = resolve(expr.value, scope)
          if (value !== undefined) return memberOf(value, expr.name)
          const instance = instanceOf(expr.value, scope)
          if (instance === undefined) return undefined
          return 'external' in instance ? {kind: 'external', name: `${instance.external}.${expr.name}`} : member(instance, expr.name)
        }
        case 'string': {
          // An annotation in quotes.
          return /^[A-Za-z_][\w.]*$/.test(expr.value) ? resolve(namesOf(expr.value, expr.line), scope) : undefined
        }
        case 'await':
          return resolve(expr.value, scope)
        default:
          return undefined
      }
    })

  const lookUp = (name: string, {module, within}: Scope): Resolved | undefined => {
    for (const [depth, node] of within.entries()) {
      const inner: Scope = {module, within: within.slice(depth)}
      // Names of a class body are not seen from the functions in it.
      if (node.kind === 'class' && depth > 0) continue
      if (node.kind === 'function') {
        const param = node.params.find((one) => one.name === name)
        if (param !== undefined) {
          if ((name === 'self' || name === 'cls') && node.params[0] === param) {
            const owner = within[depth + 1]
            if (owner?.kind === 'class')
              return {
                kind: 'value',
                value: undefined,
                annotation: {kind: 'name', name: owner.name, line: owner.line},
                scope: {module, within: within.slice(depth + 2)},
                assign: undefined,
              }
          }
          return {kind: 'param', param, of: node, scope: inner}
        }
      }
      const bound = tableOf(node.body).get(name)
      if (bound !== undefined) return ofBinding(bound, inner)
    }
    return ofModule(module, name)
  }

  const external = (expr: Expr, scope: Scope): string | undefined => {
    const found = resolve(expr, scope)
    if (found?.kind === 'external') return found.name
    // `X = Column` or `Field = pydantic.Field`: the name of another thing.
    if (found?.kind === 'value' && found.value !== undefined && (found.value.kind === 'name' || found.value.kind === 'attribute'))
      return guarded(() => (found.value === undefined ? undefined : external(found.value, found.scope)))
    return undefined
  }

  const annotated = (annotation: Expr, scope: Scope): ReturnType<Names['annotated']> =>
    guarded(() => {
      if (annotation.kind === 'subscript') {
        const outer = (dotted(annotation.value) ?? '').split('.').at(-1) ?? ''
        const [inner] = annotation.index
        if (['Optional', 'Annotated', 'ClassVar', 'Final', 'Union', 'Mapped', 'Type', 'type'].includes(outer) && inner !== undefined)
          return annotated(inner, scope)
        if (['AsyncGenerator', 'Generator', 'AsyncIterator', 'Iterator', 'Awaitable', 'Coroutine'].includes(outer) && inner !== undefined)
          return annotated(inner, scope)
        return annotated(annotation.value, scope)
      }
      if (annotation.kind === 'binary' && annotation.op === '|')
        return annotated(annotation.left, scope) ?? annotated(annotation.right, scope)
      const found = resolve(annotation, scope)
      if (found?.kind === 'class') return {node: found.node, scope: found.scope}
      if (found?.kind === 'external') return {external: found.name}
      // An alias: `CurrentUserDep = Annotated[CurrentUser, Depends(...)]`.
      if (found?.kind === 'value' && found.value !== undefined) return annotated(found.value, found.scope)
      return undefined
    })

  const instanceOf = (expr: Expr, scope: Scope): ReturnType<Names['instanceOf']> =>
    guarded(() => {
      if (expr.kind === 'await') return instanceOf(expr.value, scope)
      if (expr.kind === 'conditional') return instanceOf(expr.then, scope) ?? instanceOf(expr.otherwise, scope)
      if (expr.kind === 'walrus') return instanceOf(expr.value, scope)
      if (expr.kind === 'binary' && expr.op === 'or') return instanceOf(expr.left, scope) ?? instanceOf(expr.right, scope)
      if (expr.kind === 'call') return ofCall(expr, scope)
      const found = resolve(expr, scope)
      return found === undefined ? undefined : instanceOfResolved(found)
    })

  const ofCall = (call: Call, scope: Scope): ReturnType<Names['instanceOf']> => {
    const callee = resolve(call.callee, scope)
    if (callee?.kind === 'class') return {node: callee.node, scope: callee.scope}
    if (callee?.kind === 'external') return {external: callee.name}
    if (callee?.kind === 'function') return ofFunction(callee.node, callee.scope)
    if (callee?.kind === 'value' && callee.value !== undefined) {
      // `get_settings = lru_cache(load)`: what the wrapped function gives.
      const made = callee.value
      if (made.kind === 'call') {
        const [wrapped] = made.args
        const inner = wrapped === undefined ? undefined : resolve(wrapped, callee.scope)
        if (inner?.kind === 'function') return ofFunction(inner.node, inner.scope)
        if (inner?.kind === 'class') return {node: inner.node, scope: inner.scope}
      }
      const instance = instanceOf(made, callee.scope)
      if (instance !== undefined && 'external' in instance) return {external: `${instance.external}()`}
    }
    return undefined
  }

  const ofFunction = (node: FunctionDef, scope: Scope): ReturnType<Names['instanceOf']> => {
    const inner = within(scope, node)
    if (node.returns !== undefined) {
      const declared = annotated(node.returns, scope)
      if (declared !== undefined) return declared
    }
    for (const statement of statementsIn(node.body))
      if (statement.kind === 'return' && statement.value !== undefined) {
        const given = instanceOf(statement.value, inner)
        if (given !== undefined) return given
      }
    return undefined
  }

  const instanceOfResolved = (found: Resolved): ReturnType<Names['instanceOf']> =>
    guarded(() => {
      if (found.kind === 'value')
        return (
          (found.annotation === undefined ? undefined : annotated(found.annotation, found.scope)) ??
          (found.value === undefined ? undefined : instanceOf(found.value, found.scope))
        )
      if (found.kind === 'param') {
        const {param, scope} = found
        // A dependency gives what its function returns.
        const given = dependencyOf(param.default, (callee) => external(callee, scope))
        if (param.annotation !== undefined) {
          const declared = annotated(param.annotation, scope)
          if (declared !== undefined) return declared
        }
        return given === undefined
          ? undefined
          : ofCall({kind: 'call', callee: given, args: [], keywords: [], line: param.line, endLine: param.line}, scope)
      }
      if (found.kind === 'function' && found.node.decorators.some((one) => isProperty(one))) return ofFunction(found.node, found.scope)
      return undefined
    })

  const ancestors = (ref: ClassRef): {classes: readonly ClassRef[]; external: readonly string[]} => {
    const classes: ClassRef[] = [ref]
    const others: string[] = []
    for (const one of classes) {
      if (classes.length > 50) break
      for (const base of one.node.bases) {
        const named = base.kind === 'subscript' ? base.value : base
        const found = resolve(named, one.scope)
        if (found?.kind === 'class') {
          if (!classes.some(({node}) => node === found.node)) classes.push({node: found.node, scope: found.scope})
        } else if (found?.kind === 'external') others.push(found.name)
        else if (found?.kind === 'value' && found.value !== undefined) {
          // `Base = declarative_base()`.
          const made = instanceOf(found.value, found.scope)
          if (made !== undefined && 'external' in made) others.push(`${made.external}()`)
          else {
            const alias = external(named, one.scope)
            if (alias !== undefined) others.push(alias)
          }
        }
      }
    }
    return {classes, external: others}
  }

  /** What the methods of a class give its attributes (`self.name = …`), the first of each; worked out once for each class. */
  const givenIn = (node: ClassDef): ReadonlyMap<string, Given> => {
    const known = attributes.get(node)
    if (known !== undefined) return known
    const found = new Map<string, Given>()
    for (const method of node.body) {
      if (method.kind !== 'function') continue
      const self = method.params[0]?.name ?? 'self'
      for (const statement of statementsIn(method.body)) {
        if (statement.kind !== 'assign') continue
        for (const target of statement.targets)
          if (target.kind === 'attribute' && target.value.kind === 'name' && target.value.name === self && !found.has(target.name))
            found.set(target.name, {statement, method})
      }
    }
    attributes.set(node, found)
    return found
  }

  const member = (ref: ClassRef, name: string): Resolved | undefined => {
    for (const {node, scope} of ancestors(ref).classes) {
      const inner = within(scope, node)
      const bound = tableOf(node.body).get(name)
      if (bound !== undefined) {
        const found = ofBinding(bound, inner)
        return found?.kind === 'function' ? {...found, owner: {node, scope}} : found
      }
      const given = givenIn(node).get(name)
      if (given !== undefined) {
        const {statement, method} = given
        return {kind: 'value', value: statement.value, annotation: statement.annotation, scope: within(inner, method), assign: statement}
      }
    }
    return undefined
  }

  const follow = (expr: Expr, scope: Scope): {expr: Expr; scope: Scope} => {
    let at = {expr, scope}
    for (let count = 0; count < 10; count += 1) {
      if (at.expr.kind !== 'name' && at.expr.kind !== 'attribute') return at
      const found = resolve(at.expr, at.scope)
      if (found?.kind !== 'value' || found.value === undefined) return at
      at = {expr: found.value, scope: found.scope}
    }
    return at
  }

  let callIndex: ReadonlyMap<string, readonly {call: Call; scope: Scope}[]> | undefined
  const callers = new WeakMap<FunctionDef, readonly {call: Call; scope: Scope}[]>()
  const callsOf = (node: FunctionDef): readonly {call: Call; scope: Scope}[] => {
    const known = callers.get(node)
    if (known !== undefined) return known
    const found = ((callIndex ??= indexCalls(program.modules)).get(node.name) ?? []).filter(({call, scope}) => {
      const callee = resolve(call.callee, scope)
      return callee?.kind === 'function' && callee.node === node
    })
    // In the middle of another question the allowance is a part only.
    if (steps === 0) callers.set(node, found)
    return found
  }

  return {program, resolve, external, instanceOf, annotated, ancestors, member, follow, moduleScope, callsOf}
}

/** Every call by the last word of what is called. */
const indexCalls = (modules: readonly Module[]): Map<string, {call: Call; scope: Scope}[]> => {
  const index = new Map<string, {call: Call; scope: Scope}[]>()
  const enter = (body: readonly Stmt[], scope: Scope): void => {
    for (const expr of expressionsInBody(body, {deep: false})) {
      if (expr.kind !== 'call') continue
      const name = expr.callee.kind === 'name' || expr.callee.kind === 'attribute' ? expr.callee.name : undefined
      if (name === undefined) continue
      const known = index.get(name)
      if (known === undefined) index.set(name, [{call: expr, scope}])
      else known.push({call: expr, scope})
    }
    for (const statement of statementsIn(body))
      if (statement.kind === 'function' || statement.kind === 'class') enter(statement.body, within(scope, statement))
  }
  for (const module of modules) if (!module.isTest) enter(module.body, {module, within: []})
  return index
}

/** A scope one function or class further in. */
export const within = (scope: Scope, node: FunctionDef | ClassDef): Scope => ({module: scope.module, within: [node, ...scope.within]})

/**
 * The callable in `Depends(callable)` or `Security(callable)`; undefined for anything else. `external` gives the dotted name of what is
 * called, so that an alias is known too.
 */
export const dependencyOf = (expr: Expr | undefined, external?: (callee: Expr) => string | undefined): Expr | undefined => {
  if (expr?.kind !== 'call') return undefined
  const name = (external?.(expr.callee) ?? dotted(expr.callee) ?? '').split('.').at(-1)
  return name === 'Depends' || name === 'Security' ? argument(expr, 'dependency', 0) : undefined
}

const isProperty = (decorator: Expr): boolean =>
  ['property', 'computed_field', 'cached_property'].includes(
    (dotted(decorator.kind === 'call' ? decorator.callee : decorator) ?? '').split('.').at(-1) ?? '',
  )

const namesOf = (text: string, line: number): Expr => {
  const [first = '', ...rest] = text.split('.')
  return rest.reduce<Expr>((value, name) => ({kind: 'attribute', value, name, line}), {kind: 'name', name: first, line})
}

/** What the statements of a body bind, without entering functions and classes; the last one wins, except that a fallback in `except` does not. */
const bindingsOf = (body: readonly Stmt[]): ReadonlyMap<string, Binding> => {
  const found = new Map<string, Binding>()
  const bind = (name: string, binding: Binding, weak: boolean) => {
    if (weak && found.has(name)) return
    const before = found.get(name)
    // A declaration keeps its annotation when a value follows.
    if (binding.kind === 'value' && before?.kind === 'value')
      found.set(name, {...binding, annotation: binding.annotation ?? before.annotation, value: binding.value ?? before.value})
    else found.set(name, binding)
  }
  const enter = (statements: readonly Stmt[], weak: boolean): void => {
    for (const statement of statements) {
      switch (statement.kind) {
        case 'import':
          for (const {module, alias} of statement.names)
            bind(
              alias ?? module.split('.')[0] ?? module,
              {kind: 'import', module, level: 0, name: undefined, top: alias === undefined},
              weak,
            )
          break
        case 'from':
          if (statement.names !== '*')
            for (const {name, alias} of statement.names)
              bind(alias ?? name, {kind: 'import', module: statement.module, level: statement.level, name, top: false}, weak)
          break
        case 'class':
          bind(statement.name, {kind: 'class', node: statement}, weak)
          break
        case 'function':
          // Overloads and setters come after what they belong to.
          if (!statement.decorators.some((one) => /\.(?:setter|deleter)$|^(?:typing\.)?overload$/.test(dotted(one) ?? '')))
            bind(statement.name, {kind: 'function', node: statement}, weak)
          break
        case 'assign':
          for (const target of statement.targets) bindTarget(target, statement, weak)
          break
        case 'with':
          for (const {value, as} of statement.items)
            if (as?.kind === 'name') bind(as.name, {kind: 'value', value, annotation: undefined, assign: undefined}, weak)
          enter(statement.body, weak)
          break
        case 'for':
          if (statement.target.kind === 'name')
            bind(statement.target.name, {kind: 'value', value: undefined, annotation: undefined, assign: undefined}, true)
          enter(statement.body, weak)
          enter(statement.otherwise, weak)
          break
        case 'if':
          for (const branch of statement.branches) enter(branch.body, weak)
          enter(statement.otherwise, true)
          break
        case 'while':
          enter(statement.body, weak)
          break
        case 'try':
          enter(statement.body, weak)
          for (const handler of statement.handlers) enter(handler.body, true)
          enter(statement.otherwise, weak)
          enter(statement.finally, weak)
          break
        case 'match':
          for (const one of statement.cases) enter(one.body, true)
          break
        default:
          break
      }
    }
  }
  const bindTarget = (target: Expr, statement: Assign, weak: boolean): void => {
    if (target.kind === 'name') {
      if (statement.op !== '=') return
      bind(target.name, {kind: 'value', value: statement.value, annotation: statement.annotation, assign: statement}, weak)
    } else if (target.kind === 'tuple' || target.kind === 'list') {
      const values = statement.value?.kind === 'tuple' || statement.value?.kind === 'list' ? statement.value.items : undefined
      for (const [place, item] of target.items.entries())
        if (item.kind === 'name') bind(item.name, {kind: 'value', value: values?.[place], annotation: undefined, assign: statement}, weak)
    }
  }
  enter(body, false)
  return found
}
