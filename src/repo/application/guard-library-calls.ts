import type {Names, Scope} from '../python/resolve.ts'
import type {Call} from '../python/syntax.ts'
import {step, type Interpreter, type Run, type State, type Step, type Verified} from './guard-state.ts'
import {constant, nothing, roleValue, thing, truth, unknownValue, unsure, type Value} from './guard-values.ts'
import {hasVerifyingName, verificationOf} from './verification.ts'

type Parts = {
  names: Names
  member: (of: Value, name: string, run: Run) => Value | undefined
  apply: Interpreter['apply']
}

/** What a call of Python's own or of a library gives; one that verifies a token is made note of. */
export const createLibraryCalls = ({names, member, apply}: Parts) => {
  const ofExternal = (
    name: string,
    args: readonly Value[],
    keywords: ReadonlyMap<string, Value>,
    state: State,
    run: Run,
    from: {expr: Call; scope: Scope} | undefined,
  ): Step[] => {
    const short = name.split('.').at(-1) ?? ''
    const [first, second] = args
    const verification = from === undefined ? undefined : verificationOf(names, name, args, keywords, from)
    if (verification !== undefined) {
      run.verifications.set(`${verification.file}:${verification.line}`, verification)
      const verified: Verified = verification.verifies ? 2 : state.verified
      return step(thing(), {...state, verified})
    }
    if (
      /^(?:asyncio\.to_thread|(?:fastapi|starlette)\.concurrency\.run_in_threadpool|anyio\.to_thread\.run_sync|asgiref\.sync\.sync_to_async)$/.test(
        name,
      ) &&
      first !== undefined
    ) {
      const inner =
        from === undefined
          ? undefined
          : {...from, expr: {...from.expr, callee: from.expr.args[0] ?? from.expr.callee, args: from.expr.args.slice(1)}}
      return apply(first, args.slice(1), keywords, state, run, inner)
    }
    if (short === 'partial' && first !== undefined) return step({is: 'partial', of: first, args: args.slice(1), keywords}, state)
    if (/^(?:functools\.)?(?:wraps|lru_cache|cache)$/.test(name) && first !== undefined) return step(first, state)
    if (['frozenset', 'set', 'list', 'tuple', 'sorted', 'iter'].includes(name)) {
      if (first === undefined) return step({is: 'list', items: [], open: false}, state)
      if (first.is === 'dict') return step({is: 'list', items: first.entries.map(([key]) => key), open: first.open}, state)
      return step(first.is === 'list' ? first : unsure(first), state)
    }
    if (name === 'any' || name === 'all') {
      if (first?.is !== 'list') return step(unsure(...args), state)
      const each = first.items.map((item) => truth(item))
      const decided = name === 'any' ? each.includes(true) : !each.includes(false)
      const sure = decided === (name === 'any') ? true : !first.open && !each.includes(undefined)
      return step(sure ? constant(decided) : unsure(...first.items), state)
    }
    if (name === 'len' && first?.is === 'list' && !first.open) return step(constant(first.items.length), state)
    if (name === 'bool' && first !== undefined) {
      const known = truth(first)
      return step(known === undefined ? unsure(first) : constant(known), state)
    }
    if (['str', 'int', 'typing.cast', 'cast'].includes(name)) return step((short === 'cast' ? second : first) ?? unknownValue, state)
    if (name === 'getattr' && first !== undefined && second?.is === 'constant' && typeof second.value === 'string')
      return step(member(first, second.value, run) ?? unsure(first), state)
    if (short === 'HTTPException' || short === 'WebSocketException') {
      const status = keywords.get('status_code') ?? keywords.get('code') ?? first ?? unknownValue
      return step({is: 'object', external: name, fields: new Map([['status_code', status]])}, state)
    }
    if (/^fastapi\.security\./.test(name)) {
      const optional = keywords.get('auto_error')
      return step(
        {is: 'object', external: name, fields: new Map<string, Value>(optional === undefined ? [] : [['auto_error', optional]])},
        state,
      )
    }
    if (/Error$|Exception$/.test(short)) return step({is: 'object', external: name, fields: new Map()}, state)
    if (hasVerifyingName(short) && state.verified === 0) return step(unsure(...args), {...state, verified: 1})
    if (/^(?:logging|structlog|loguru|print|isinstance)/.test(name)) return step(name === 'isinstance' ? unknownValue : nothing, state)
    if (isDeciding(short) && args.some((one) => one.is === 'object')) return step(roleValue, state)
    if (/^[A-Z]/.test(short)) return step({is: 'object', external: name, fields: new Map(keywords)}, state)
    return step(unsure(...args, ...keywords.values()), state)
  }

  return ofExternal
}

/** A question about rights that something outside of what is read answers. */
export const isDeciding = (name: string): boolean => /perm|role|allow|authori[sz]e|enforce|polic|access_control|^can_|has_scope/i.test(name)
