import type {Node} from 'web-tree-sitter'
import {firstErrorLine, withTree} from '../tree-sitter.ts'
import type {Expr, Handler, Keyword, ModuleSyntax, Param, Stmt} from './syntax.ts'

/** Deeper than any source that a person wrote; below it nothing is read. */
const maxDepth = 150

/** The syntax of a Python file. Never throws: what is not Python is passed over, and `error` says where the first of it stands. */
export const parsePython = (text: string): Promise<ModuleSyntax> =>
  withTree('python', text, (root) => ({body: block(root, 0), error: firstErrorLine(root), noqa: noqaIn(text)}))

const noqaIn = (text: string): ModuleSyntax['noqa'] =>
  text.includes('noqa')
    ? text.split('\n').flatMap((line, index) => {
        const found = /#\s*(?:ruff:\s*|flake8:\s*)?noqa\b(?::\s*([A-Z0-9, ]+))?/i.exec(line)
        return found === null ? [] : [{line: index + 1, codes: found[1]?.split(/[,\s]+/).filter((code) => code !== '') ?? []}]
      })
    : []

/** The same name is met thousands of times in a large tree: one copy of it is kept, and no piece of a source that would keep all of it. */
const names = new Map<string, string>()
const maxNames = 200_000
const interned = (text: string): string => {
  const known = names.get(text)
  if (known !== undefined) return known
  if (names.size >= maxNames) names.clear()
  const copy = Buffer.from(text).toString()
  names.set(copy, copy)
  return copy
}
const textIn = (node: Node | undefined): string | undefined => (node === undefined ? undefined : interned(node.text))

/** A list as it is kept: one that grew by push has room for more, and empty ones need not be many. */
const kept = <Item>(items: Item[]): Item[] => (items.length === 0 ? nothing() : items.slice())
const empty: never[] = []
const nothing = (): never[] => empty

const lineOf = (node: Node): number => node.startPosition.row + 1
const endOf = (node: Node): number => node.endPosition.row + 1

const named = (node: Node): Node[] => node.namedChildren.filter((child) => child.type !== 'comment')
const field = (node: Node, name: string): Node | undefined => node.childForFieldName(name) ?? undefined
const fields = (node: Node, name: string): Node[] =>
  node.childrenForFieldName(name).filter((child) => child.isNamed && child.type !== 'comment')
const has = (node: Node, word: string): boolean => node.children.some((child) => child.type === word)

const block = (node: Node | undefined, depth: number): Stmt[] =>
  node === undefined || depth > maxDepth ? nothing() : kept(named(node).flatMap((child) => statement(child, depth + 1)))

