import type {Reader, Unread} from '../files.ts'
import {constantOf} from '../python/constant.ts'
import {itemsOf} from '../python/flow.ts'
import {within, type Names, type Scope} from '../python/resolve.ts'
import {
  dotted,
  expressionsIn,
  expressionsInBody,
  expressionsOf,
  statementsIn,
  type Expr,
  type FunctionDef,
  type Stmt,
} from '../python/syntax.ts'
import {definitionsIn, readApplications, readNames} from './fastapi.ts'
import {fieldFinder} from './engines.ts'
import {enumMembers, readSettings, type Place, type SettingsField} from './settings.ts'

/** A validator of the settings: which fields it looks at or sets, whether it can refuse, and the texts that stand in it. */
export type SettingsValidator = Place & {
  name: string
  fields: readonly string[]
  sets: readonly string[]
  raises: boolean
  texts: readonly string[]
  /** Values that it turns into others: `{"prod": "production"}`. */
  maps: readonly {from: string; to: string}[]
}

/** Code compares a setting with literal values. */
export type SettingsComparison = Place & {field: string; values: readonly string[]}

/** A constant of a module that is written in capitals. */
export type ModuleConstant = Place & {name: string}

/** How CORSMiddleware is put on an application; lists as far as they are known. */
export type CorsMiddleware = Place & {
  credentials: boolean | undefined
  origins: CorsList
  methods: CorsList
  headers: CorsList
  exposed: CorsList
}
export type CorsList = {given: boolean; values?: readonly string[]; line: number}

export type SettingsRules = {
  validators: readonly SettingsValidator[]
  comparisons: readonly SettingsComparison[]
  constants: readonly ModuleConstant[]
  cors: readonly CorsMiddleware[]
  unread: readonly Unread[]
}

/** What code does with the settings: validators, comparisons with literals, constants beside them, and CORS. */
export const readSettingsRules: Reader<SettingsRules> = async ({read}) => {
  const names = await read(readNames)
  const settings = await read(readSettings)
  const {applications} = await read(readApplications)
  const field = fieldFinder(settings.fields)
  const byClass = new Set(settings.classes.map(({file, line}) => `${file}:${line}`))
  const validators: SettingsValidator[] = []
  const comparisons: SettingsComparison[] = []
  const constants: ModuleConstant[] = []
  for (const module of names.program.modules) {
    if (module.isTest) continue
    for (const {node, scope} of definitionsIn(names, module)) {
      const [around] = scope.within
      if (node.kind !== 'function' || around?.kind !== 'class') continue
      const isSettings =
        byClass.has(`${module.path}:${around.line}`) || settings.fields.some((one) => one.file === module.path && one.class === around.name)
      if (isSettings && node.decorators.some((one) => isValidator(one)))
        validators.push(validatorOf(names, field, node, scope, settings.fields))
    }
    comparisons.push(...comparisonsIn(names, field, module.body, names.moduleScope(module)))
    for (const statement of statementsIn(module.body))
      if (statement.kind === 'assign')
        for (const target of statement.targets)
          if (target.kind === 'name' && /^[A-Z][A-Z0-9_]+$/.test(target.name) && statement.value !== undefined && isPlain(statement.value))
            constants.push({name: target.name, file: module.path, line: statement.line})
  }
  return {
    validators,
    comparisons,
    constants,
    cors: applications.flatMap(({middlewares}) =>
      middlewares.flatMap(({external, arguments: call, scope, file, line}): CorsMiddleware[] => {
        if (call === undefined || !/\.CORSMiddleware$/.test(external ?? '')) return []
        const value = (name: string) => call.keywords.find((keyword) => keyword.name === name)?.value
        const list = (name: string): CorsList => corsList(names, value(name), scope, line)
        const credentials = value('allow_credentials')
        // A setting may be anything, whatever its default.
        const literal = credentials === undefined || credentials.kind === 'constant'
        const known = credentials === undefined ? false : literal ? constantOf(names, credentials, scope) : undefined
        return [
          {
            file,
            line,
            credentials: typeof known === 'boolean' ? known : undefined,
            origins: list('allow_origins'),
            methods: list('allow_methods'),
            headers: list('allow_headers'),
            exposed: list('expose_headers'),
          },
        ]
      }),
    ),
    unread: names.program.unread,
  }
}

const isPlain = (expr: Expr): boolean =>
  expr.kind === 'constant' || expr.kind === 'string' || (expr.kind === 'binary' && isPlain(expr.left) && isPlain(expr.right))

const isValidator = (decorator: Expr): boolean =>
  /(?:^|\.)(?:model_validator|field_validator|root_validator|validator)$/.test(
    dotted(decorator.kind === 'call' ? decorator.callee : decorator) ?? '',
  )

type FieldFinder = ReturnType<typeof fieldFinder>

const fieldIn = (names: Names, field: FieldFinder, expr: Expr, scope: Scope): SettingsField | undefined => {
  if (expr.kind !== 'name' && expr.kind !== 'attribute') return undefined
  const found = names.resolve(expr, scope)
  return found?.kind === 'value' && found.assign !== undefined ? field(found.scope.module.path, found.assign.line) : undefined
}

