import type {Reader, Unread} from '../files.ts'
import {constantOf} from '../python/constant.ts'
import type {Names, Resolved, Scope} from '../python/resolve.ts'
import {within, type ClassRef} from '../python/resolve.ts'
import {
  argument,
  dotted,
  expressionsIn,
  expressionsInBody,
  statementsIn,
  type Assign,
  type Call,
  type ClassDef,
  type Expr,
} from '../python/syntax.ts'
import {definitionsIn, readNames} from './fastapi.ts'

export type Place = {file: string; line: number}

/** What a field's annotation comes down to. */
export type FieldType = 'str' | 'int' | 'float' | 'bool' | 'secret' | 'list' | 'dict' | 'choice' | 'url' | 'other'

/** One value that the settings read from the environment. */
export type SettingsField = Place & {
  /** As code reads it from the settings: `db.host`. */
  path: string
  /** The variables that it is read from, in capitals. */
  variables: readonly string[]
  type: FieldType
  /** The values that it may have, with `choice`. */
  choices: readonly string[]
  /** A list or mapping that is not parsed as JSON: NoDecode, or a validator that runs before and splits. */
  decoded: boolean
  /** `value` only of a literal; a secret's is there too, for comparing, and is never to be shown. `made`: by a factory, or at run time. */
  default: {kind: 'none'} | {kind: 'literal'; value: string | number | boolean | null} | {kind: 'made'}
  /** Where code outside of the settings reads it. */
  readAt: readonly Place[]
  /** Where methods of the settings themselves read it. */
  readInside: readonly Place[]
  /** Name of the class that declares it. */
  class: string
}

export type SettingsClass = Place & {
  name: string
  /** Where it reads from beside the environment. */
  envFile: readonly string[]
}

/** A variable of the environment that code reads past the settings. */
export type EnvironmentRead = Place & {variable: string; default: boolean}

export type Settings = {
  classes: readonly SettingsClass[]
  fields: readonly SettingsField[]
  reads: readonly EnvironmentRead[]
  /** A source or prefix that is only known at run time: the variables' names are not known then. */
  open: readonly Unread[]
  unread: readonly Unread[]
}

const base = /(?:^|\.)BaseSettings$/
const model = /(?:^|\.)(?:BaseSettings|BaseModel)$/

/** The settings of the application: classes that inherit from pydantic's BaseSettings, nested models and mixins included. */
export const readSettings: Reader<Settings> = async ({read}) => {
  const names = await read(readNames)
  const {program} = names
  const sources = program.modules.filter(({isTest}) => !isTest)
  const open: Unread[] = []
  const all = sources.flatMap((module) =>
    [...definitionsIn(names, module)].flatMap(({node, scope}): ClassRef[] => (node.kind === 'class' ? [{node, scope}] : [])),
  )
  const settings = all.filter((ref) => names.ancestors(ref).external.some((name) => base.test(name)))
  // What another inherits from is read through that one.
  const inherited = new Set(
    settings.flatMap((ref) =>
      names
        .ancestors(ref)
        .classes.slice(1)
        .map(({node}) => node),
    ),
  )
  const made = inherited.size === 0 ? new Set<ClassDef>() : madeOf(names, inherited)
  const outer = settings.filter(({node}) => !inherited.has(node) || made.has(node))
  const fields = outer.flatMap((ref) => fieldsOf(names, ref, open))
  const readers = readersOf(names, new Set(fields.map(({assign}) => assign)))
  return {
    classes: settings.map((ref) => ({
      name: ref.node.name,
      file: ref.scope.module.path,
      line: ref.node.line,
      envFile: envFilesOf(names, ref),
    })),
    fields: merged(fields).map(({assign, ...field}) => ({
      ...field,
      readAt: readers.get(assign)?.outside ?? [],
      readInside: readers.get(assign)?.inside ?? [],
    })),
    reads: sources.flatMap((module) => environmentReads(names, names.moduleScope(module))),
    open,
    unread: program.unread,
  }
}

