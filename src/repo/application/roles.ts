import {constantOf} from '../python/constant.ts'
import {within, type ClassRef, type Names, type Scope} from '../python/resolve.ts'
import {dotted, type Expr} from '../python/syntax.ts'
import {definitionsIn} from './fastapi.ts'
import type {Value} from './guard-values.ts'

/** A set of roles that the code defines: an enum, a Literal, or a plain collection of names. */
export type RoleDefinition = {
  file: string
  line: number
  name: string
  kind: 'enum' | 'literal'
  values: readonly string[]
  members: readonly {name: string; value: string | number}[]
}

/** True for the bases of an enum. */
export const isEnumClass = (external: readonly string[]): boolean =>
  external.some((one) => /(?:^|\.)(?:Str|Int|Text)?(?:Enum|Flag|TextChoices|StrEnum|IntEnum)$/.test(one))

/** The members of an enum with their values; `auto()` gives the name in lower case, or a number where the enum is not one of texts. */
export const membersOf = (names: Names, ref: ClassRef): {name: string; value: string | number}[] => {
  const {external} = names.ancestors(ref)
  const isText = external.some((one) => /StrEnum|TextChoices|(?:^|\.)str$/.test(one))
  const inner = within(ref.scope, ref.node)
  const found: {name: string; value: string | number}[] = []
  for (const statement of ref.node.body) {
    if (statement.kind !== 'assign' || statement.value === undefined) continue
    const [target] = statement.targets
    if (target?.kind !== 'name' || target.name.startsWith('_')) continue
    const given = statement.value
    const isAuto = given.kind === 'call' && (dotted(given.callee) ?? '').split('.').at(-1) === 'auto'
    const first = given.kind === 'tuple' ? given.items[0] : given
    const value = isAuto
      ? isText
        ? target.name.toLowerCase()
        : found.length + 1
      : first === undefined
        ? undefined
        : constantOf(names, first, inner)
    if (typeof value === 'string' || typeof value === 'number') found.push({name: target.name, value})
  }
  return found
}

export const memberValue = (names: Names, ref: ClassRef, name: string): Value | undefined => {
  const member = membersOf(names, ref).find((one) => one.name === name)
  return member === undefined ? undefined : {is: 'constant', value: member.value, name}
}

const planned = ['admin', 'supervisor', 'agent']

/** The roles that the code defines, those nearest to the three of the plan first. Numbers stand for the names of their members. */
export const rolesIn = (names: Names): RoleDefinition[] => {
  const found: RoleDefinition[] = []
  const add = (name: string, scope: Scope, line: number, kind: RoleDefinition['kind'], members: RoleDefinition['members']) => {
    const values = members.map(({name: own, value}) => (typeof value === 'number' ? own : value).toLowerCase())
    const isNamed = /role/i.test(name)
    const common = values.filter((one) => planned.includes(one)).length
    if (values.length > 0 && (common >= 2 || (isNamed && kind === 'enum') || (isNamed && common > 0)))
      found.push({file: scope.module.path, line, name, kind, values, members})
  }
  for (const module of names.program.modules) {
    if (module.isTest || /(?:^|\/)versions\//.test(module.path)) continue
    for (const {node, scope} of definitionsIn(names, module))
      if (node.kind === 'class' && isEnumClass(names.ancestors({node, scope}).external))
        add(node.name, scope, node.line, 'enum', membersOf(names, {node, scope}))
    const scope = names.moduleScope(module)
    for (const statement of module.body) {
      if (statement.kind !== 'assign' || statement.value === undefined) continue
      const [target] = statement.targets
      const values = literalOf(names, statement.value, scope)
      if (target?.kind === 'name' && values !== undefined)
        add(
          target.name,
          scope,
          statement.line,
          'literal',
          values.map((value) => ({name: value, value})),
        )
    }
    for (const {node, scope: at} of definitionsIn(names, module))
      if (node.kind === 'class')
        for (const statement of node.body)
          if (statement.kind === 'assign' && statement.annotation !== undefined) {
            const [target] = statement.targets
            const values = literalOf(names, statement.annotation, within(at, node))
            if (target?.kind === 'name' && values !== undefined)
              add(
                target.name,
                at,
                statement.line,
                'literal',
                values.map((value) => ({name: value, value})),
              )
          }
  }
  const near = ({values}: RoleDefinition): number => planned.filter((one) => values.includes(one)).length * 10 - values.length
  return found.toSorted((one, other) => near(other) - near(one))
}

/** The texts of `Literal["a", "b"]`; those of a functional `Enum("Role", ["a"])` are not read. */
const literalOf = (names: Names, expr: Expr, scope: Scope): string[] | undefined => {
  if (expr.kind === 'subscript' && (dotted(expr.value) ?? '').split('.').at(-1) === 'Annotated' && expr.index[0] !== undefined)
    return literalOf(names, expr.index[0], scope)
  if (expr.kind !== 'subscript' || (dotted(expr.value) ?? '').split('.').at(-1) !== 'Literal') return undefined
  const values = expr.index.flatMap((item) => (item.kind === 'tuple' ? item.items : [item])).map((item) => constantOf(names, item, scope))
  return values.every((one) => typeof one === 'string') ? values : undefined
}
