import type {Names} from '../python/resolve.ts'
import {createAttributes} from './guard-attributes.ts'
import {createCalls} from './guard-calls.ts'
import {createFork} from './guard-conditions.ts'
import {createEvaluate} from './guard-expressions.ts'
import {createInject} from './guard-injection.ts'
import {createNamedValues} from './guard-names.ts'
import type {Interpreter} from './guard-state.ts'
import {createStatements} from './guard-statements.ts'

/** Goes through Python as far as a guard needs it: every way through a function, with values that are known and those that are not. */
export const createInterpreter = (names: Names): Interpreter => {
  // The parts call one another: those that come first reach the later ones through these two.
  const evaluate: Interpreter['evaluate'] = (expr, scope, state, run) => expressions(expr, scope, state, run)
  const apply: Interpreter['apply'] = (value, args, keywords, state, run, from) => calls.apply(value, args, keywords, state, run, from)
  const {ofName, ofResolved, typed} = createNamedValues({names, evaluate})
  const {member, attribute} = createAttributes({names, ofResolved, typed, evaluate, apply})
  const fork = createFork({evaluate})
  const {body} = createStatements({names, evaluate, fork})
  const calls = createCalls({names, evaluate, typed, member, body})
  const inject = createInject({names, evaluate, typed, inside: calls.inside})
  const expressions = createEvaluate({fork, ofName, member, attribute, call: calls.call})
  return {evaluate: expressions, apply: calls.apply, inject}
}
