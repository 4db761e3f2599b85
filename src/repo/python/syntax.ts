/** Python as plain data. Every node has the 1-based line on which it begins. */

export type Name = {kind: 'name'; name: string; line: number}
export type Attribute = {kind: 'attribute'; value: Expr; name: string; line: number}
/** `name` is undefined for `**value`. */
export type Keyword = {name: string | undefined; value: Expr; line: number}
export type Call = {kind: 'call'; callee: Expr; args: readonly Expr[]; keywords: readonly Keyword[]; line: number; endLine: number}
export type Text = {kind: 'string'; value: string; bytes: boolean; line: number}
/** Literal pieces and expressions in their order; also strings that stand side by side of which one is formatted. */
export type FormattedText = {kind: 'fstring'; parts: readonly (string | Expr)[]; line: number}
export type Constant = {kind: 'constant'; value: number | boolean | null | '...'; line: number}
export type Sequence = {kind: 'list' | 'tuple' | 'set'; items: readonly Expr[]; line: number}
/** `key` is undefined for `**value`. */
export type Dict = {kind: 'dict'; entries: readonly {key: Expr | undefined; value: Expr}[]; line: number}
/** Arithmetic, `|`, `and`, `or`. */
export type Binary = {kind: 'binary'; op: string; left: Expr; right: Expr; line: number}
/** `a < b in c` has the operators `<`, `in`. */
export type Compare = {kind: 'compare'; operands: readonly Expr[]; ops: readonly string[]; line: number}
export type Unary = {kind: 'unary'; op: string; value: Expr; line: number}
export type Conditional = {kind: 'conditional'; test: Expr; then: Expr; otherwise: Expr; line: number}
export type Subscript = {kind: 'subscript'; value: Expr; index: readonly Expr[]; line: number}
export type Lambda = {kind: 'lambda'; params: readonly Param[]; body: Expr; line: number}
export type Await = {kind: 'await'; value: Expr; line: number}
export type Star = {kind: 'star'; value: Expr; line: number}
export type Walrus = {kind: 'walrus'; name: string; value: Expr; line: number}
/** A comprehension or generator: what it yields (two expressions for a dict), over what, and its conditions. */
export type Comprehension = {
  kind: 'comprehension'
  of: 'list' | 'set' | 'dict' | 'generator'
  element: readonly Expr[]
  clauses: readonly {target: Expr; iterable: Expr}[]
  conditions: readonly Expr[]
  line: number
}
/** What has no kind of its own (slices, yield, patterns), with its parts. */
export type Other = {kind: 'other'; type: string; children: readonly Expr[]; line: number}
export type Expr =
  | Name
  | Attribute
  | Call
  | Text
  | FormattedText
  | Constant
  | Sequence
  | Dict
  | Binary
  | Compare
  | Unary
  | Conditional
  | Subscript
  | Lambda
  | Await
  | Star
  | Walrus
  | Comprehension
  | Other

export type Param = {
  name: string
  annotation: Expr | undefined
  default: Expr | undefined
  kind: 'plain' | 'args' | 'kwargs'
  line: number
}

