import type {Scope} from '../python/resolve.ts'
import type {Expr} from '../python/syntax.ts'
import {marked, type Interpreter, type Run, type State, type Step} from './guard-state.ts'
import {nothing, thing, truth} from './guard-values.ts'

export type Fork = (test: Expr, scope: Scope, state: State, run: Run) => (Step & {holds: boolean})[]

/** Both ways of a condition, or the one that is taken for sure; what it says of a name is known on each. */
export const createFork =
  ({evaluate}: Pick<Interpreter, 'evaluate'>): Fork =>
  (test, scope, state, run) =>
    evaluate(test, scope, state, run).flatMap((one) => {
      if (one.raised) return [{...one, holds: false}]
      const known = truth(one.value)
      if (known !== undefined) return [{...one, holds: known}]
      return [true, false].map((holds) => {
        const after = marked(one.state, one.value)
        narrow(test, holds, after)
        return {...one, state: after, holds}
      })
    })

const narrow = (test: Expr, holds: boolean, state: State): void => {
  if (test.kind === 'unary' && test.op === 'not') return narrow(test.value, !holds, state)
  if (test.kind === 'walrus') return narrowName(test.name, holds, state)
  if (test.kind === 'name') return narrowName(test.name, holds, state)
  if (test.kind !== 'compare' || test.ops.length !== 1) return
  const [left, right] = test.operands
  const name = left?.kind === 'name' || left?.kind === 'walrus' ? left.name : undefined
  if (name === undefined || right?.kind !== 'constant' || right.value !== null) return
  const [op = ''] = test.ops
  narrowName(name, ['is not', '!='].includes(op) ? holds : !holds, state)
}
const narrowName = (name: string, isThere: boolean, state: State): void => {
  const value = state.env.vars.get(name)
  if (value?.is === 'unknown' && !value.role) state.env.vars.set(name, isThere ? thing() : nothing)
}
