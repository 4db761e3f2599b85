/** The three environments of the plan. */
export type EnvironmentName = 'dev' | 'staging' | 'prod'

const words: Readonly<Record<string, EnvironmentName>> = {
  dev: 'dev',
  develop: 'dev',
  development: 'dev',
  staging: 'staging',
  stage: 'staging',
  stg: 'staging',
  preprod: 'staging',
  prod: 'prod',
  prd: 'prod',
  production: 'prod',
}

/** The environment that a name speaks of (`prod-eu`, `my_staging`), and the word that says so. `nonprod` is none of them. */
export const environmentIn = (name: string): {environment: EnvironmentName; word: string} | undefined => {
  const tokens = name.toLowerCase().split(/[^a-z0-9]+/)
  for (const [index, token] of tokens.entries()) {
    const environment = Object.hasOwn(words, token) ? words[token] : undefined
    if (environment === undefined) continue
    const before = tokens[index - 1]
    if (before === 'non' || before === 'not' || before === 'no') return undefined
    if (before === 'pre' && environment === 'prod') return {environment: 'staging', word: token}
    return {environment, word: token}
  }
  return undefined
}

/** The environment that a path speaks of: the last of its parts that does. */
export const environmentOfPath = (path: string): {environment: EnvironmentName; word: string} | undefined => {
  for (const part of path.split('/').toReversed()) {
    const found = environmentIn(part)
    if (found !== undefined) return found
  }
  return undefined
}
