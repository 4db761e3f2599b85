import {constantOf, textOf} from '../python/constant.ts'
import type {Names, Scope} from '../python/resolve.ts'
import {dotted, expressionsIn, expressionsOf, statementsIn, type Expr, type Stmt} from '../python/syntax.ts'
import type {Condition} from './conditions.ts'
import type {Sequences} from './sequences.ts'
import type {Place} from './settings.ts'
import type {StartedStatement} from './startup.ts'

/** What is done to a logger of the standard library, by its name. */
export type LoggerSetUp = Place & {
  name: string
  does: readonly ('clears' | 'propagates' | 'stops' | 'handles' | 'disables')[]
  condition: Condition
}

/** What code does to loggers that it gets by their names, also in loops over literal names. */
export const loggersIn = (names: Names, sequences: Sequences, statements: readonly StartedStatement[]): LoggerSetUp[] => {
  const found: LoggerSetUp[] = []
  const namesOf = (expr: Expr, scope: Scope, body: readonly Stmt[], depth = 0): string[] => {
    if (depth > 4) return []
    const again = (at: Scope) => (inner: Expr) => namesOf(inner, at, body, depth + 1)
    if (expr.kind === 'name') {
      for (const one of statementsIn(body)) {
        if (one.kind === 'for' && one.target.kind === 'name' && one.target.name === expr.name)
          return sequences.list(one.iterable, scope).items.flatMap((item) => loggerNames(item.expr, item.scope))
      }
      const at = names.follow(expr, scope)
      return at.expr === expr ? [] : loggerNames(at.expr, at.scope, again(at.scope))
    }
    return loggerNames(expr, scope, again(scope))
  }
  const loggerNames = (expr: Expr, scope: Scope, inner: (expr: Expr) => string[] = () => []): string[] => {
    if (expr.kind === 'call' && /(?:^|\.)getLogger$/.test(names.external(expr.callee, scope) ?? dotted(expr.callee) ?? '')) {
      const [name] = expr.args
      if (name === undefined) return ['']
      const text = textOf(names, name, scope)
      return text === undefined ? inner(name) : [text]
    }
    const text = textOf(names, expr, scope)
    return text === undefined ? [] : [text]
  }
  for (const {statement, scope, body, condition} of statements) {
    const add = (logger: Expr, does: LoggerSetUp['does'][number]) => {
      for (const name of namesOf(logger, scope, body))
        found.push({file: scope.module.path, line: statement.line, name, does: [does], condition})
    }
    if (statement.kind === 'assign' && statement.value !== undefined)
      for (const target of statement.targets) {
        const attribute = target.kind === 'subscript' ? target.value : target
        if (attribute.kind !== 'attribute') continue
        const value = constantOf(names, statement.value, scope)
        if (attribute.name === 'propagate') add(attribute.value, value === false ? 'stops' : 'propagates')
        if (attribute.name === 'disabled' && value === true) add(attribute.value, 'disables')
        if (attribute.name === 'handlers') {
          add(attribute.value, 'clears')
          if (statement.value.kind !== 'list' || statement.value.items.length > 0) add(attribute.value, 'handles')
        }
      }
    for (const top of expressionsOf(statement))
      for (const expr of expressionsIn(top)) {
        if (expr.kind !== 'call' || expr.callee.kind !== 'attribute') continue
        const {name, value} = expr.callee
        if (name === 'addHandler') add(value, 'handles')
        if (name === 'clear' && value.kind === 'attribute' && value.name === 'handlers') add(value.value, 'clears')
        if (name === 'removeHandler') add(value, 'clears')
        if (
          name === 'setLevel' &&
          /^(?:WARNING|ERROR|CRITICAL)$/.test(
            String(expr.args[0] === undefined ? '' : (textOf(names, expr.args[0], scope) ?? dotted(expr.args[0])?.split('.').at(-1))),
          )
        )
          add(value, 'disables')
      }
  }
  return found
}