export type Import = {
  kind: 'import'
  names: readonly {module: string; alias: string | undefined; line: number}[]
  line: number
  endLine: number
}
/** `level` counts the leading dots. `names` is `*` or what is taken, each under its alias. */
export type FromImport = {
  kind: 'from'
  module: string
  level: number
  names: '*' | readonly {name: string; alias: string | undefined; line: number}[]
  line: number
  endLine: number
}
/** `op` is `=` or an augmented one as `+=`; an annotation alone has no value. */
export type Assign = {
  kind: 'assign'
  targets: readonly Expr[]
  annotation: Expr | undefined
  value: Expr | undefined
  op: string
  line: number
  endLine: number
}
export type ExpressionStatement = {kind: 'expression'; value: Expr; line: number; endLine: number}
export type Return = {kind: 'return'; value: Expr | undefined; line: number; endLine: number}
export type Raise = {kind: 'raise'; value: Expr | undefined; cause: Expr | undefined; line: number; endLine: number}
export type If = {
  kind: 'if'
  branches: readonly {test: Expr; body: readonly Stmt[]}[]
  otherwise: readonly Stmt[]
  line: number
  endLine: number
}
export type For = {
  kind: 'for'
  target: Expr
  iterable: Expr
  body: readonly Stmt[]
  otherwise: readonly Stmt[]
  line: number
  endLine: number
}
export type While = {kind: 'while'; test: Expr; body: readonly Stmt[]; otherwise: readonly Stmt[]; line: number; endLine: number}
export type With = {
  kind: 'with'
  items: readonly {value: Expr; as: Expr | undefined}[]
  body: readonly Stmt[]
  line: number
  endLine: number
}
/** `types` is undefined for a bare `except:`; `star` for `except*`. */
export type Handler = {
  types: Expr | undefined
  name: string | undefined
  star: boolean
  body: readonly Stmt[]
  line: number
  endLine: number
}
export type Try = {
  kind: 'try'
  body: readonly Stmt[]
  handlers: readonly Handler[]
  otherwise: readonly Stmt[]
  finally: readonly Stmt[]
  line: number
  endLine: number
}
export type FunctionDef = {
  kind: 'function'
  name: string
  params: readonly Param[]
  returns: Expr | undefined
  decorators: readonly Expr[]
  body: readonly Stmt[]
  async: boolean
  /** Of `def`, below its decorators. */
  line: number
  endLine: number
}
export type ClassDef = {
  kind: 'class'
  name: string
  bases: readonly Expr[]
  keywords: readonly Keyword[]
  decorators: readonly Expr[]
  body: readonly Stmt[]
  line: number
  endLine: number
}
export type Match = {
  kind: 'match'
  subject: Expr
  cases: readonly {pattern: Expr; guard: Expr | undefined; body: readonly Stmt[]}[]
  line: number
  endLine: number
}
/** `pass`, `del`, `global`, `assert`, and what is not Python. */
export type OtherStatement = {kind: 'statement'; type: string; children: readonly Expr[]; line: number; endLine: number}
export type Stmt =
  | Import
  | FromImport
  | Assign
  | ExpressionStatement
  | Return
  | Raise
  | If
  | For
  | While
  | With
  | Try
  | FunctionDef
  | ClassDef
  | Match
  | OtherStatement

/** One file of Python. `error`: the first line that is not Python. `noqa`: lines with that comment, and the codes it names (none: all). */
export type ModuleSyntax = {body: readonly Stmt[]; error: number | undefined; noqa: readonly {line: number; codes: readonly string[]}[]}

/** The statements directly in a statement, in order; those of a function or class body are not among them. */
export const blocksOf = (statement: Stmt): readonly (readonly Stmt[])[] => {
  switch (statement.kind) {
    case 'if':
      return [...statement.branches.map(({body}) => body), statement.otherwise]
    case 'for':
    case 'while':
      return [statement.body, statement.otherwise]
    case 'with':
      return [statement.body]
    case 'try':
      return [statement.body, ...statement.handlers.map(({body}) => body), statement.otherwise, statement.finally]
    case 'match':
      return statement.cases.map(({body}) => body)
    default:
      return []
  }
}

/** Every statement of a body and of the blocks in it, in order, without entering functions and classes. */
export function* statementsIn(body: readonly Stmt[]): Generator<Stmt> {
  for (const statement of body) {
    yield statement
    for (const block of blocksOf(statement)) yield* statementsIn(block)
  }
}

/** Every statement of a body, entering functions and classes too. */
export function* allStatementsIn(body: readonly Stmt[]): Generator<Stmt> {
  for (const statement of statementsIn(body)) {
    yield statement
    if (statement.kind === 'function' || statement.kind === 'class') yield* allStatementsIn(statement.body)
  }
}

