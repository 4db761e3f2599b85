/** Numbers of a version; undefined for something else. */
const numbersOf = (version: string): number[] | undefined => {
  const found = /^v?(\d+(?:\.\d+){0,3})/.exec(version.trim())
  return found?.[1]?.split('.').map(Number)
}

type Part = {operator: string; version: number[]}

/** The parts of a constraint of Terraform's (`>= 1.11, < 2.0`). https://developer.hashicorp.com/terraform/language/expressions/version-constraints */
const partsOf = (constraint: string): Part[] =>
  constraint.split(',').flatMap((part) => {
    const found = /^\s*(=|!=|>=|<=|>|<|~>)?\s*(\S+)\s*$/.exec(part)
    const version = numbersOf(found?.[2] ?? '')
    return found === null || version === undefined ? [] : [{operator: found[1] ?? '=', version}]
  })

/** Whether a constraint keeps out releases that are not made yet. */
export const isBounded = (constraint: string): boolean =>
  partsOf(constraint).some(({operator}) => ['=', '<', '<=', '~>'].includes(operator))

/** Whether all that a constraint admits is at least a version. */
export const isAtLeast = (constraint: string, least: string): boolean => {
  const wanted = numbersOf(least) ?? []
  return partsOf(constraint).some(({operator, version}) => ['=', '>=', '>', '~>'].includes(operator) && compare(version, wanted) >= 0)
}

const compare = (one: readonly number[], other: readonly number[]): number => {
  for (let at = 0; at < Math.max(one.length, other.length); at += 1) {
    const difference = (one[at] ?? 0) - (other[at] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
