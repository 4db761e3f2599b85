import type {Environment} from './parameter.ts'

/** What `{env}` and `{projectId}` stand for. */
export type Fillings = {env: Environment; projectId: string}

/** Fills `{env}` and `{projectId}` in every text of a value. */
export function fill(value: unknown, fillings: Fillings): unknown {
  if (typeof value === 'string') return value.replaceAll('{env}', fillings.env).replaceAll('{projectId}', fillings.projectId)
  if (Array.isArray(value)) return value.map((entry) => fill(entry, fillings))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, fill(entry, fillings)]))
  return value
}

/** A value from a file or a flag as it can be shown in one line. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text = JSON.stringify(value).replaceAll(/\p{Cc}/gu, ' ')
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}
