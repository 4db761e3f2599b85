import type {Names, Scope} from '../python/resolve.ts'
import {expressionsIn, type Expr} from '../python/syntax.ts'
import type {Reached} from './reached-functions.ts'
import {modelFields} from './request-models.ts'
import type {Place} from './settings.ts'

/** A model of a request with a password in it. */
export type PasswordModel = Place & {
  name: string
  routes: readonly string[]
  minLength?: number
  /** The type of the field for the address: '' where there is no such field. */
  email: string
}

/** The models with a password in them that a handler takes. */
export const passwordModelsOf = (names: Names, handler: Reached | undefined): Omit<PasswordModel, 'routes'>[] =>
  (handler?.node.params ?? []).flatMap(({annotation}) => {
    if (annotation === undefined || handler === undefined) return []
    const found = names.annotated(annotation, handler.scope)
    if (found === undefined || 'external' in found) return []
    const fields = modelFields(names, annotation, handler.scope)
    const password = fields.find(({name}) => /^(?:new_)?password$/.test(name))
    if (password === undefined) return []
    const length = lengthIn(names, [password.annotation, password.value], password.scope)
    const email = fields.find(({name}) => /^e?_?mail(?:_address)?$/.test(name))
    return [
      {
        file: found.scope.module.path,
        line: password.annotation?.line ?? found.node.line,
        name: found.node.name,
        ...(length === undefined ? {} : {minLength: length}),
        email:
          email?.annotation === undefined
            ? ''
            : ([...expressionsIn(email.annotation)]
                .flatMap((one) => (one.kind === 'name' || one.kind === 'attribute' ? [one.name] : []))
                .find((name) => name === 'EmailStr') ?? 'str'),
      },
    ]
  })

const lengthIn = (names: Names, exprs: readonly (Expr | undefined)[], scope: Scope, depth = 0): number | undefined => {
  for (const expr of exprs) {
    if (expr === undefined || depth > 4) continue
    for (const part of expressionsIn(expr)) {
      if (part.kind === 'call')
        for (const {name, value} of part.keywords) {
          const {expr: given} = names.follow(value, scope)
          if (name === 'min_length' && given.kind === 'constant' && typeof given.value === 'number') return given.value
        }
      if (part.kind === 'name') {
        const {expr: behind, scope: at} = names.follow(part, scope)
        const inner = behind === part || behind.kind === 'name' ? undefined : lengthIn(names, [behind], at, depth + 1)
        if (inner !== undefined) return inner
      }
    }
  }
  return undefined
}
