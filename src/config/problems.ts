import {z} from 'zod'
import {closest} from './closest.ts'
import {fileParameters} from './file-schema.ts'
import {shown} from './fill.ts'
import {parameters} from './parameters.ts'
import type {Path} from './place.ts'

/** One thing that is wrong in the file: where (a path into it, or a place already known), in one clause, and what to type instead. */
export type Problem =
  {at?: undefined; path: Path; message: string; hint: string} | {at: string; path?: undefined; message: string; hint: string}

/** What a failed validation says about a document, each with its path. Unknown keys are answered with the key that was meant. */
export function problemsOf(error: z.ZodError, document: unknown): Problem[] {
  return error.issues.flatMap((issue): Problem[] => {
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey([...issue.path, key], siblings(issue.path)))
    const found = valueAt(document, issue.path)
    const name = dotted(issue.path)
    const expected = `expected ${issue.message}, found ${shown(found)}`
    return [{path: issue.path, message: name === '' ? expected : `${name}: ${expected}`, hint: hintFor(issue.path, issue.message)}]
  })
}

const topLevel = ['schemaVersion', 'repo', 'defaults', 'environments', 'overrides']
const overrideKeys = ['item', 'env', 'kind', 'reason', 'note', 'owner', 'author', 'date', 'until', 'ticket', 'evidence']

function siblings(path: Path): readonly string[] {
  if (path.length === 0) return topLevel
  if (path[0] === 'overrides') return overrideKeys
  const names = [...fileParameters.keys()]
  if (path[0] === 'defaults') return path.length === 1 ? names : ['dev', 'staging', 'prod', 'backend', 'frontend']
  return path.length === 1 ? ['dev', 'staging', 'prod'] : path.length === 2 ? names : ['backend', 'frontend', 'dev', 'staging', 'prod']
}

function unknownKey(path: Path, known: readonly string[]): Problem {
  const name = dotted(path)
  const key = String(path.at(-1))
  if (Object.hasOwn(parameters, key) && parameters[nameOf(key)].secret)
    return {path, message: `${name}: a secret is kept in no file`, hint: `Remove the line ${key}; qlogic asks for it when it is needed`}
  if (key === 'env' && known.includes('region'))
    return {
      path,
      message: `${name}: the environment is the name of a block`,
      hint: 'Remove the line; put the values under environments: and choose with --env',
    }
  if (key === 'progress' && path.length === 1)
    return {path, message: 'progress: this version keeps progress and journal beside the file only', hint: 'Remove the line progress'}
  if (path.length === 1 && fileParameters.has(key))
    return {path, message: `${key}: a parameter belongs under defaults: or environments:`, hint: `Move the line ${key} under defaults:`}
  const meant = closest(key, known)
  return {
    path,
    message: `${name}: there is no such key${meant === undefined ? '' : `; did you mean ${meant}?`}`,
    hint:
      meant === undefined
        ? `Remove the line ${JSON.stringify(key)}; known here: ${known.slice(0, 8).join(', ')}${known.length > 8 ? ', …' : ''}`
        : `Write ${meant} instead of ${key}`,
  }
}

const names = Object.keys(parameters)
const isName = (key: string): key is keyof typeof parameters => names.includes(key)
const nameOf = (key: string): keyof typeof parameters => (isName(key) ? key : 'env')

/** `environments.prod.region`, as a person would say it; `overrides[0].until`. */
const dotted = (path: Path): string =>
  path.map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${String(step)}`)).join('')

function hintFor(path: Path, expects: string): string {
  const key = path.findLast((step) => typeof step === 'string') ?? 'schemaVersion'
  const example = /such as (?<example>[^,;]+)/.exec(expects)?.groups?.example ?? /^one of (?<example>[^,]+)/.exec(expects)?.groups?.example
  const fallback = Object.hasOwn(parameters, key) ? parameters[nameOf(key)].fallback?.prod : undefined
  if (path.length === 0) return 'qlogic init'
  if (key === 'schemaVersion') return 'Write schemaVersion: 1 as the first line'
  if (example !== undefined) return `Write for example ${key}: ${example}`
  return fallback === undefined || fallback === null ? `Correct ${key}` : `Write for example ${key}: ${JSON.stringify(fallback)}`
}

function valueAt(document: unknown, path: Path): unknown {
  let value = document
  for (const step of path) value = typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined
  return value
}
