import {QlogicError} from '../errors.ts'
import {fill, shown} from './fill.ts'
import {environments, parameters, type Config, type Environment, type ParameterName, type Parameter} from './parameters.ts'
import type {ConfigFile} from './qlogic-yaml.ts'
import {crossRules} from './rules.ts'

/** The configuration of one environment, and where each value came from: `qlogic.yaml:12`, `--region`, or `default`. */
export type ResolvedConfig = {config: Config; origins: ReadonlyMap<ParameterName, string>}

type Choice = {value: unknown; origin: string}

/**
 * Puts the configuration of one environment together: a flag wins over the environment's block, that over the defaults block,
 * that over the default of the parameter. `overrides` are values given by flags of the same name.
 */
export function resolveConfig({
  file,
  env,
  project,
  overrides = {},
}: {
  file?: ConfigFile | undefined
  env?: string | undefined
  project?: string | undefined
  overrides?: Readonly<Partial<Record<ParameterName, unknown>>>
}): ResolvedConfig {
  const environment = environmentOf(env)
  const choices = new Map<ParameterName, Choice>()
  for (const name of names) {
    const entry: Parameter = parameters[name]
    if (entry.secret) continue
    const flag = name === 'env' ? environment : name === 'projectId' ? (project ?? overrides.projectId) : overrides[name]
    const choice = flag === undefined ? choose(name, entry, environment, file) : {value: flag, origin: flagOf(name)}
    if (choice !== undefined) choices.set(name, choice)
  }
  if (env === undefined) choices.set('env', {value: environment, origin: 'default'})
  const projectId = projectOf(choices.get('projectId'), environment, file)
  const values: Partial<Record<ParameterName, unknown>> = {}
  for (const [name, {value, origin}] of choices) {
    const whole = fill(value, {env: environment, projectId})
    const checked = parameters[name].schema.safeParse(whole)
    if (!checked.success) throw refused(name, origin, checked.error.issues[0]?.message ?? 'another value', whole)
    values[name] = whole
  }
  const config = completed(values)
  const origins = new Map([...choices].map(([name, {origin}]) => [name, origin]))
  for (const {key, expects} of crossRules) {
    const expected = expects(config)
    if (expected !== undefined) throw refused(key, blamed(key, origins), expected, values[key])
  }
  return {config, origins}
}

const names = Object.keys(parameters).filter((name): name is ParameterName => Object.hasOwn(parameters, name))

function environmentOf(env: string | undefined): Environment {
  if (env === undefined) return 'prod'
  const known = environments.find((name) => name === env)
  if (known === undefined)
    throw new QlogicError('CONFIG_INVALID', `--env: expected one of ${environments.join(', ')}, found ${shown(env)}`, {hint: '--env prod'})
  return known
}

function choose(
  name: ParameterName,
  {fallback, perEnvironment}: Parameter,
  env: Environment,
  file: ConfigFile | undefined,
): Choice | undefined {
  const block = file?.environments[env]
  if (file !== undefined && block?.[name] !== undefined) return {value: block[name], origin: file.placeOf(['environments', env, name])}
  const general = file?.defaults[name]
  if (file !== undefined && general !== undefined) {
    if (!perEnvironment || !isMap(general)) return {value: general, origin: file.placeOf(['defaults', name])}
    const value: unknown =
      Reflect.get(general, env) ?? (name === 'budgetAmount' && env === 'staging' ? Reflect.get(general, 'dev') : undefined)
    if (value !== undefined) return {value, origin: file.placeOf(['defaults', name, env])}
  }
  return fallback === undefined ? undefined : {value: fallback[env], origin: 'default'}
}

const isMap = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value)

function projectOf(choice: Choice | undefined, env: Environment, file: ConfigFile | undefined): string {
  if (choice === undefined) {
    const where = file === undefined ? 'there is no qlogic.yaml and no --project' : `${file.name} has no environments.${env}.projectId`
    throw new QlogicError('PROJECT_MISSING', `No project is given for ${env}: ${where}`, {hint: '--project ID, or qlogic init'})
  }
  const id = fill(choice.value, {env, projectId: ''})
  const checked = parameters.projectId.schema.safeParse(id)
  if (!checked.success) throw refused('projectId', choice.origin, checked.error.issues[0]?.message ?? 'a project id', id)
  return checked.data
}

const flagOf = (name: ParameterName): string =>
  name === 'projectId' ? '--project' : `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`

const refused = (name: ParameterName, origin: string, expected: string, found: unknown): QlogicError => {
  const place = origin.startsWith('--') ? origin : `${origin === 'default' ? 'default' : origin}: ${name}`
  const example = /such as (?<example>[^,;]+)/.exec(expected)?.groups?.example
  const value = example ?? parameters[name].fallback?.prod
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : 'VALUE'
  const hint = origin.startsWith('--') ? `${origin} ${text}` : `Set ${name} in qlogic.yaml, for example ${name}: ${text}`
  return new QlogicError('CONFIG_INVALID', `${place}: expected ${expected}, found ${shown(found)}`, {hint})
}

const partners: Readonly<Partial<Record<ParameterName, ParameterName>>> = {
  subnetCidr: 'connectorCidr',
  connectorMaxInstances: 'connectorMinInstances',
  runMax: 'runMin',
  backupStartTime: 'maintenanceHour',
  pitrDays: 'dbEdition',
  dbTier: 'dbEdition',
}

/** The place of the value, or where that is only a default, the place of the one that it does not go with. */
function blamed(key: ParameterName, origins: ReadonlyMap<ParameterName, string>): string {
  const own = origins.get(key) ?? 'default'
  const partner = partners[key]
  return own === 'default' && partner !== undefined ? (origins.get(partner) ?? own) : own
}

function completed(values: unknown): Config {
  if (!isConfig(values)) throw new Error('a parameter has neither a value nor a default')
  return values
}

const isConfig = (values: unknown): values is Config =>
  isMap(values) && names.every((name) => parameters[name].secret || parameters[name].schema.safeParse(Reflect.get(values, name)).success)