/** Which of the classes code makes an instance of, itself or by handing it on: `Settings()`, `lru_cache(Settings)`. */
const madeOf = (names: Names, classes: ReadonlySet<ClassDef>): Set<ClassDef> => {
  const words = new Set([...classes].map(({name}) => name))
  const found = new Set<ClassDef>()
  for (const module of names.program.modules) {
    if (module.isTest) continue
    const enter = (body: ClassDef['body'], scope: Scope): void => {
      for (const expr of expressionsInBody(body, {deep: false})) {
        if (expr.kind !== 'call') continue
        for (const part of [expr.callee, ...expr.args]) {
          if ((part.kind !== 'name' && part.kind !== 'attribute') || !words.has(part.name)) continue
          const target = names.resolve(part, scope)
          if (target?.kind === 'class' && classes.has(target.node)) found.add(target.node)
        }
      }
      for (const statement of statementsIn(body))
        if (statement.kind === 'function' || statement.kind === 'class') enter(statement.body, within(scope, statement))
    }
    enter(module.body, names.moduleScope(module))
  }
  return found
}

type Found = Omit<SettingsField, 'readAt' | 'readInside'> & {assign: Assign}

/** A field of a mixin that two classes share is one field. */
const merged = (fields: readonly Found[]): Found[] => {
  const byKey = new Map<string, Found>()
  for (const field of fields) {
    const key = `${field.file}:${field.line}:${field.path}`
    const before = byKey.get(key)
    byKey.set(key, before === undefined ? field : {...before, variables: [...new Set([...before.variables, ...field.variables])]})
  }
  return [...byKey.values()]
}

type Options = {prefix: string; delimiter: string | undefined}

const optionsOf = (names: Names, ref: ClassRef, open: Unread[]): Options => {
  const value = (name: string): string | undefined => {
    const found = configOf(names, ref, name)
    if (found === undefined) return undefined
    const text = constantOf(names, found.expr, found.scope)
    if (text === undefined) open.push({file: found.scope.module.path, line: found.expr.line, why: `${name} is only known at run time`})
    return typeof text === 'string' ? text : undefined
  }
  return {prefix: value('env_prefix') ?? '', delimiter: value('env_nested_delimiter')}
}

/** A setting of the model itself: `model_config = SettingsConfigDict(name=…)`, a dict, or `class Config`. */
const configOf = (names: Names, ref: ClassRef, name: string): {expr: Expr; scope: Scope} | undefined => {
  for (const {node, scope} of names.ancestors(ref).classes) {
    const inner = within(scope, node)
    for (const keyword of node.keywords) if (keyword.name === name) return {expr: keyword.value, scope}
    for (const statement of node.body) {
      if (
        statement.kind === 'assign' &&
        statement.targets.some((target) => dotted(target) === 'model_config') &&
        statement.value !== undefined
      ) {
        const {expr, scope: at} = names.follow(statement.value, inner)
        const given =
          expr.kind === 'call'
            ? argument(expr, name)
            : expr.kind === 'dict'
              ? expr.entries.find(({key}) => key?.kind === 'string' && key.value === name)?.value
              : undefined
        if (given !== undefined) return {expr: given, scope: at}
      }
      if (statement.kind === 'class' && statement.name === 'Config')
        for (const line of statement.body)
          if (line.kind === 'assign' && line.value !== undefined && line.targets.some((target) => dotted(target) === name))
            return {expr: line.value, scope: within(inner, statement)}
    }
  }
  return undefined
}

const envFilesOf = (names: Names, ref: ClassRef): string[] => {
  const found = configOf(names, ref, 'env_file')
  if (found === undefined) return []
  const {expr, scope} = names.follow(found.expr, found.scope)
  const items = expr.kind === 'tuple' || expr.kind === 'list' ? expr.items : [expr]
  return items.flatMap((item) => {
    const value = constantOf(names, item, scope)
    return typeof value === 'string' ? [value] : []
  })
}

const fieldsOf = (names: Names, ref: ClassRef, open: Unread[]): Found[] => {
  const options = optionsOf(names, ref, open)
  return fieldsBelow(names, ref, {path: '', variables: [''], options, depth: 0, open, settings: true})
}

type Below = {
  path: string
  /** What stands before the name of a field in its variable. */
  variables: readonly string[]
  options: Options
  depth: number
  open: Unread[]
  /** Whether the class is a BaseSettings, or a plain model that is nested in one. */
  settings: boolean
}

