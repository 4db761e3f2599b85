import type {Engine} from '../repo/application/engines.ts'
import type {Settings} from '../repo/application/settings.ts'
import type {ImageBuildFacts} from '../repo/docker/builds.ts'
import type {DockerfileFacts} from '../repo/docker/dockerfiles.ts'
import {environmentIn} from '../repo/docker/stages.ts'
import {deployedImages, startOf} from './deployed-images.ts'
import type {DeployedVariable} from './deployed-variables.ts'

type Place = {file: string; line: number}
/** A number that the budget is reckoned with, and where it stands; undefined where it is only known at run time. */
export type Factor = Place & {value: number | undefined; what: string}

/** What SQLAlchemy takes where nothing is said: https://docs.sqlalchemy.org/en/20/core/pooling.html */
const defaults: Readonly<Record<string, number>> = {pool_size: 5, max_overflow: 10}

/** The largest size that a pool option has: its default in the settings, or what a deployment gives it. */
export const poolFactor = (
  engine: Engine,
  name: 'pool_size' | 'max_overflow',
  settings: Pick<Settings, 'fields'>,
  given: readonly DeployedVariable[],
): Factor => {
  const option = engine.pool.find((one) => one.name === name)
  if (option === undefined)
    return {file: engine.file, line: engine.line, value: engine.open ? undefined : defaults[name], what: `${name}, SQLAlchemy's default`}
  const field = settings.fields.find(({path}) => path === option.field)
  const overrides = field === undefined ? [] : given.filter((one) => field.variables.includes(one.name.toUpperCase()))
  const values = overrides.map(({values: all}) => (all === undefined ? undefined : Math.max(...all.map(Number))))
  const own = typeof option.value === 'number' ? option.value : undefined
  const [first] = overrides
  if (first === undefined) return {file: option.file, line: option.line, value: own, what: name}
  const known = values.filter((one) => one !== undefined && !Number.isNaN(one))
  return {
    file: first.file,
    line: first.line,
    value: known.length < values.length ? undefined : Math.max(...known.flatMap((one) => one ?? [])),
    what: name,
  }
}

/** Processes of one container: `--workers` of its command, or WEB_CONCURRENCY; one where neither is said. */
export const workerFactor = (docker: DockerfileFacts, builds: ImageBuildFacts, given: readonly DeployedVariable[]): Factor | undefined => {
  const factors = deployedImages({docker, builds}).flatMap(({dockerfile, stage, kind}): Factor[] => {
    const start = kind === 'python' ? startOf(dockerfile, stage) : undefined
    if (start === undefined) return []
    const place = {file: dockerfile.file, line: start.instruction.line}
    const at = start.words.findIndex((word) => /^(?:--workers|-w)(?:=|$)/.test(word))
    const word = start.words[at]
    if (word !== undefined) {
      const text = word.includes('=') ? word.slice(word.indexOf('=') + 1) : (start.words[at + 1] ?? '')
      return [{...place, value: /^\d+$/.test(text) ? Number(text) : undefined, what: 'workers'}]
    }
    const concurrency = environmentIn(dockerfile, stage).findLast(({name}) => name === 'WEB_CONCURRENCY')
    if (concurrency !== undefined)
      return [
        {
          file: dockerfile.file,
          line: concurrency.line,
          value: concurrency.value === undefined ? undefined : Number(concurrency.value),
          what: 'workers',
        },
      ]
    return [{...place, value: 1, what: 'workers'}]
  })
  const override = given.find(({name}) => name === 'WEB_CONCURRENCY')
  if (override !== undefined)
    return {
      file: override.file,
      line: override.line,
      value: override.values === undefined ? undefined : Math.max(...override.values.map(Number)),
      what: 'workers',
    }
  return factors.toSorted((one, other) => (other.value ?? Infinity) - (one.value ?? Infinity))[0]
}
