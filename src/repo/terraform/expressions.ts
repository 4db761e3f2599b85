import type {Node} from 'web-tree-sitter'
import type {Expression, Step} from './syntax.ts'
import {heredocParts, templateParts} from './templates.ts'

const maxDepth = 100

type Made = (node: Node, depth: number) => Expression

/** What an `expression` node of the grammar says. */
export const expressionOf = (node: Node, depth = 0): Expression => {
  if (depth > maxDepth) return other(node)
  return sequence(meaningful(node), node, depth)
}

const lineOf = (node: Node): number => node.startPosition.row + 1
const other = (node: Node): Expression => ({is: 'other', line: lineOf(node), text: node.text.slice(0, 80)})
const meaningful = (node: Node): Node[] => node.children.filter((child) => child.type !== 'comment')

/** A term and the steps after it: the grammar puts both side by side wherever an operand may stand. */
const sequence = (nodes: readonly Node[], parent: Node, depth: number): Expression => {
  const open = nodes[0]?.type === '('
  const first = open ? nodes[1] : nodes[0]
  if (first === undefined) return other(parent)
  const base = open ? expressionOf(first, depth + 1) : term(first, depth + 1)
  const steps = nodes.slice(open ? 3 : 1).flatMap((node) => stepsOf(node, depth + 1))
  return steps.length === 0
    ? base
    : base.is === 'reference' && !open
      ? {...base, steps: [...base.steps, ...steps]}
      : {is: 'access', line: base.line, of: base, steps}
}

const stepsOf = (node: Node, depth: number): Step[] => {
  if (depth > maxDepth) return []
  const named = node.namedChildren.filter((child) => child.type !== 'comment')
  switch (node.type) {
    case 'get_attr':
      return [{attribute: named[0]?.text ?? ''}]
    case 'index':
      return named.flatMap((child): Step[] => {
        const inner = child.namedChildren[0]
        if (child.type === 'new_index' && inner?.type === 'expression') return [{index: expressionOf(inner, depth + 1)}]
        return [{index: {is: 'literal', line: lineOf(child), value: Number(child.text.replace(/\D/g, ''))}}]
      })
    case 'splat':
      return [{splat: true}, ...named.flatMap((child) => child.namedChildren.flatMap((step) => stepsOf(step, depth + 1)))]
    default:
      return []
  }
}

const term: Made = (node, depth) => {
  const line = lineOf(node)
  const inside = meaningful(node)
  const [first] = inside
  switch (node.type) {
    case 'expression':
      return expressionOf(node, depth)
    case 'literal_value':
    case 'template_expr':
    case 'collection_value':
    case 'for_expr':
    case 'operation':
      return first === undefined || depth > maxDepth ? other(node) : term(first, depth + 1)
    case 'string_lit':
    case 'quoted_template':
      return template(
        line,
        templateParts(node, (inner) => expressionOf(inner, depth + 1)),
      )
    case 'heredoc_template':
      return template(
        line,
        heredocParts(node, (inner) => expressionOf(inner, depth + 1)),
      )
    case 'numeric_lit':
      return {is: 'literal', line, value: Number(node.text)}
    case 'bool_lit':
      return {is: 'literal', line, value: node.text === 'true'}
    case 'null_lit':
      return {is: 'literal', line, value: null}
    case 'variable_expr':
      return {is: 'reference', line, name: node.text, steps: []}
    case 'tuple':
      return {is: 'list', line, items: expressionsIn(node, depth)}
    case 'object':
      return {is: 'object', line, fields: inside.filter(({type}) => type === 'object_elem').flatMap((field) => fieldOf(field, depth))}
    case 'conditional': {
      const [test, yes, no] = expressionsIn(node, depth)
      return test && yes && no ? {is: 'condition', line, test, yes, no} : other(node)
    }
    case 'function_call': {
      const args = inside.find(({type}) => type === 'function_arguments')
      return {
        is: 'call',
        line,
        name: first?.text ?? '',
        args: args === undefined ? [] : expressionsIn(args, depth),
        spread: args?.children.some(({type}) => type === 'ellipsis') ?? false,
      }
    }
    case 'unary_operation':
      return {is: 'operation', line, operator: first?.type ?? '', of: [sequence(inside.slice(1), node, depth + 1)]}
    case 'binary_operation':
      return binary(node, inside, depth)
    case 'for_tuple_expr':
    case 'for_object_expr':
      return loop(node, inside, depth)
    default:
      return other(node)
  }
}

const template = (line: number, parts: Expression[]): Expression => {
  const [only] = parts
  if (only === undefined) return {is: 'literal', line, value: ''}
  // "${var.x}" is var.x, whatever its type; one literal is that literal.
  return parts.length === 1 ? {...only, line} : {is: 'template', line, parts}
}

const expressionsIn = (node: Node, depth: number): Expression[] =>
  node.namedChildren.flatMap((child) => (child.type === 'expression' ? [expressionOf(child, depth + 1)] : []))

/** `name = …`, `"name" = …` and `(expression) = …`: a bare name as a key is that name. */
const fieldOf = (node: Node, depth: number): {key: Expression; value: Expression}[] => {
  const [key, value] = expressionsIn(node, depth)
  if (key === undefined || value === undefined) return []
  const inParentheses = node.namedChildren[0]?.children[0]?.type === '('
  const bare = key.is === 'reference' && key.steps.length === 0 && !inParentheses
  return [{key: bare ? {is: 'literal', line: key.line, value: key.name} : key, value}]
}

const operators: ReadonlySet<string> = new Set(['+', '-', '*', '/', '%', '==', '!=', '<', '>', '<=', '>=', '&&', '||'])

const binary = (node: Node, inside: readonly Node[], depth: number): Expression => {
  const at = inside.findIndex(({type}) => operators.has(type))
  const operator = inside[at]
  if (operator === undefined) return other(node)
  const left = sequence(inside.slice(0, at), node, depth + 1)
  const right = sequence(inside.slice(at + 1), node, depth + 1)
  return {is: 'operation', line: lineOf(node), operator: operator.type, of: [left, right]}
}

const loop = (node: Node, inside: readonly Node[], depth: number): Expression => {
  const intro = inside.find(({type}) => type === 'for_intro')
  const condition = inside.find(({type}) => type === 'for_cond')
  const names = intro?.namedChildren.filter(({type}) => type === 'identifier').map(({text}) => text) ?? []
  const [over] = intro === undefined ? [] : expressionsIn(intro, depth)
  const made = expressionsIn(node, depth)
  const item = names.at(-1)
  const value = made.at(-1)
  if (over === undefined || item === undefined || value === undefined) return other(node)
  return {
    is: 'for',
    line: lineOf(node),
    key: names.length > 1 ? (names[0] ?? null) : null,
    item,
    over,
    keyed: node.type === 'for_object_expr' ? (made[0] ?? null) : null,
    value,
    only: condition === undefined ? null : (expressionsIn(condition, depth)[0] ?? null),
    grouped: inside.some(({type}) => type === 'ellipsis'),
  }
}