const statement = (node: Node, depth: number): Stmt[] => {
  const place = {line: lineOf(node), endLine: endOf(node)}
  switch (node.type) {
    case 'import_statement':
      return [
        {
          kind: 'import',
          names: fields(node, 'name')
            .map((name) => ({...importedName(name), line: lineOf(name)}))
            .map(({name, alias, line}) => ({module: name, alias, line})),
          ...place,
        },
      ]
    case 'future_import_statement':
      return []
    case 'import_from_statement':
      return [fromImport(node)]
    case 'expression_statement':
      return expressionStatement(node, depth)
    case 'return_statement':
      return [{kind: 'return', value: first(node, depth), ...place}]
    case 'raise_statement': {
      const cause = field(node, 'cause')
      const value = named(node).find((child) => child.id !== cause?.id)
      return [{kind: 'raise', value: optional(value, depth), cause: optional(cause, depth), ...place}]
    }
    case 'if_statement':
      return [ifStatement(node, depth)]
    case 'for_statement':
      return [
        {
          kind: 'for',
          target: expression(field(node, 'left'), depth),
          iterable: expression(field(node, 'right'), depth),
          body: block(field(node, 'body'), depth),
          otherwise: elseOf(node, depth),
          ...place,
        },
      ]
    case 'while_statement':
      return [
        {
          kind: 'while',
          test: expression(field(node, 'condition'), depth),
          body: block(field(node, 'body'), depth),
          otherwise: elseOf(node, depth),
          ...place,
        },
      ]
    case 'with_statement': {
      const clause = named(node).find((child) => child.type === 'with_clause')
      const items = clause === undefined ? [] : named(clause).filter((child) => child.type === 'with_item')
      return [{kind: 'with', items: items.flatMap((item) => withItems(item, depth)), body: block(field(node, 'body'), depth), ...place}]
    }
    case 'try_statement': {
      const children = named(node)
      const of = (type: string) => children.find((child) => child.type === type)
      return [
        {
          kind: 'try',
          body: block(field(node, 'body'), depth),
          handlers: children
            .filter((child) => child.type === 'except_clause' || child.type === 'except_group_clause')
            .map((child) => handler(child, depth)),
          otherwise: elseOf(node, depth),
          finally: block(
            named(of('finally_clause') ?? node).find((child) => of('finally_clause') !== undefined && child.type === 'block'),
            depth,
          ),
          ...place,
        },
      ]
    }
    case 'function_definition':
    case 'class_definition':
      return [definition(node, nothing(), depth)]
    case 'decorated_definition': {
      const target = field(node, 'definition')
      const decorators = named(node)
        .filter((child) => child.type === 'decorator')
        .map((child) => first(child, depth) ?? other(child))
      return target === undefined ? [] : [definition(target, decorators, depth)]
    }
    case 'match_statement': {
      const cases = named(field(node, 'body') ?? node).filter((child) => child.type === 'case_clause')
      return [
        {
          kind: 'match',
          subject: expression(field(node, 'subject'), depth),
          cases: cases.map((child) => {
            const patterns = named(child).filter((one) => one.type === 'case_pattern')
            const guard = field(child, 'guard')
            return {
              pattern: {
                kind: 'other',
                type: 'pattern',
                children: patterns.flatMap((one) => named(one).map((part) => expression(part, depth + 1))),
                line: lineOf(child),
              },
              guard: guard === undefined ? undefined : first(guard, depth),
              body: block(field(child, 'consequence'), depth),
            }
          }),
          ...place,
        },
      ]
    }
    case 'block':
      return block(node, depth)
    case 'ERROR':
      // What the parser could make out inside of what is not Python is still worth reading; the module says that it has an error.
      return named(node).flatMap((child) => (isStatement(child) ? statement(child, depth + 1) : []))
    default:
      return [{kind: 'statement', type: node.type, children: named(node).map((child) => expression(child, depth + 1)), ...place}]
  }
}

const isStatement = ({type}: Node): boolean => type.endsWith('_statement') || type.endsWith('_definition') || type === 'block'

const importedName = (node: Node): {name: string; alias: string | undefined} =>
  node.type === 'aliased_import'
    ? {name: textIn(field(node, 'name')) ?? '', alias: textIn(field(node, 'alias'))}
    : {name: node.text, alias: undefined}

const fromImport = (node: Node): Stmt => {
  const from = field(node, 'module_name')
  const dots = from?.type === 'relative_import' ? (/^[.\s]*/.exec(from.text)?.[0].replaceAll(/\s/g, '').length ?? 0) : 0
  const star = named(node).some((child) => child.type === 'wildcard_import')
  return {
    kind: 'from',
    module: (from?.text ?? '').replaceAll(/\s/g, '').slice(dots),
    level: dots,
    names: star ? '*' : fields(node, 'name').map((name) => ({...importedName(name), line: lineOf(name)})),
    line: lineOf(node),
    endLine: endOf(node),
  }
}

const expressionStatement = (node: Node, depth: number): Stmt[] => {
  const place = {line: lineOf(node), endLine: endOf(node)}
  const children = named(node)
  const [only] = children
  if (only === undefined) return []
  if (children.length > 1)
    return [
      {kind: 'expression', value: {kind: 'tuple', items: children.map((child) => expression(child, depth)), line: place.line}, ...place},
    ]
  if (only.type === 'assignment') {
    // `a = b = c` is an assignment whose right side is one.
    const targets: Expr[] = []
    let at: Node = only
    let annotation: Node | undefined
    for (;;) {
      targets.push(expression(field(at, 'left'), depth))
      annotation ??= field(at, 'type')
      const right = field(at, 'right')
      if (right?.type !== 'assignment')
        return [{kind: 'assign', targets, annotation: optional(annotation, depth), value: optional(right, depth), op: '=', ...place}]
      at = right
    }
  }
  if (only.type === 'augmented_assignment')
    return [
      {
        kind: 'assign',
        targets: [expression(field(only, 'left'), depth)],
        annotation: undefined,
        value: optional(field(only, 'right'), depth),
        op: field(only, 'operator')?.text ?? '+=',
        ...place,
      },
    ]
  return [{kind: 'expression', value: expression(only, depth), ...place}]
}