const validatorOf = (
  names: Names,
  field: FieldFinder,
  node: FunctionDef,
  scope: Scope,
  all: readonly SettingsField[],
): SettingsValidator => {
  const inner = within(scope, node)
  const fields = new Set<string>()
  const sets = new Set<string>()
  const texts = new Set<string>()
  const maps: {from: string; to: string}[] = []
  const own = (name: string) => all.find((one) => one.file === scope.module.path && (one.path === name || one.path.endsWith(`.${name}`)))
  for (const decorator of node.decorators)
    if (decorator.kind === 'call')
      for (const arg of decorator.args) {
        const found = arg.kind === 'string' ? own(arg.value) : undefined
        if (found !== undefined) fields.add(found.path)
      }
  for (const expr of expressionsInBody(node.body)) {
    const found = fieldIn(names, field, expr, inner)
    if (found !== undefined) fields.add(found.path)
    // `info.data["NAME"]` and `values.get("NAME")`: the other values as validators are given them.
    const key =
      expr.kind === 'subscript'
        ? expr.index[0]
        : expr.kind === 'call' && expr.callee.kind === 'attribute' && expr.callee.name === 'get'
          ? expr.args[0]
          : undefined
    const other = key?.kind === 'string' ? own(key.value) : undefined
    if (other !== undefined) fields.add(other.path)
    const text = expr.kind === 'string' ? expr.value : expr.kind === 'name' ? constantOf(names, expr, inner) : undefined
    if (typeof text === 'string') texts.add(text)
    const {expr: mapping, scope: at} = expr.kind === 'name' || expr.kind === 'dict' ? names.follow(expr, inner) : {expr, scope: inner}
    if (mapping.kind === 'dict')
      for (const {key, value} of mapping.entries) {
        const from = key === undefined ? undefined : constantOf(names, key, at)
        const to = constantOf(names, value, at)
        if (typeof from === 'string' && typeof to === 'string') maps.push({from, to})
      }
  }
  for (const statement of statementsIn(node.body))
    if (statement.kind === 'assign')
      for (const target of statement.targets) {
        const found = fieldIn(names, field, target, inner)
        if (found !== undefined) sets.add(found.path)
      }
  const raises = [...statementsIn(node.body)].some(
    (statement) => statement.kind === 'raise' || (statement.kind === 'statement' && statement.type === 'assert_statement'),
  )
  return {name: node.name, file: scope.module.path, line: node.line, fields: [...fields], sets: [...sets], raises, texts: [...texts], maps}
}

/** Comparisons of a setting with literals in a body and all functions in it, through `.lower()` and `.value` too. */
const comparisonsIn = (names: Names, field: FieldFinder, body: readonly Stmt[], scope: Scope): SettingsComparison[] => {
  const found: SettingsComparison[] = []
  const subject = (expr: Expr): SettingsField | undefined => {
    if (expr.kind === 'call' && expr.callee.kind === 'attribute' && ['lower', 'strip', 'casefold', 'upper'].includes(expr.callee.name))
      return subject(expr.callee.value)
    return fieldIn(names, field, expr, scope) ?? (expr.kind === 'attribute' && expr.name === 'value' ? subject(expr.value) : undefined)
  }
  for (const statement of statementsIn(body)) {
    if (statement.kind === 'match') {
      const of = subject(statement.subject)
      if (of !== undefined)
        for (const {pattern} of statement.cases) {
          const values = [...expressionsIn(pattern)].flatMap((part) => textsIn(names, part, scope))
          if (values.length > 0) found.push({field: of.path, values: [...new Set(values)], file: scope.module.path, line: pattern.line})
        }
    }
    for (const top of expressionsOf(statement))
      for (const expr of expressionsIn(top)) {
        if (expr.kind !== 'compare') continue
        const of = expr.operands.map(subject).find((one) => one !== undefined)
        if (of === undefined) continue
        const values = expr.operands
          .filter((operand) => subject(operand) === undefined)
          .flatMap((operand) => textsIn(names, operand, scope))
        if (values.length > 0) found.push({field: of.path, values, file: scope.module.path, line: expr.line})
      }
    if (statement.kind === 'function' || statement.kind === 'class')
      found.push(...comparisonsIn(names, field, statement.body, within(scope, statement)))
  }
  return found
}

/** The texts that an expression stands for: a literal, a member of an enum, or a collection of such. */
const textsIn = (names: Names, expr: Expr, scope: Scope): string[] => {
  const at = names.follow(expr, scope)
  const {expr: value} = at
  if (value.kind === 'list' || value.kind === 'tuple' || value.kind === 'set')
    return value.items.flatMap((item) => textsIn(names, item, at.scope))
  if (value.kind === 'call' && /^(?:frozenset|set|tuple|list)$/.test(dotted(value.callee) ?? ''))
    return value.args.flatMap((item) => textsIn(names, item, at.scope))
  if (expr.kind === 'attribute') {
    const owner = expr.name === 'value' && expr.value.kind === 'attribute' ? expr.value : expr
    const enumeration = names.resolve(owner.value, scope)
    if (enumeration?.kind === 'class') {
      const member = enumMembers(names, {node: enumeration.node, scope: enumeration.scope})?.find(({name}) => name === owner.name)
      if (member !== undefined) return [member.value]
    }
  }
  const text = constantOf(names, expr, scope)
  return typeof text === 'string' ? [text] : []
}

const corsList = (names: Names, expr: Expr | undefined, scope: Scope, line: number): CorsList => {
  if (expr === undefined) return {given: false, line}
  const {items, open} = itemsOf(names, {expr, scope})
  const values = items.map((item) => constantOf(names, item.expr, item.scope))
  return !open && values.every((one) => typeof one === 'string')
    ? {given: true, values: values.filter((one) => typeof one === 'string'), line: expr.line}
    : {given: true, line: expr.line}
}
