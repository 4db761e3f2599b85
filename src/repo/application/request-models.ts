import {within, type Names, type Scope} from '../python/resolve.ts'
import type {Expr} from '../python/syntax.ts'

/** A field of a model that a request is read into. */
export type ModelField = {name: string; annotation: Expr | undefined; value: Expr | undefined; scope: Scope}

/** The fields of the model of pydantic that an annotation names, its own and inherited ones. */
export const modelFields = (names: Names, annotation: Expr, scope: Scope): ModelField[] => {
  const found = names.annotated(annotation, scope)
  if (found === undefined || 'external' in found) return []
  const {classes, external} = names.ancestors(found)
  if (!external.some((one) => /BaseModel$|SQLModel$/.test(one))) return []
  return classes.flatMap(({node, scope: at}) =>
    node.body.flatMap((statement) => {
      const [target] = statement.kind === 'assign' ? statement.targets : []
      return statement.kind === 'assign' && target?.kind === 'name'
        ? [{name: target.name, annotation: statement.annotation, value: statement.value, scope: within(at, node)}]
        : []
    }),
  )
}