const ifStatement = (node: Node, depth: number): Stmt => {
  const clauses = named(node).filter((child) => child.type === 'elif_clause')
  return {
    kind: 'if',
    branches: [node, ...clauses].map((clause) => ({
      test: expression(field(clause, 'condition'), depth),
      body: block(field(clause, 'consequence'), depth),
    })),
    otherwise: elseOf(node, depth),
    line: lineOf(node),
    endLine: endOf(node),
  }
}

const elseOf = (node: Node, depth: number): Stmt[] => {
  const clause = named(node).find((child) => child.type === 'else_clause')
  return clause === undefined ? nothing() : block(field(clause, 'body'), depth)
}

const withItems = (item: Node, depth: number): {value: Expr; as: Expr | undefined}[] => {
  const value = field(item, 'value')
  // `with (a as b, c as d):` parses as one tuple.
  const parts = value?.type === 'tuple' || value?.type === 'parenthesized_expression' ? named(value) : value === undefined ? [] : [value]
  return parts.map((part) => {
    if (part.type !== 'as_pattern') return {value: expression(part, depth), as: undefined}
    const alias = field(part, 'alias')
    return {value: first(part, depth) ?? other(part), as: alias === undefined ? undefined : first(alias, depth)}
  })
}

const handler = (node: Node, depth: number): Handler => {
  const caught = named(node).find((child) => child.type !== 'block')
  const alias = caught?.type === 'as_pattern' ? field(caught, 'alias') : field(node, 'alias')
  const types = caught?.type === 'as_pattern' ? first(caught, depth) : optional(caught, depth)
  return {
    types,
    name: textIn(alias),
    star: node.type === 'except_group_clause',
    body: block(
      named(node).find((child) => child.type === 'block'),
      depth,
    ),
    line: lineOf(node),
    endLine: endOf(node),
  }
}

const definition = (node: Node, decorators: readonly Expr[], depth: number): Stmt => {
  const common = {
    name: textIn(field(node, 'name')) ?? '',
    decorators,
    body: block(field(node, 'body'), depth),
    line: lineOf(node),
    endLine: endOf(node),
  }
  if (node.type === 'class_definition') {
    const list = field(node, 'superclasses')
    const {args, keywords} = list === undefined ? {args: nothing(), keywords: nothing()} : callArguments(list, depth)
    return {kind: 'class', bases: args, keywords, ...common}
  }
  return {
    kind: 'function',
    params: parameters(field(node, 'parameters'), depth),
    returns: optional(field(node, 'return_type'), depth),
    async: has(node, 'async'),
    ...common,
  }
}

const parameters = (node: Node | undefined, depth: number): Param[] =>
  node === undefined ? nothing() : kept(named(node).flatMap((child) => parameter(child, depth)))

const parameter = (node: Node, depth: number): Param[] => {
  const line = lineOf(node)
  const plain = (name: string, more: Partial<Param> = {}): Param[] => [
    {name: name.replace(/^\*+/, ''), annotation: undefined, default: undefined, kind: paramKind(name), line, ...more},
  ]
  switch (node.type) {
    case 'identifier':
    case 'list_splat_pattern':
    case 'dictionary_splat_pattern':
      return plain(node.text)
    case 'typed_parameter':
      return plain(named(node)[0]?.text ?? '', {annotation: optional(field(node, 'type'), depth)})
    case 'default_parameter':
    case 'typed_default_parameter':
      return plain(textIn(field(node, 'name')) ?? '', {
        annotation: optional(field(node, 'type'), depth),
        default: optional(field(node, 'value'), depth),
      })
    default:
      return []
  }
}

const paramKind = (name: string): Param['kind'] => (name.startsWith('**') ? 'kwargs' : name.startsWith('*') ? 'args' : 'plain')

const optional = (node: Node | undefined, depth: number): Expr | undefined => (node === undefined ? undefined : expression(node, depth))
const first = (node: Node, depth: number): Expr | undefined => optional(named(node)[0], depth)
const other = (node: Node, children: readonly Expr[] = nothing()): Expr => ({kind: 'other', type: node.type, children, line: lineOf(node)})

