import {conditionOf, failing, lookupOf, truthOf} from './expressions.ts'
import type {Text} from './facts.ts'
import {findIn, type Scope} from './scope.ts'

type Gate = {runs: boolean; conditional: boolean; always: boolean; status: boolean}

/** What a condition says: not at all, perhaps, even after a failure. */
export const gateOf = (condition: Text | undefined, scope: Scope): Gate => {
  if (condition === undefined) return {runs: true, conditional: false, always: false, status: false}
  const truth = truthOf(conditionOf(condition.text, lookupOf(findIn(scope))))
  const status = /\b(always|failure|cancelled)\s*\(/.test(condition.text)
  const after = status && truthOf(conditionOf(condition.text, lookupOf(findIn({...scope, result: 'failure'})), failing)) !== false
  return {runs: truth !== false, conditional: truth !== true, always: after, status}
}