/** The expressions that a statement evaluates itself; for a function or class: decorators, defaults, annotations, bases, not its body. */
export const expressionsOf = (statement: Stmt): readonly Expr[] => {
  switch (statement.kind) {
    case 'import':
    case 'from':
      return []
    case 'assign':
      return [...statement.targets, ...some(statement.annotation), ...some(statement.value)]
    case 'expression':
      return [statement.value]
    case 'return':
      return some(statement.value)
    case 'raise':
      return [...some(statement.value), ...some(statement.cause)]
    case 'if':
      return statement.branches.map(({test}) => test)
    case 'for':
      return [statement.target, statement.iterable]
    case 'while':
      return [statement.test]
    case 'with':
      return statement.items.flatMap(({value, as}) => [value, ...some(as)])
    case 'try':
      return statement.handlers.flatMap(({types}) => some(types))
    case 'function':
      return [...statement.decorators, ...paramExpressions(statement.params), ...some(statement.returns)]
    case 'class':
      return [...statement.decorators, ...statement.bases, ...statement.keywords.map(({value}) => value)]
    case 'match':
      return [statement.subject, ...statement.cases.flatMap(({pattern, guard}) => [pattern, ...some(guard)])]
    case 'statement':
      return statement.children
  }
}

const paramExpressions = (params: readonly Param[]): Expr[] =>
  params.flatMap((param) => [...some(param.annotation), ...some(param.default)])

const some = <T>(value: T | undefined): T[] => (value === undefined ? [] : [value])

/** The expressions directly in an expression, in order. */
export const partsOf = (expr: Expr): readonly Expr[] => {
  switch (expr.kind) {
    case 'name':
    case 'string':
    case 'constant':
      return []
    case 'attribute':
    case 'unary':
    case 'await':
    case 'star':
    case 'walrus':
      return [expr.value]
    case 'call':
      return [expr.callee, ...expr.args, ...expr.keywords.map(({value}) => value)]
    case 'fstring':
      return expr.parts.filter((part) => typeof part !== 'string')
    case 'list':
    case 'tuple':
    case 'set':
      return expr.items
    case 'dict':
      return expr.entries.flatMap(({key, value}) => [...some(key), value])
    case 'binary':
      return [expr.left, expr.right]
    case 'compare':
      return expr.operands
    case 'conditional':
      return [expr.test, expr.then, expr.otherwise]
    case 'subscript':
      return [expr.value, ...expr.index]
    case 'lambda':
      return [...paramExpressions(expr.params), expr.body]
    case 'comprehension':
      return [...expr.clauses.flatMap(({target, iterable}) => [iterable, target]), ...expr.conditions, ...expr.element]
    case 'other':
      return expr.children
  }
}

/** An expression and all in it, outermost first. */
export function* expressionsIn(expr: Expr): Generator<Expr> {
  yield expr
  for (const part of partsOf(expr)) yield* expressionsIn(part)
}

/** Every expression of a body, functions and classes in it included only with `deep`. */
export function* expressionsInBody(body: readonly Stmt[], {deep = true}: {deep?: boolean} = {}): Generator<Expr> {
  for (const statement of deep ? allStatementsIn(body) : statementsIn(body))
    for (const expr of expressionsOf(statement)) yield* expressionsIn(expr)
}

/** The dotted name that an expression spells (`a.b.c`), undefined for anything else. */
export const dotted = (expr: Expr): string | undefined => {
  if (expr.kind === 'name') return expr.name
  if (expr.kind !== 'attribute') return undefined
  const before = dotted(expr.value)
  return before === undefined ? undefined : `${before}.${expr.name}`
}

/** The value given to a parameter of a call, by name or by its place among the plain arguments. */
export const argument = (call: Call, name: string, place?: number): Expr | undefined =>
  call.keywords.find((keyword) => keyword.name === name)?.value ?? (place === undefined ? undefined : call.args[place])
