import type {Scope} from '../python/resolve.ts'
import type {Call, Expr} from '../python/syntax.ts'
import {isRole, unknownValue, unsure, type Env, type Value} from './guard-values.ts'
import type {Verification} from './verification.ts'

/** How surely a token was verified: not at all, perhaps (by something that cannot be read), surely. */
export type Verified = 0 | 1 | 2

/**
 * One way through a guard. `open`: the role decided something in a way that cannot be followed; `setting`: it is taken only with a
 * certain setting; `closed`: a websocket was closed.
 */
export type State = {env: Env; verified: Verified; open: boolean; setting: boolean; closed: boolean}
export type Step = {value: Value; state: State; raised: boolean}

/** One request that is let through guards or not: who asks, for what, and what was met on the way. */
export type Run = {
  role: {value: string | number; name: string} | undefined
  path: string | undefined
  method: string
  scopes: readonly Value[]
  /** The ways on which the request was handed on, for middlewares and decorators. */
  passes: State[]
  verifications: Map<string, Verification>
  /** Steps that are left. */
  left: number
  depth: number
  /** It ran out of steps somewhere: what it did not see may refuse. */
  cut: boolean
  /** What was asked for: then it may go otherwise for another role or path. */
  asked: {role: boolean; path: boolean}
}

export const freshState = (): State => ({env: {vars: new Map(), up: undefined}, verified: 0, open: false, setting: false, closed: false})

/** A request that nothing was met by yet; without what it asks for, it is of nobody, for no path. */
export const freshRun = (left: number, asks: Partial<Pick<Run, 'role' | 'path' | 'method'>> = {}): Run => ({
  role: asks.role,
  path: asks.path,
  method: asks.method ?? 'GET',
  scopes: [],
  passes: [],
  verifications: new Map(),
  left,
  depth: 0,
  cut: false,
  asked: {role: false, path: false},
})

/** What goes through Python: its parts call one another by these. */
export type Interpreter = {
  evaluate(expr: Expr, scope: Scope, state: State, run: Run): Step[]
  /** Calls something as code does. */
  apply(
    value: Value,
    args: readonly Value[],
    keywords: ReadonlyMap<string, Value>,
    state: State,
    run: Run,
    call?: {expr: Call; scope: Scope},
  ): Step[]
  /** Calls something as FastAPI does, which fills its parameters. */
  inject(value: Value, state: State, run: Run): Step[]
}

/** The one step of what is done without another way. */
export const step = (value: Value, state: State): Step[] => [{value, state, raised: false}]

/** Goes on from every step that did not raise. */
export const goOn = (steps: readonly Step[], next: (value: Value, state: State) => Step[]): Step[] =>
  steps.flatMap((one) => (one.raised ? [one] : next(one.value, one.state)))

/** Evaluates several expressions, one after the other. */
export const inTurn = (evaluate: Interpreter['evaluate']) => {
  const each = (
    exprs: readonly Expr[],
    scope: Scope,
    state: State,
    run: Run,
    done: (values: readonly Value[], state: State) => Step[],
    values: readonly Value[] = [],
  ): Step[] => {
    const [first, ...rest] = exprs
    if (first === undefined) return done(values, state)
    return goOn(evaluate(first, scope, state, run), (value, after) => each(rest, scope, after, run, done, [...values, value]))
  }
  return each
}

/** What a variable is, in a function or in those around it. */
export const lookUp = (name: string, env: Env | undefined): Value | undefined => {
  for (let at = env; at !== undefined; at = at.up) {
    const found = at.vars.get(name)
    if (found !== undefined) return found
  }
  return undefined
}

/** Gives the target of an assignment or a loop its value. */
export const bindTarget = (target: Expr, value: Value, state: State): void => {
  if (target.kind === 'name') state.env.vars.set(target.name, value)
  else if (target.kind === 'tuple' || target.kind === 'list')
    for (const [place, item] of target.items.entries())
      bindTarget(item, value.is === 'list' ? (value.items[place] ?? unknownValue) : unsure(value), state)
  else if (target.kind === 'attribute') {
    const of = target.value.kind === 'name' ? lookUp(target.value.name, state.env) : undefined
    if (of?.is === 'object') of.fields.set(target.name, value)
  }
}

/** The state of a way that is taken because of something that is not known. */
export const marked = (state: State, condition: Value): State => ({
  ...copied(state),
  open: state.open || isRole(condition),
  setting: state.setting || (condition.is === 'unknown' && condition.setting),
})
/** A state whose variables can be given other values. */
export const copied = (state: State): State => ({...state, env: {vars: new Map(state.env.vars), up: state.env.up}})

/** Ways that end alike are one way. */
export const distinct = (steps: readonly Step[]): Step[] => {
  if (steps.length < 2) return [...steps]
  const kept = new Map<string, Step>()
  for (const one of steps) {
    const {value, state} = one
    const what = digest(value)
    const key = `${one.raised ? statusOf(value) : what}|${String(one.raised)}|${state.verified}|${String(state.open)}|${String(state.setting)}|${String(state.closed)}`
    if (!kept.has(key)) kept.set(key, one)
  }
  return [...kept.values()]
}

/** What of a value others can tell apart. */
const digest = (value: Value): string => {
  if (value.is === 'constant') return `=${String(value.value)}`
  if (value.is === 'unknown') return `?${String(value.role)}`
  if (value.is !== 'object') return value.is
  const fields = [...value.fields].map(([name, field]) => `${name}${field.is === 'constant' ? `=${String(field.value)}` : field.is}`)
  return `${value.ref?.node.name ?? ''}{${fields.join(',')}}`
}

const statusOf = (value: Value): string => {
  const status = value.is === 'object' ? value.fields.get('status_code') : undefined
  return status?.is === 'constant'
    ? String(status.value)
    : value.is === 'object'
      ? (value.ref?.node.name ?? value.external ?? '')
      : value.is
}
