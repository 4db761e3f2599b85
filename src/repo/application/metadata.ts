import type {ClassRef} from '../python/resolve.ts'
import type {Call, Expr} from '../python/syntax.ts'
import type {Frame, Valued, Values} from '../python/values.ts'
import {callOf} from './column-types.ts'

/** A collection of tables: `key` tells it from others; `call` is what makes it, where that is in the repository. */
export type Metadata = {key: string; call?: {call: Call; frame: Frame}}

const base =
  /(?:^|\.)(?:DeclarativeBase(?:NoMeta)?|declarative_base\(\)|generate_base\(\)|automap_base\(\)|SQLModel|as_declarative)$|\bSQLAlchemy(?:\(\))?\.Model$/

/** True for the dotted name of a class of a library from which models inherit. */
export const isBase = (name: string): boolean => base.test(name)

const baseMakers = ['declarative_base', 'generate_base', 'automap_base']

/** The metadata of a model's class. */
export const metadataOfClass = (values: Values, ref: ClassRef): Metadata | undefined => {
  const own = values.names.member(ref, 'metadata')
  if (own?.kind === 'value' && own.value !== undefined)
    return metadataOf(values, {expr: own.value, frame: {scope: own.scope, bound: new Map()}})
  const {classes, external} = values.names.ancestors(ref)
  for (const {node, scope} of classes) {
    const frame: Frame = {scope, bound: new Map()}
    const registry = values.names.member({node, scope}, 'registry')
    if (registry?.kind === 'value' && registry.value !== undefined) {
      const made = ofMaker(values, {expr: registry.value, frame: {scope: registry.scope, bound: new Map()}})
      if (made !== undefined) return made
    }
    for (const one of node.bases) {
      const made = ofMaker(values, {expr: one, frame})
      if (made !== undefined) return made
      const name = values.names.external(one, scope)
      if (name !== undefined && /SQLModel$/.test(name)) return {key: name}
      if (name !== undefined && isBase(name)) return {key: `${scope.module.path}:${node.line}`}
    }
    if (
      node.decorators.some((one) =>
        /(?:^|\.)(?:as_declarative|mapped|mapped_as_dataclass)$/.test(values.nameOf({expr: one.kind === 'call' ? one.callee : one, frame})),
      )
    )
      return {key: `${scope.module.path}:${node.line}`}
  }
  const [first] = external
  return first === undefined ? undefined : {key: first}
}

/** `declarative_base(metadata=…)`, `registry(metadata=…)`, `SQLAlchemy(metadata=…)`. */
const ofMaker = (values: Values, valued: Valued): Metadata | undefined => {
  const found = callOf(values, valued, ...baseMakers, 'registry', 'SQLAlchemy')
  if (found === undefined) return undefined
  const given = values.argument(found.call, found.frame, 'metadata')
  const inner = given === undefined ? undefined : metadataOf(values, given)
  if (inner !== undefined) return inner
  const {callee} = found.call
  // `mapper_registry.generate_base()` has the registry's metadata.
  if (callee.kind === 'attribute' && callee.name === 'generate_base') return ofMaker(values, {expr: callee.value, frame: found.frame})
  return {key: `${found.frame.scope.module.path}:${found.call.line}`}
}

/** The metadata that an expression stands for: `Base.metadata`, `SQLModel.metadata`, `MetaData()` and names for them. */
export const metadataOf = (values: Values, valued: Valued): Metadata | undefined => {
  const found = callOf(values, valued, 'MetaData')
  if (found !== undefined) return {key: `${found.frame.scope.module.path}:${found.call.line}`, call: found}
  const at = values.follow(valued)
  for (const {expr, frame} of [valued, at]) {
    if (expr.kind !== 'attribute' || expr.name !== 'metadata') continue
    const owner: {expr: Expr; frame: Frame} = {expr: expr.value, frame}
    const ref = values.classOf(owner)
    const made = ref === undefined ? ofMaker(values, owner) : metadataOfClass(values, ref)
    if (made !== undefined) return made
    const name = values.names.external(expr.value, frame.scope)
    if (name !== undefined) return {key: name}
  }
  return undefined
}
