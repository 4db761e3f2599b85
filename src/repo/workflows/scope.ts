import {resolveText, type Find} from './expressions.ts'
import type {Text, Texts} from './facts.ts'
import {literal, type Word} from './words.ts'

type Words = Readonly<Record<string, Word>>

/** What expressions can see at a place of a workflow. */
export type Scope = {
  github: Words
  env: Words
  inputs: Words
  matrix: Words
  /** Outputs by job, and by step. */
  needs: Readonly<Record<string, Words>>
  steps: Readonly<Record<string, Words>>
  /** How the jobs before it ended. */
  result: 'success' | 'failure'
  /** Whether `inputs` are all that there are: on a push there is none. */
  closed: boolean
}

const own = <Value>(of: Readonly<Record<string, Value>> | undefined, key: string): Value | undefined => {
  if (of === undefined) return undefined
  if (Object.hasOwn(of, key)) return of[key]
  const found = Object.keys(of).find((one) => one.toLowerCase() === key.toLowerCase())
  return found === undefined ? undefined : of[found]
}

/** Finds what a context of GitHub's holds. */
export const findIn =
  (scope: Scope): Find =>
  ([context = '', ...rest]) => {
    const [first = '', second = '', third = ''] = rest
    switch (context.toLowerCase()) {
      case 'github':
        if (first === 'event' && second === 'inputs') return own(scope.inputs, third)
        return own(scope.github, rest.join('.'))
      case 'env':
        return own(scope.env, first)
      case 'inputs':
        return own(scope.inputs, first) ?? (scope.closed ? [] : undefined)
      case 'matrix':
        return own(scope.matrix, rest.join('.'))
      case 'needs':
        if (second === 'result') return literal(scope.result)
        return own(own(scope.needs, first), third)
      case 'steps':
        if (second === 'outcome' || second === 'conclusion') return literal('success')
        return own(own(scope.steps, first), third)
      default:
        return undefined
    }
  }

export const resolve = (text: Text | string, scope: Scope): Word => resolveText(typeof text === 'string' ? text : text.text, findIn(scope))

export const resolveAll = (texts: Texts, scope: Scope): Words =>
  Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, resolve(text, scope)]))

/** The scope with more variables; each may use those before it. */
export const withEnv = (scope: Scope, ...all: readonly Texts[]): Scope =>
  all.reduce<Scope>((before, texts) => ({...before, env: {...before.env, ...resolveAll(texts, before)}}), scope)
