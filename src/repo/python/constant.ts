import type {Names, Scope} from './resolve.ts'
import {dotted, type Expr} from './syntax.ts'

export type Constant = string | number | boolean | null

/**
 * The value that an expression has without running anything: literals, names and attributes that were given one, joined strings,
 * arithmetic on numbers, members of enums. A setting counts with its default. Undefined where it is only known at run time.
 */
export const constantOf = (names: Names, expr: Expr, scope: Scope, depth = 0): Constant | undefined => {
  if (depth > 12) return undefined
  const again = (inner: Expr, innerScope = scope) => constantOf(names, inner, innerScope, depth + 1)
  switch (expr.kind) {
    case 'string':
      return expr.bytes ? undefined : expr.value
    case 'constant':
      return expr.value === '...' ? undefined : expr.value
    case 'fstring': {
      const parts = expr.parts.map((part) => (typeof part === 'string' ? part : again(part)))
      return parts.includes(undefined) ? undefined : parts.map(String).join('')
    }
    case 'binary': {
      const left = again(expr.left)
      const right = again(expr.right)
      if (expr.op === '+' && typeof left === 'string' && typeof right === 'string') return left + right
      return typeof left === 'number' && typeof right === 'number' ? arithmetic(expr.op, left, right) : undefined
    }
    case 'unary': {
      const value = again(expr.value)
      return expr.op === '-' && typeof value === 'number' ? -value : expr.op === 'not' && typeof value === 'boolean' ? !value : undefined
    }
    case 'call':
      return ofCall(names, expr, scope, depth)
    case 'name':
    case 'attribute': {
      if (expr.kind === 'attribute' && expr.name === 'value') {
        const inner = again(expr.value)
        if (inner !== undefined) return inner
      }
      const found = names.resolve(expr, scope)
      return found?.kind === 'value' && found.value !== undefined ? again(found.value, found.scope) : undefined
    }
    default:
      return undefined
  }
}

const arithmetic = (op: string, left: number, right: number): number | undefined => {
  switch (op) {
    case '+':
      return left + right
    case '-':
      return left - right
    case '*':
      return left * right
    case '**':
      return Math.abs(right) > 64 ? undefined : left ** right
    case '//':
      return right === 0 ? undefined : Math.floor(left / right)
    case '/':
      return right === 0 ? undefined : left / right
    default:
      return undefined
  }
}

/** `Field(default=X)`, `os.getenv("N", X)`, `str(X)`, `SecretStr(X)`: the value that stands in without anything given. */
const ofCall = (names: Names, call: Extract<Expr, {kind: 'call'}>, scope: Scope, depth: number): Constant | undefined => {
  const callee = names.external(call.callee, scope) ?? dotted(call.callee) ?? ''
  const short = callee.split('.').at(-1) ?? ''
  const given = (name: string, place: number): Expr | undefined =>
    call.keywords.find((keyword) => keyword.name === name)?.value ?? call.args[place]
  const wanted = ['Field', 'FieldInfo'].includes(short)
    ? given('default', 0)
    : ['os.getenv', 'os.environ.get'].includes(callee)
      ? given('default', 1)
      : ['str', 'int', 'SecretStr', 'Path'].includes(short)
        ? call.args[0]
        : undefined
  return wanted === undefined ? undefined : constantOf(names, wanted, scope, depth + 1)
}

/** The string that an expression is, as `constantOf` knows it. */
export const textOf = (names: Names, expr: Expr | undefined, scope: Scope): string | undefined => {
  const value = expr === undefined ? undefined : constantOf(names, expr, scope)
  return typeof value === 'string' ? value : undefined
}
