import type {Valued, Values} from '../python/values.ts'
import {callOf} from './column-types.ts'
import type {State} from './migration-schema.ts'
import type {Place} from './settings.ts'
import {effectsOf, isHarmlessBeginning} from './sql.ts'

/** SQL that is run as it is: labels of types are taken over, everything else is remembered as not replayed. */
export const executed = (values: Values, state: State, given: Valued | undefined, place: Place): void => {
  const text = given === undefined ? undefined : values.text(given)
  if (text === undefined) {
    if (given !== undefined && isHarmless(values, given)) return
    state.raw.push({...place, effect: {kind: 'any'}})
    return
  }
  for (const effect of effectsOf(text)) {
    if (effect.kind !== 'type') {
      state.raw.push({...place, effect})
      continue
    }
    const known = state.enums.get(effect.name)
    if (effect.dropped === true) state.enums.delete(effect.name)
    else if (effect.labels !== undefined) state.enums.set(effect.name, {...place, name: effect.name, labels: effect.labels, native: true})
    else if (effect.added !== undefined && known?.labels !== undefined)
      state.enums.set(effect.name, {...place, name: effect.name, labels: [...new Set([...known.labels, effect.added])], native: true})
    else if (effect.renamed !== undefined && known?.labels !== undefined) {
      const [from, to] = effect.renamed
      state.enums.set(effect.name, {
        ...place,
        name: effect.name,
        labels: known.labels.map((label) => (label === from ? to : label)),
        native: true,
      })
    } else state.raw.push({...place, effect: {kind: 'type', name: effect.name}})
  }
}

/** Statements of SQLAlchemy's own (`update(…)`, `table.insert()`), and text whose known beginning changes data. */
const isHarmless = (values: Values, given: Valued): boolean => {
  const {expr, frame} = values.follow(given)
  const inner = callOf(values, {expr, frame}, 'text')
  const [first] = inner === undefined ? [] : inner.call.args
  const at = inner === undefined || first === undefined ? {expr, frame} : values.follow({expr: first, frame: inner.frame})
  if (at.expr.kind === 'fstring' && typeof at.expr.parts[0] === 'string') return isHarmlessBeginning(at.expr.parts[0])
  // `text("UPDATE …").bindparams(…)`, `table.update().where(…)`: the beginning of the chain says what it is.
  let chain = expr
  for (let count = 0; count < 20 && chain.kind === 'call'; count += 1) {
    const name = chain.callee.kind === 'name' ? chain.callee.name : chain.callee.kind === 'attribute' ? chain.callee.name : ''
    if (['insert', 'update', 'delete', 'select'].includes(name)) return true
    if (name === 'text') {
      const text = values.text(chain.args[0] === undefined ? undefined : {expr: chain.args[0], frame})
      return text !== undefined && isHarmlessBeginning(text)
    }
    if (chain.callee.kind !== 'attribute') return false
    chain = chain.callee.value
  }
  return false
}