const fieldsBelow = (names: Names, ref: ClassRef, below: Below): Found[] => {
  const {depth, path, options, open} = below
  if (depth > 5) return []
  const found = new Map<string, Found[]>()
  const prefixes = below.settings ? below.variables.map((before) => (before === '' ? options.prefix : before)) : below.variables
  // The nearest declaration of a name counts.
  for (const {node, scope} of names.ancestors(ref).classes.toReversed()) {
    const inner = within(scope, node)
    for (const statement of node.body) {
      const declared = declaration(names, statement, inner)
      if (declared === undefined) continue
      const {name, assign, annotation, value} = declared
      const variables = variablesOf(names, {name, value, annotation, scope: inner, prefixes})
      const place = {file: scope.module.path, line: assign.line}
      const nested = annotation === undefined ? undefined : names.annotated(annotation, inner)
      if (nested !== undefined && 'node' in nested && isModel(names, nested)) {
        const parts = names.ancestors(nested)
        const isSettings = parts.external.some((one) => base.test(one))
        const own = isSettings ? optionsOf(names, nested, open) : options
        const delimiter = options.delimiter
        const outer = delimiter === undefined ? [] : variables.map((one) => `${one}${delimiter}`)
        const inside = fieldsBelow(names, nested, {
          path: `${path}${name}.`,
          variables: isSettings ? [own.prefix, ...outer] : outer,
          options: {prefix: own.prefix, delimiter: options.delimiter ?? own.delimiter},
          depth: depth + 1,
          open,
          settings: false,
        })
        found.set(name, inside)
        continue
      }
      found.set(name, [
        {
          path: `${path}${name}`,
          variables: variables.map((one) => one.toUpperCase()),
          ...typeOf(names, annotation, inner),
          decoded: isDecoded(names, ref, name, annotation, inner),
          default: defaultOf(names, value, inner),
          class: node.name,
          assign,
          ...place,
        },
      ])
    }
  }
  return [...found.values()].flat()
}

const isModel = (names: Names, ref: ClassRef): boolean => names.ancestors(ref).external.some((name) => model.test(name))

type Declared = {name: string; assign: Assign; annotation: Expr | undefined; value: Expr | undefined}

const declaration = (names: Names, statement: ClassDef['body'][number], scope: Scope): Declared | undefined => {
  if (statement.kind !== 'assign' || statement.annotation === undefined) return undefined
  const [target] = statement.targets
  if (target?.kind !== 'name' || target.name.startsWith('_') || target.name === 'model_config') return undefined
  const outer = statement.annotation.kind === 'subscript' ? statement.annotation.value : statement.annotation
  if (/(?:^|\.)ClassVar$/.test(dotted(outer) ?? names.external(outer, scope) ?? '')) return undefined
  return {name: target.name, assign: statement, annotation: statement.annotation, value: statement.value}
}

/** The call of Field(...) that describes a field: as its value, or among the metadata of Annotated. */
const fieldCalls = (
  names: Names,
  {value, annotation, scope}: {value: Expr | undefined; annotation: Expr | undefined; scope: Scope},
): Call[] => {
  const given = value === undefined ? [] : [value]
  const metadata = annotation === undefined ? [] : annotatedParts(names, annotation, scope).metadata
  return [...given, ...metadata].filter(
    (expr): expr is Call => expr.kind === 'call' && /(?:^|\.)Field$/.test(names.external(expr.callee, scope) ?? dotted(expr.callee) ?? ''),
  )
}

const annotatedParts = (names: Names, annotation: Expr, scope: Scope): {type: Expr; scope: Scope; metadata: readonly Expr[]} => {
  const at = names.follow(annotation, scope)
  if (at.expr.kind === 'subscript' && (dotted(at.expr.value) ?? '').split('.').at(-1) === 'Annotated') {
    const [type, ...metadata] = at.expr.index
    if (type !== undefined) {
      const inner = annotatedParts(names, type, at.scope)
      return {...inner, metadata: [...metadata, ...inner.metadata]}
    }
  }
  return {type: annotation, scope, metadata: []}
}

const variablesOf = (
  names: Names,
  {
    name,
    value,
    annotation,
    scope,
    prefixes,
  }: {name: string; value: Expr | undefined; annotation: Expr | undefined; scope: Scope; prefixes: readonly string[]},
): string[] => {
  for (const call of fieldCalls(names, {value, annotation, scope}))
    for (const key of ['validation_alias', 'alias', 'env']) {
      const given = argument(call, key)
      if (given === undefined) continue
      const choices = given.kind === 'call' ? given.args : given.kind === 'list' || given.kind === 'tuple' ? given.items : [given]
      const texts = choices.flatMap((choice) => {
        const text = constantOf(names, choice, scope)
        return typeof text === 'string' ? [text] : []
      })
      if (texts.length > 0) return texts
    }
  return prefixes.map((prefix) => `${prefix}${name}`)
}

