import type {Names} from '../python/resolve.ts'
import type {Expr} from '../python/syntax.ts'
import type {Placed, RouteSyntax} from './fastapi.ts'
import {createInterpreter} from './guard-run.ts'
import {freshRun, freshState, type Run, type Step} from './guard-state.ts'
import type {Value} from './guard-values.ts'
import type {RoleDefinition} from './roles.ts'
import type {Verification} from './verification.ts'

/** A role that is tried, and its name in lower case. */
export type Subject = {label: string; role: NonNullable<Run['role']>}

/** What became of the trials of all roles with one guard. */
export type Outcome = {
  verified: 0 | 1 | 2
  allowed: string[]
  open: string[]
  conditional: string[]
  refusals: number[]
  asked: Run['asked']
}

/** The statuses that something that is raised may be answered with. */
export type Statuses = (value: Value) => number[]

export type Trials = ReturnType<typeof createTrials>

const planned = ['admin', 'supervisor', 'agent']

/** The roles to try: those that the code defines, and those of the plan. */
export const subjectsOf = ([first]: readonly RoleDefinition[]): Subject[] => {
  const members = first?.members.slice(0, 12) ?? []
  const made = members.map(({name, value}) => ({label: (typeof value === 'number' ? name : value).toLowerCase(), role: {name, value}}))
  const labels = new Set(made.map(({label}) => label))
  return [...made, ...planned.filter((one) => !labels.has(one)).map((one) => ({label: one, role: {name: one.toUpperCase(), value: one}}))]
}

/** The steps with which a request gets further, and those on which it is refused. */
export const split = (steps: readonly Step[]): {passed: Step[]; refused: Step[]} => ({
  passed: steps.filter(({raised, state}) => !raised && !state.closed),
  refused: steps.filter(({raised}) => raised),
})

/** Steps for the bodies of all routes together, and for one at least and at most: an application of hundreds of routes takes seconds. */
const stepsOfAll = 1_000_000
const [fewestSteps, mostSteps] = [1_500, 15_000]

/** Lets every role try guards of so many routes. What verifies a token on the way is added to the verifications. */
export const createTrials = (
  names: Names,
  subjects: readonly Subject[],
  verifications: Map<string, Verification & {reached: boolean}>,
  routes: number,
) => {
  const interpreter = createInterpreter(names)
  const stepsOfRoute = Math.min(mostSteps, Math.max(fewestSteps, Math.floor(stepsOfAll / Math.max(1, routes))))
  const known = new Map<Expr, Outcome>()

  /** Lets every role try; `attempt` gives the ways on which the request gets further, and those on which it is refused. */
  const tryAll = (
    route: Pick<RouteSyntax, 'path' | 'method'>,
    statuses: Statuses,
    left: number,
    attempt: (run: Run) => {passed: Step[]; refused: Step[]},
  ): Outcome => {
    const outcome: Outcome = {verified: 2, allowed: [], open: [], conditional: [], refusals: [], asked: {role: false, path: false}}
    let least = 2
    let most = 0
    let passes = false
    for (const [place, subject] of subjects.entries()) {
      // What does not ask for the role treats all alike.
      if (place > 0 && !outcome.asked.role) {
        if (outcome.allowed.length > 0) outcome.allowed.push(subject.label)
        else if (outcome.open.length > 0) outcome.open.push(subject.label)
        continue
      }
      const run = freshRun(left, {role: subject.role, path: route.path, method: route.method})
      const {passed, refused} = attempt(run)
      outcome.asked = {role: outcome.asked.role || run.asked.role, path: outcome.asked.path || run.asked.path}
      for (const [key, one] of run.verifications) verifications.set(key, {...one, reached: true})
      for (const {state} of passed) {
        passes = true
        least = Math.min(least, state.verified === 0 && state.setting ? 0.5 : state.verified)
        most = Math.max(most, state.verified)
      }
      const closed = passed.filter(({state}) => !state.open)
      if (closed.length > 0) outcome.allowed.push(subject.label)
      else if (passed.length > 0) outcome.open.push(subject.label)
      const answers = refused.flatMap(({value}) => statuses(value))
      if (passed.length === 0) outcome.refusals.push(...answers)
      else if (answers.includes(403)) outcome.conditional.push(subject.label)
    }
    // Who gets through without a token only with a certain setting may or may not be there.
    const verified = !passes ? 0 : least === 0.5 ? (most > 0 ? 1 : 0) : least === 0 ? 0 : least === 1 ? 1 : 2
    return {...outcome, verified, conditional: [...new Set(outcome.conditional)], refusals: [...new Set(outcome.refusals)]}
  }

  const ofDependency = ({expr: callable, scope, call}: Placed & {call?: Expr}, route: RouteSyntax, statuses: Statuses): Outcome => {
    const expr = call ?? callable
    const before = known.get(expr)
    if (before !== undefined && !before.asked.path) return before
    const outcome = tryAll(route, statuses, 12_000, (run) =>
      split(
        interpreter
          .evaluate(expr, scope, freshState(), run)
          .flatMap((made) => (made.raised ? [made] : interpreter.inject(made.value, made.state, run))),
      ),
    )
    known.set(expr, outcome)
    return outcome
  }

  return {names, subjects, interpreter, stepsOfRoute, tryAll, ofDependency}
}
