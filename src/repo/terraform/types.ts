import {evaluate, type Surroundings} from './evaluate.ts'
import type {Expression} from './syntax.ts'
import {fieldOf, known, textOf, type Value} from './values.ts'

/** A value with what its type constraint adds to it: optional attributes get their defaults, or null. */
export const withDefaults = (value: Value, type: Expression | undefined, around: Surroundings, depth = 0): Value => {
  if (type?.is !== 'call' || depth > 20) return value
  const [of] = type.args
  switch (type.name) {
    case 'list':
    case 'set':
      return value.is === 'list' ? {...value, items: value.items.map((item) => withDefaults(item, of, around, depth + 1))} : value
    case 'map':
      return value.is === 'object'
        ? {
            ...value,
            fields: Object.fromEntries(Object.entries(value.fields).map(([name, one]) => [name, withDefaults(one, of, around, depth + 1)])),
          }
        : value
    case 'object': {
      if (value.is !== 'object' || of?.is !== 'object') return value
      const fields = new Map(Object.entries(value.fields))
      for (const {key, value: constraint} of of.fields) {
        const name = textOf(evaluate(key, around))
        if (name === undefined) continue
        const optional = constraint.is === 'call' && constraint.name === 'optional'
        const inner = optional ? constraint.args[0] : constraint
        const given = fieldOf(value, name)
        const missing = given === undefined || (given.is === 'known' && given.value === null)
        if (!missing) fields.set(name, withDefaults(given, inner, around, depth + 1))
        else if (optional && value.open !== true) {
          const fallback = constraint.args[1]
          fields.set(name, fallback === undefined ? known(value, null) : withDefaults(evaluate(fallback, around), inner, around, depth + 1))
        }
      }
      return {...value, fields: Object.fromEntries(fields)}
    }
    default:
      return value
  }
}