const defaultOf = (names: Names, value: Expr | undefined, scope: Scope): SettingsField['default'] => {
  if (value === undefined) return {kind: 'none'}
  if (value.kind === 'constant' && value.value === '...') return {kind: 'none'}
  if (value.kind === 'call' && /(?:^|\.)Field$/.test(names.external(value.callee, scope) ?? dotted(value.callee) ?? '')) {
    if (argument(value, 'default_factory') !== undefined) return {kind: 'made'}
    return defaultOf(names, argument(value, 'default', 0), scope)
  }
  const literal = constantOf(names, value, scope)
  return literal === undefined ? {kind: 'made'} : {kind: 'literal', value: literal}
}

const typeOf = (names: Names, annotation: Expr | undefined, scope: Scope): {type: FieldType; choices: readonly string[]} => {
  if (annotation === undefined) return {type: 'other', choices: []}
  const {type, scope: at} = annotatedParts(names, annotation, scope)
  const parts = type.kind === 'binary' && type.op === '|' ? [type.left, type.right] : [type]
  for (const part of parts) {
    const found = simpleType(names, part, at)
    if (found !== undefined) return found
  }
  return {type: 'other', choices: []}
}

const simpleType = (names: Names, type: Expr, scope: Scope): {type: FieldType; choices: readonly string[]} | undefined => {
  const plain = (kind: FieldType) => ({type: kind, choices: []})
  if (type.kind === 'constant') return undefined
  if (type.kind === 'subscript') {
    const outer = (dotted(type.value) ?? '').split('.').at(-1) ?? ''
    const [inner] = type.index
    if (outer === 'Literal')
      return {
        type: 'choice',
        choices: type.index.flatMap((item) => {
          const text = constantOf(names, item, scope)
          return text === undefined ? [] : [String(text)]
        }),
      }
    if (/^(?:Optional|Annotated|Final|Union)$/.test(outer)) return inner === undefined ? undefined : simpleType(names, inner, scope)
    if (/^(?:list|List|set|Set|tuple|Tuple|Sequence|frozenset|FrozenSet)$/.test(outer)) return plain('list')
    if (/^(?:dict|Dict|Mapping)$/.test(outer)) return plain('dict')
    return undefined
  }
  const found = names.resolve(type, scope)
  if (found?.kind === 'class') {
    const choices = enumValues(names, {node: found.node, scope: found.scope})
    return choices === undefined ? undefined : {type: 'choice', choices}
  }
  if (found?.kind === 'value' && found.value !== undefined) return simpleType(names, found.value, found.scope)
  const name = (found?.kind === 'external' ? found.name : (dotted(type) ?? '')).split('.').at(-1) ?? ''
  if (name === 'str') return plain('str')
  if (/^(?:int|PositiveInt|NonNegativeInt|conint)$/.test(name)) return plain('int')
  if (/^(?:float|PositiveFloat|NonNegativeFloat|timedelta)$/.test(name)) return plain('float')
  if (/^(?:bool|StrictBool)$/.test(name)) return plain('bool')
  if (/^Secret(?:Str|Bytes)$/.test(name)) return plain('secret')
  if (/^(?:list|set|tuple|List|Set|Tuple)$/.test(name)) return plain('list')
  if (/^(?:dict|Dict|Json)$/.test(name)) return plain('dict')
  if (/(?:Dsn|Url)$/.test(name)) return plain('url')
  return undefined
}

/** The values of the members of an enum, `auto()` of a StrEnum included; undefined for a class that is none. */
export const enumValues = (names: Names, ref: ClassRef): string[] | undefined => {
  const members = enumMembers(names, ref)
  return members?.map(({value}) => value)
}

/** The members of an enum with name, value and line; undefined for a class that is none. */
export const enumMembers = (names: Names, ref: ClassRef): {name: string; value: string; file: string; line: number}[] | undefined => {
  const above = names.ancestors(ref).external
  if (!above.some((name) => /(?:^|\.)(?:Str|Int)?(?:Enum|Flag)$/.test(name))) return undefined
  const isText = above.some((name) => /(?:^|\.)StrEnum$/.test(name) || name === 'str')
  return ref.node.body.flatMap((statement) => {
    if (statement.kind !== 'assign' || statement.value === undefined) return []
    const [target] = statement.targets
    if (target?.kind !== 'name' || target.name.startsWith('_')) return []
    const auto = statement.value.kind === 'call' && /(?:^|\.)auto$/.test(dotted(statement.value.callee) ?? '')
    const [first] = statement.value.kind === 'tuple' ? statement.value.items : [statement.value]
    const value = auto || first === undefined ? undefined : constantOf(names, first, within(ref.scope, ref.node))
    const text = auto ? (isText ? target.name.toLowerCase() : target.name) : value === undefined ? target.name : String(value)
    return [{name: target.name, value: text, file: ref.scope.module.path, line: statement.line}]
  })
}

