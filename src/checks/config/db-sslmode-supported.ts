import {fail} from '../../engine/finding.ts'
import {readEngines, type DatabaseUrl, type TlsOption} from '../../repo/application/engines.ts'
import {readSettings} from '../../repo/application/settings.ts'
import {isSqlite, mainSettings, unreadTargets, variableOf} from '../database-settings.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {connectionsIn, driverOf, tlsKeysOf} from '../database-tls.ts'
import {concludeTargets, dynamic, held, missed, undecided, type Target} from '../targets.ts'

export default defineRepositoryItem({
  observe: async (read) => ({engines: await read(readEngines), settings: await read(readSettings)}),
  evaluate: ({engines, settings}) => {
    const all = connectionsIn(engines)
    const servers = all.filter(({made}) => !isSqlite(made))
    const connections = servers.length > 0 ? servers : all
    if (connections.every(({connector}) => connector) && connections.length > 0)
      return concludeTargets(
        connections.map((one) => held(one, 'TLS to the database', "Cloud SQL's connector")),
        {pass: 'TLS_SUPPORTED', fail: 'TLS_NOT_SUPPORTED'},
      )
    const place = mainSettings(settings) ?? engines.engines[0]
    if (place === undefined || connections.length === 0) {
      const [unread] = engines.unread
      if (unread !== undefined || place === undefined)
        return dynamic(unread === undefined ? 'no engine of SQLAlchemy was found' : `${unread.file}:${unread.line}: ${unread.why}`)
      return fail('TLS_NOT_SUPPORTED', [{file: place.file, line: place.line, expected: 'an engine with TLS', actual: 'no engine'}])
    }
    const mode = settings.fields.find(({variables}) => variables.some((name) => /(?:^|_)(?:SSL|TLS)(?:_*MODE)?$/.test(name)))
    const root = settings.fields.find(({variables}) =>
      variables.some((name) => /(?:ROOT|CA|SERVER)_*CERT|SSL_*CA(?:_|$)|CERT_*(?:FILE|PATH)$/.test(name)),
    )
    const targets: Target[] = [
      mode === undefined ? missed(place, 'a setting for the TLS mode', 'none') : held(mode, 'a setting for the TLS mode', variableOf(mode)),
    ]
    if (mode !== undefined && root === undefined && (mode.choices.length === 0 || mode.choices.some((one) => one.startsWith('verify'))))
      targets.push(missed(mode, 'a setting for the root certificate, for verify-ca and verify-full', 'none'))
    for (const {connector, made, tls, file, line} of connections)
      targets.push(connector ? held({file, line}, 'TLS to the database', "Cloud SQL's connector") : judged({file, line}, made, tls))
    return concludeTargets([...targets, ...unreadTargets('an engine that can be read', engines)], {
      pass: 'TLS_SUPPORTED',
      fail: 'TLS_NOT_SUPPORTED',
      partly: 'TLS_PARTLY_SUPPORTED',
    })
  },
})

/** A connection by its own driver: asyncpg takes `ssl`, psycopg takes `sslmode`, and each stumbles over the other's. */
const judged = (place: {file: string; line: number}, made: readonly DatabaseUrl[], tls: readonly TlsOption[]): Target => {
  const driver = driverOf(made)
  if (driver === undefined) return undecided(place, 'a driver that is known', 'a URL whose driver is only known at run time')
  if (isSqlite(made)) return missed(place, 'a connection to a server, with TLS', 'a file of SQLite')
  const {right, wrong} = tlsKeysOf(driver)
  const expected = `${right} from the settings for ${driver}`
  const bad = tls.find(({key, via}) => key === wrong && via === 'query') ?? tls.find(({key}) => key === wrong)
  if (bad !== undefined) return missed(bad, expected, `${wrong}, which ${driver} does not take`)
  const given = tls.find(({key}) => key === right || key === 'ssl_context')
  if (given === undefined) return missed(place, expected, `a connection of ${driver} without ${right}`)
  if (given.fields.length === 0 && given.environment.length === 0 && !given.context)
    return missed(given, expected, `${right}=${given.value ?? 'a fixed value'}`)
  return held(given, expected, given.fields.join(', ') || (given.context ? 'an SSL context' : given.environment.join(', ')))
}
