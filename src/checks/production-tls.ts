import type {DatabaseUrl, TlsOption} from '../repo/application/engines.ts'
import type {SettingsField} from '../repo/application/settings.ts'
import {strongModes, type TlsRules} from '../repo/application/tls-rules.ts'
import {literalOf, textOf as wordText, valuesOf} from '../repo/workflows/words.ts'
import type {Connection} from './database-tls.ts'
import {driverOf, tlsKeysOf} from './database-tls.ts'
import {variableOf} from './database-settings.ts'
import type {Deployed} from './deployed-variables.ts'
import {deploymentsIn} from './deployments.ts'
import {environmentOf, runWorkloads} from './terraform-services.ts'
import {described, partsOfText, textOf} from './terraform-values.ts'
import {held, missed, undecided, type Target} from './targets.ts'

type Place = {file: string; line: number}

const expected = 'require, verify-ca or verify-full'

/** Whether one connection is always encrypted, never, or as the setting says that is asked about for each deployment. */
export const connectionTls = (connection: Connection, mode: SettingsField | undefined): {target: Target; byMode: boolean} => {
  const place = {file: connection.file, line: connection.line}
  const what = connection.migration ? "the migrations' connection" : "the application's connection"
  const wanted = `${expected} for ${what}`
  const fixed = (target: Target) => ({target, byMode: false})
  if (connection.connector) return fixed(held(place, wanted, "Cloud SQL's connector, which encrypts"))
  const socket = connection.made.find((one) => one.socket === true)
  if (socket !== undefined) return fixed(held(socket, wanted, 'a socket of Cloud SQL, whose proxy encrypts'))
  return ofDriver(place, connection.made, connection.tls, wanted, mode)
}

const ofDriver = (
  place: Place,
  made: readonly DatabaseUrl[],
  tls: readonly TlsOption[],
  wanted: string,
  mode: SettingsField | undefined,
): {target: Target; byMode: boolean} => {
  const fixed = (target: Target) => ({target, byMode: false})
  const driver = driverOf(made)
  if (driver === undefined) return fixed(undecided(place, wanted, 'a URL whose driver is only known at run time'))
  const {right, wrong} = tlsKeysOf(driver)
  const given = tls.find(({key}) => key === right || key === 'ssl_context')
  if (given === undefined) {
    const other = tls.find(({key}) => key === wrong)
    return fixed(
      other === undefined
        ? missed(place, wanted, `a connection of ${driver} without ${right}`)
        : missed(other, wanted, `${wrong}, which ${driver} does not take`),
    )
  }
  if (mode !== undefined && given.fields.includes(mode.path))
    return {target: held(given, wanted, `as ${variableOf(mode)} says`), byMode: true}
  // A function that makes the context may make none, as the setting says.
  if (given.context) return {target: held(given, wanted, 'an SSL context'), byMode: mode !== undefined}
  const value = given.value?.toLowerCase()
  if (value !== undefined)
    return fixed((strongModes.includes(value) || value === 'true' ? held : missed)(given, wanted, `${right}=${value}`))
  return fixed(
    undecided(
      given,
      wanted,
      `${right} of ${[...given.fields, ...given.environment].join(', ') || 'a value that is only known at run time'}`,
    ),
  )
}

/** A validator that refuses every weaker mode in production and staging, or the type that does not know one. */
export const refusalTarget = ({mode, refusals}: TlsRules): Target | undefined => {
  if (mode === undefined) return undefined
  if (mode.choices.length > 0 && mode.choices.every((one) => strongModes.includes(one)))
    return held(mode, `${expected} and nothing else`, mode.choices.join(', '))
  const [first] = refusals
  return first?.by !== undefined && refusals.every(({is}) => is === 'refused')
    ? held(first.by, 'a validator that refuses weaker modes in production and staging', first.by.name)
    : undefined
}

const isDevelopment = (text: string): boolean => /(?:^|[^a-z])(?:dev|development|sandbox|local|test|preview|ci)(?:$|[^a-z])/i.test(text)