/** Whether a list is read otherwise than as JSON: NoDecode in its annotation, or decoding switched off and a validator that runs before. */
const isDecoded = (names: Names, ref: ClassRef, name: string, annotation: Expr | undefined, scope: Scope): boolean => {
  const noDecode =
    annotation !== undefined &&
    [...expressionsIn(names.follow(annotation, scope).expr), ...expressionsIn(annotation)].some((expr) =>
      /(?:^|\.)NoDecode$/.test(dotted(expr) ?? ''),
    )
  const switchedOff = configOf(names, ref, 'enable_decoding')
  const off = switchedOff !== undefined && constantOf(names, switchedOff.expr, switchedOff.scope) === false
  if (!noDecode && !off) return false
  return (
    names
      .ancestors(ref)
      .classes.some(({node}) =>
        node.body.some(
          (statement) =>
            statement.kind === 'function' &&
            statement.decorators.some(
              (decorator) =>
                decorator.kind === 'call' &&
                /(?:field_validator|validator)$/.test(dotted(decorator.callee) ?? '') &&
                decorator.args.some((arg) => arg.kind === 'string' && (arg.value === name || arg.value === '*')),
            ),
        ),
      ) ||
    (annotation !== undefined &&
      [...expressionsIn(names.follow(annotation, scope).expr)].some((expr) => /(?:^|\.)BeforeValidator$/.test(dotted(expr) ?? '')))
  )
}

type Readers = {outside: Place[]; inside: Place[]}

/** Where each field is read: outside of the class that declares it, and in its own methods. */
const readersOf = (names: Names, wanted: ReadonlySet<Assign>): Map<Assign, Readers> => {
  const attributes = new Set([...wanted].flatMap(({targets}) => targets.map((target) => dotted(target) ?? '')))
  const places = new Map<Assign, Readers>()
  for (const module of names.program.modules) {
    if (module.isTest) continue
    const enter = (body: ClassDef['body'], scope: Scope): void => {
      for (const expr of expressionsInBody(body, {deep: false})) {
        if (expr.kind !== 'attribute' || !attributes.has(expr.name)) continue
        const assign = assignOf(names.resolve(expr, scope))
        if (assign === undefined || !wanted.has(assign)) continue
        const own = scope.within.some((node) => node.kind === 'class' && node.body.includes(assign))
        const known = places.get(assign) ?? {outside: [], inside: []}
        known[own ? 'inside' : 'outside'].push({file: module.path, line: expr.line})
        places.set(assign, known)
      }
      for (const statement of statementsIn(body))
        if (statement.kind === 'function' || statement.kind === 'class') enter(statement.body, within(scope, statement))
    }
    enter(module.body, names.moduleScope(module))
  }
  return places
}

const assignOf = (found: Resolved | undefined): Assign | undefined => (found?.kind === 'value' ? found.assign : undefined)

/** `os.getenv("X")`, `os.environ["X"]`, `os.environ.get("X")` and the like in a module. */
const environmentReads = (names: Names, scope: Scope): EnvironmentRead[] => {
  const found: EnvironmentRead[] = []
  const enter = (body: ClassDef['body'], at: Scope): void => {
    for (const expr of expressionsInBody(body, {deep: false})) {
      const key =
        expr.kind === 'call' && /^os\.(?:getenv|environ\.(?:get|pop|setdefault))$/.test(names.external(expr.callee, at) ?? '')
          ? expr.args[0]
          : expr.kind === 'subscript' && names.external(expr.value, at) === 'os.environ'
            ? expr.index[0]
            : undefined
      const variable = key === undefined ? undefined : constantOf(names, key, at)
      if (typeof variable === 'string')
        found.push({
          variable,
          default: expr.kind === 'call' && expr.args.length + expr.keywords.length > 1,
          file: at.module.path,
          line: expr.line,
        })
    }
    for (const statement of statementsIn(body))
      if (statement.kind === 'function' || statement.kind === 'class') enter(statement.body, within(at, statement))
  }
  enter(scope.module.body, scope)
  return found
}
