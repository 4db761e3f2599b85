import {within, type Names, type Scope} from '../python/resolve.ts'
import {expressionsInBody, statementsIn, type Expr, type FunctionDef} from '../python/syntax.ts'
import {createInterpreter} from './guard-run.ts'
import {freshRun, freshState} from './guard-state.ts'
import {unknownValue, type Value} from './guard-values.ts'
import {verificationOf, type Verification} from './verification.ts'

/** Calls that verify or read tokens anywhere in the program. */
export const everyVerification = (names: Names): Verification[] => {
  const interpreter = createInterpreter(names)
  const found: Verification[] = []
  const enter = (body: FunctionDef['body'], scope: Scope): void => {
    for (const expr of expressionsInBody(body, {deep: false})) {
      if (expr.kind !== 'call' || expr.callee.kind === 'call') continue
      const last = expr.callee.kind === 'name' || expr.callee.kind === 'attribute' ? expr.callee.name : ''
      if (!/decode|verify|unverified|claims/.test(last)) continue
      const name = names.external(expr.callee, scope)
      if (name === undefined) continue
      const run = freshRun(400)
      const value = (one: Expr): Value => interpreter.evaluate(one, scope, freshState(), run)[0]?.value ?? unknownValue
      const keywords = new Map(
        expr.keywords.flatMap(({name: word, value: given}) => (word === undefined ? [] : [[word, value(given)] as const])),
      )
      const made = verificationOf(
        names,
        name,
        expr.args.map((one) => value(one)),
        keywords,
        {expr, scope},
      )
      if (made !== undefined) found.push(made)
    }
    for (const statement of statementsIn(body))
      if (statement.kind === 'function' || statement.kind === 'class') enter(statement.body, within(scope, statement))
  }
  for (const module of names.program.modules) if (!module.isTest) enter(module.body, names.moduleScope(module))
  return found
}