/** The mode of each deployment to production or staging: what Terraform or a workflow gives, or the default of the setting. */
export const deployedModes = (
  mode: SettingsField,
  database: readonly string[],
  {terraform, workflows}: Pick<Deployed, 'terraform' | 'workflows'>,
): Target[] => {
  const wanted = `${variableOf(mode)} as ${expected} in production`
  const isMode = (name: string) => mode.variables.includes(name.toUpperCase())
  const isDatabase = (name: string) => isMode(name) || database.includes(name.toUpperCase())
  const fallback = (place: Place): Target => {
    if (mode.default.kind === 'literal')
      return judged(mode, wanted, String(mode.default.value ?? 'nothing'), `the default of ${variableOf(mode)}, `)
    return mode.default.kind === 'made'
      ? undecided(mode, wanted, 'a default that is only known at run time')
      : undecided(place, wanted, `${variableOf(mode)} is not given here`)
  }
  const found: Target[] = []
  for (const workload of runWorkloads(terraform)) {
    if (workload.environment === 'dev') continue
    for (const container of workload.containers) {
      const variables = environmentOf(container)
      if (!variables.some(({name}) => isDatabase(name))) continue
      const given = variables.find(({name}) => isMode(name))
      if (given === undefined) found.push(fallback(workload.resource))
      else {
        const text = textOf(given.value)
        found.push(
          text === undefined
            ? undecided(given, wanted, given.secret === undefined ? described(given.value) : 'a secret')
            : judged(given, wanted, text, ''),
        )
      }
    }
  }
  for (const {env, environment, branch, replacesEnv, file, line} of deploymentsIn(workflows)) {
    const names = Object.keys(env)
    const said = [
      environment === undefined ? '' : wordText(environment),
      branch ?? '',
      ...names.filter((name) => /(?:^|_)ENV(?:IRONMENT)?$/i.test(name)).map((name) => literalOf(env[name]) ?? ''),
    ]
    if (said.some(isDevelopment)) continue
    const name = names.find(isMode)
    const word = name === undefined ? undefined : env[name]
    if (word !== undefined) {
      const values = valuesOf(word)
      const weak = values?.find((value) => !strongModes.includes(value.toLowerCase()))
      found.push(
        values === undefined ? undecided({file, line}, wanted, wordText(word)) : judged({file, line}, wanted, weak ?? values[0] ?? '', ''),
      )
    } else if (replacesEnv !== undefined && names.some(isDatabase)) found.push(fallback({file, line}))
  }
  const once = new Map(found.map((target) => [`${target.evidence.file}:${target.evidence.line}:${target.evidence.actual}`, target]))
  return once.size > 0 ? [...once.values()] : [fallback(mode)]
}

const judged = (place: Place, wanted: string, mode: string, before: string): Target =>
  (strongModes.includes(mode.toLowerCase()) ? held : missed)(place, wanted, `${before}${mode}`)

/** Where deployments give the database's host as a socket of Cloud SQL, if every one of them does. */
export const socketTarget = (
  host: SettingsField | undefined,
  {terraform, workflows}: Pick<Deployed, 'terraform' | 'workflows'>,
): Target | undefined => {
  const isHost = (name: string) => host?.variables.includes(name.toUpperCase()) === true
  const given = [
    ...runWorkloads(terraform).flatMap(({containers}) =>
      containers.flatMap((container) =>
        environmentOf(container).flatMap((one) => (isHost(one.name) ? [{place: one, text: partsOfText(one.value)}] : [])),
      ),
    ),
    ...deploymentsIn(workflows).flatMap(({env, file, line}) =>
      Object.entries(env).flatMap(([name, word]) => (isHost(name) ? [{place: {file, line}, text: wordText(word)}] : [])),
    ),
  ]
  const [first] = given
  return first !== undefined && given.every(({text}) => text.startsWith('/cloudsql/'))
    ? held(first.place, 'an encrypted connection', 'a socket of Cloud SQL, whose proxy encrypts')
    : undefined
}