const expression = (node: Node | undefined, above: number): Expr => {
  if (node === undefined) return {kind: 'other', type: 'absent', children: [], line: 0}
  const depth = above + 1
  if (depth > maxDepth) return other(node)
  const line = lineOf(node)
  const part = (name: string): Expr => expression(field(node, name), depth)
  const parts = (): Expr[] => named(node).map((child) => expression(child, depth))
  switch (node.type) {
    case 'identifier':
      return {kind: 'name', name: interned(node.text), line}
    case 'dotted_name':
      return (
        named(node).reduce<Expr | undefined>(
          (value, child) => (value === undefined ? expression(child, depth) : {kind: 'attribute', value, name: interned(child.text), line}),
          undefined,
        ) ?? other(node)
      )
    case 'attribute':
      return {kind: 'attribute', value: part('object'), name: textIn(field(node, 'attribute')) ?? '', line}
    case 'member_type': {
      const [value, name] = named(node)
      return {kind: 'attribute', value: expression(value, depth), name: textIn(name) ?? '', line}
    }
    case 'call': {
      const list = field(node, 'arguments')
      if (list?.type === 'generator_expression')
        return {kind: 'call', callee: part('function'), args: [expression(list, depth)], keywords: [], line, endLine: endOf(node)}
      const given = list === undefined ? {args: nothing(), keywords: nothing()} : callArguments(list, depth)
      return {kind: 'call', callee: part('function'), ...given, line, endLine: endOf(node)}
    }
    case 'string':
    case 'concatenated_string':
      return textOf(node, depth)
    case 'integer':
    case 'float':
      return numberOf(node)
    case 'true':
    case 'false':
      return {kind: 'constant', value: node.type === 'true', line}
    case 'none':
      return {kind: 'constant', value: null, line}
    case 'ellipsis':
      return {kind: 'constant', value: '...', line}
    case 'list':
    case 'list_pattern':
      return {kind: 'list', items: parts(), line}
    case 'tuple':
    case 'tuple_pattern':
    case 'pattern_list':
    case 'expression_list':
      return {kind: 'tuple', items: parts(), line}
    case 'set':
      return {kind: 'set', items: parts(), line}
    case 'dictionary':
      return {
        kind: 'dict',
        entries: named(node).map((child) =>
          child.type === 'pair'
            ? {key: expression(field(child, 'key'), depth), value: expression(field(child, 'value'), depth)}
            : {key: undefined, value: first(child, depth) ?? other(child)},
        ),
        line,
      }
    case 'binary_operator':
    case 'boolean_operator':
      return {kind: 'binary', op: textIn(field(node, 'operator')) ?? '', left: part('left'), right: part('right'), line}
    case 'union_type': {
      const [left, right] = parts()
      return {kind: 'binary', op: '|', left: left ?? other(node), right: right ?? other(node), line}
    }
    case 'comparison_operator':
      return {kind: 'compare', operands: parts(), ops: operatorsOf(node), line}
    case 'not_operator':
      return {kind: 'unary', op: 'not', value: part('argument'), line}
    case 'unary_operator':
      return {kind: 'unary', op: textIn(field(node, 'operator')) ?? '', value: part('argument'), line}
    case 'conditional_expression': {
      const [then, test, otherwise] = parts()
      return {kind: 'conditional', then: then ?? other(node), test: test ?? other(node), otherwise: otherwise ?? other(node), line}
    }
    case 'subscript':
      return {kind: 'subscript', value: part('value'), index: fields(node, 'subscript').map((child) => expression(child, depth)), line}
    case 'generic_type': {
      const [value, list] = named(node)
      return {
        kind: 'subscript',
        value: expression(value, depth),
        index: list === undefined ? [] : named(list).map((child) => expression(child, depth)),
        line,
      }
    }
    case 'lambda':
      return {kind: 'lambda', params: parameters(field(node, 'parameters'), depth), body: part('body'), line}
    case 'await':
      return {kind: 'await', value: first(node, depth) ?? other(node), line}
    case 'list_splat':
    case 'dictionary_splat':
    case 'list_splat_pattern':
    case 'dictionary_splat_pattern':
    case 'splat_type':
      return {kind: 'star', value: first(node, depth) ?? other(node), line}
    case 'named_expression':
      return {kind: 'walrus', name: textIn(field(node, 'name')) ?? '', value: part('value'), line}
    case 'list_comprehension':
    case 'set_comprehension':
    case 'dictionary_comprehension':
    case 'generator_expression':
      return comprehension(node, depth)
    case 'parenthesized_expression':
    case 'type':
    case 'as_pattern_target':
    case 'type_parameter':
    case 'case_pattern':
      return first(node, depth) ?? other(node)
    default:
      return other(node, parts())
  }
}

