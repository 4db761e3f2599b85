import type {Names} from '../python/resolve.ts'
import {dotted, expressionsIn, expressionsInBody, type Expr} from '../python/syntax.ts'
import type {Place} from './settings.ts'

/** A claim that code compares or looks for by itself. */
export type ClaimCheck = Place & {claim: string}

/** `scope["type"]` of ASGI is no claim. */
const isOfScope = (part: Expr): boolean => part.kind === 'subscript' && /scope|message|event/i.test(dotted(part.value) ?? '')

/** Claims that are looked at by name in a condition: `claims["iss"] != …`, `payload.get("type")`. */
export const claimChecksIn = (names: Names): ClaimCheck[] => {
  const wanted = new Set(['iss', 'aud', 'exp', 'type', 'typ', 'token_type', 'token_use', 'firebase', 'auth_time'])
  const found: ClaimCheck[] = []
  for (const module of names.program.modules) {
    if (module.isTest) continue
    for (const expr of expressionsInBody(module.body))
      if (expr.kind === 'compare')
        for (const operand of expr.operands)
          for (const part of expressionsIn(operand)) {
            const [first] =
              part.kind === 'subscript'
                ? part.index
                : part.kind === 'call' && part.callee.kind === 'attribute' && part.callee.name === 'get'
                  ? part.args
                  : []
            if (first?.kind === 'string' && wanted.has(first.value) && !isOfScope(part))
              found.push({file: module.path, line: part.line, claim: first.value})
            if (part.kind === 'attribute' && wanted.has(part.name) && /claims|payload|token/i.test(dotted(part.value) ?? ''))
              found.push({file: module.path, line: part.line, claim: part.name})
          }
  }
  return found
}
