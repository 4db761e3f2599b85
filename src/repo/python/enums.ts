import {constantOf} from './constant.ts'
import {within, type ClassRef, type Names} from './resolve.ts'
import {dotted} from './syntax.ts'

export type EnumMember = {name: string; value: string | undefined; line: number}

/** True for a class that inherits from Enum, also through classes of the repository. */
export const isEnum = (names: Names, ref: ClassRef): boolean =>
  names.ancestors(ref).external.some((name) => /(?:^|\.)(?:Str|Int)?(?:Enum|Flag)$|(?:^|\.)(?:Text|Integer)Choices$/.test(name))

/**
 * The members of an enum without its aliases, in their order, as Python gives them. The value of `auto()` is its name in lower case for a
 * StrEnum, undefined where it is a number or only known at run time; undefined for a class that is no enum.
 */
export const enumMembersOf = (names: Names, ref: ClassRef): EnumMember[] | undefined => {
  if (!isEnum(names, ref)) return undefined
  const isText = names.ancestors(ref).external.some((name) => /(?:^|\.)StrEnum$/.test(name))
  // Members stand in the one class of the chain that has any.
  for (const {node, scope} of names.ancestors(ref).classes) {
    const found: EnumMember[] = []
    const seen = new Set<string>()
    for (const statement of node.body) {
      if (statement.kind !== 'assign' || statement.value === undefined) continue
      const [target] = statement.targets
      if (target?.kind !== 'name' || target.name.startsWith('_')) continue
      const automatic = statement.value.kind === 'call' && /(?:^|\.)auto$/.test(dotted(statement.value.callee) ?? '')
      const [first] = statement.value.kind === 'tuple' ? statement.value.items : [statement.value]
      const value = automatic || first === undefined ? undefined : constantOf(names, first, within(scope, node))
      const text = automatic ? (isText ? target.name.toLowerCase() : undefined) : value === undefined ? undefined : String(value)
      if (text !== undefined && statement.value.kind !== 'tuple') {
        if (seen.has(text)) continue
        seen.add(text)
      }
      found.push({name: target.name, value: text, line: statement.line})
    }
    if (found.length > 0) return found
  }
  return []
}