const callArguments = (list: Node, depth: number): {args: Expr[]; keywords: Keyword[]} => {
  const args: Expr[] = []
  const keywords: Keyword[] = []
  for (const child of named(list)) {
    const line = lineOf(child)
    if (child.type === 'keyword_argument')
      keywords.push({name: textIn(field(child, 'name')), value: expression(field(child, 'value'), depth), line})
    else if (child.type === 'dictionary_splat') keywords.push({name: undefined, value: first(child, depth) ?? other(child), line})
    else args.push(expression(child, depth))
  }
  return {args: kept(args), keywords: kept(keywords)}
}

const operatorsOf = (node: Node): string[] => {
  const ops: string[] = []
  for (const child of node.children) {
    if (child.isNamed) continue
    // `not in` and `is not` are one token for the grammar, two words for older ones.
    ops.push(child.type)
  }
  return ops
}

const comprehension = (node: Node, depth: number): Expr => {
  const clauses = named(node).filter((child) => child.type === 'for_in_clause')
  const conditions = named(node).filter((child) => child.type === 'if_clause')
  const body = field(node, 'body')
  const of =
    node.type === 'generator_expression'
      ? 'generator'
      : node.type === 'list_comprehension'
        ? 'list'
        : node.type === 'set_comprehension'
          ? 'set'
          : 'dict'
  return {
    kind: 'comprehension',
    of,
    element:
      body?.type === 'pair' ? [expression(field(body, 'key'), depth), expression(field(body, 'value'), depth)] : [expression(body, depth)],
    clauses: clauses.map((clause) => ({
      target: expression(field(clause, 'left'), depth),
      iterable: expression(field(clause, 'right'), depth),
    })),
    conditions: conditions.map((condition) => first(condition, depth) ?? other(condition)),
    line: lineOf(node),
  }
}

const numberOf = (node: Node): Expr => {
  const text = node.text.replaceAll('_', '').toLowerCase()
  const value = Number(text.replace(/^0+(?=\d)/, ''))
  return Number.isNaN(value) ? other(node) : {kind: 'constant', value, line: lineOf(node)}
}

/** A string, or several that stand side by side: one literal when none is formatted. */
const textOf = (node: Node, depth: number): Expr => {
  const line = lineOf(node)
  const strings = node.type === 'concatenated_string' ? named(node).filter((child) => child.type === 'string') : [node]
  const parts: (string | Expr)[] = []
  let bytes = false
  let formatted = false
  const literal = (piece: string): void => {
    const last = parts.at(-1)
    if (typeof last === 'string') parts[parts.length - 1] = last + piece
    else parts.push(piece)
  }
  for (const string of strings) {
    const children = string.children
    const prefix = (children.find((child) => child.type === 'string_start')?.text ?? '').toLowerCase()
    const raw = /^[a-z]*r/.test(prefix)
    bytes ||= /^[a-z]*b/.test(prefix)
    const isFormatted = /^[a-z]*[ft]/.test(prefix)
    formatted ||= isFormatted
    for (const child of children) {
      if (child.type === 'string_content') literal(raw ? child.text : unescaped(child.text, isFormatted))
      else if (child.type === 'interpolation') parts.push(expression(field(child, 'expression') ?? named(child)[0], depth))
      else if (child.type === 'escape_interpolation') literal(child.text.slice(1))
    }
  }
  if (!formatted) return {kind: 'string', value: parts.filter((part) => typeof part === 'string').join(''), bytes, line}
  return {kind: 'fstring', parts: kept(parts), line}
}

const simple: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
  a: '\u0007',
  b: '\b',
  f: '\f',
  v: '\v',
  '0': '\0',
}

const unescaped = (text: string, formatted: boolean): string => {
  const plain = text.replaceAll(
    /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|\r?\n|([^]))/g,
    (whole, two: string | undefined, four: string | undefined, one: string | undefined) => {
      const code = two ?? four
      if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16))
      if (one === undefined) return ''
      return simple[one] ?? whole
    },
  )
  return formatted ? plain.replaceAll('{{', '{').replaceAll('}}', '}') : plain
}
