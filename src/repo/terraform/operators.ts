import {dynamic, known, same, withRefs, type Place, type Value} from './values.ts'

/** What an operator makes of its operands. */
export const operate = (place: Place, operator: string, of: readonly Value[]): Value => {
  const [left, right] = of
  const refs = of.map((one) => one.refs)
  const made = left === undefined ? undefined : right === undefined ? unary(operator, left) : binary(operator, left, right)
  if (made !== undefined) return withRefs(known(place, made), ...refs)
  const open = of.find((one) => one.is === 'dynamic')
  return dynamic(place, open?.is === 'dynamic' ? open.why : `${operator} of something that is not known`, of)
}

const unary = (operator: string, value: Value): boolean | number | undefined => {
  if (value.is !== 'known') return undefined
  return operator === '!' ? value.value !== true && value.value !== 'true' : -Number(value.value)
}

const binary = (operator: string, left: Value, right: Value): boolean | number | undefined => {
  const truth = (value: Value) => (value.is === 'known' ? value.value === true || value.value === 'true' : undefined)
  switch (operator) {
    case '==':
      return same(left, right)
    case '!=': {
      const equal = same(left, right)
      return equal === undefined ? undefined : !equal
    }
    case '&&':
      return truth(left) === false || truth(right) === false
        ? false
        : truth(left) === undefined || truth(right) === undefined
          ? undefined
          : true
    case '||':
      return truth(left) === true || truth(right) === true
        ? true
        : truth(left) === undefined || truth(right) === undefined
          ? undefined
          : false
  }
  if (left.is !== 'known' || right.is !== 'known') return undefined
  const [a, b] = [Number(left.value), Number(right.value)]
  if (Number.isNaN(a) || Number.isNaN(b)) return undefined
  const results: Readonly<Record<string, number | boolean>> = {
    '+': a + b,
    '-': a - b,
    '*': a * b,
    '/': a / b,
    '%': a % b,
    '<': a < b,
    '>': a > b,
    '<=': a <= b,
    '>=': a >= b,
  }
  return results[operator]
}
