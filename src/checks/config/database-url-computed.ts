import {fail} from '../../engine/finding.ts'
import {readEngines, type DatabaseUrl, type Engine} from '../../repo/application/engines.ts'
import {readSettingsRules} from '../../repo/application/settings-rules.ts'
import {readSettings} from '../../repo/application/settings.ts'
import {applicationEngines, databaseParts, mainSettings, missingParts, unreadTargets} from '../database-settings.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {concludeTargets, dynamic, held, missed, undecided, type Target} from '../targets.ts'

export default defineRepositoryItem({
  observe: async (read) => ({
    settings: await read(readSettings),
    rules: await read(readSettingsRules),
    engines: await read(readEngines),
  }),
  evaluate: ({settings, rules, engines}) => {
    const found = databaseParts(settings)
    const expected = 'a URL made of the five settings'
    const url = (
      place: {file: string; line: number},
      made: readonly DatabaseUrl[],
      source: Pick<Engine['url'], 'fields' | 'environment'>,
    ): Target => {
      // A file of SQLite may stand in for tests and laptops: what leads to a server counts.
      const servers = made.filter(({driver}) => driver?.startsWith('sqlite') !== true)
      const among = servers.length > 0 ? servers : made
      const [built, literal] = [among.find(({how}) => how !== 'literal'), among.find(({how}) => how === 'literal')]
      if (built !== undefined) {
        const missing = missingParts(built, found)
        return missing.length === 0
          ? held(built, expected, `${built.how} in ${built.within.join('.') || 'the module'}`)
          : missed(built, expected, `one without ${missing.join(', ')}`)
      }
      if (source.environment.length > 0) return missed(place, expected, `${source.environment.join(', ')} from the environment`)
      if (literal !== undefined) return missed(literal, expected, 'a URL as it is written')
      // A validator of that setting may put it together.
      const builder = rules.validators.find(
        ({fields, sets}) =>
          source.fields.some((one) => fields.includes(one) || sets.includes(one)) && missingParts({fields}, found).length < 3,
      )
      if (builder !== undefined) {
        const missing = missingParts(builder, found)
        return missing.length === 0
          ? held(builder, expected, `the validator ${builder.name}`)
          : missed(builder, expected, `one without ${missing.join(', ')}`)
      }
      if (source.fields.length > 0) return missed(place, expected, `the setting ${source.fields.join(', ')}`)
      return undecided(place, expected, 'a URL that is only known at run time')
    }
    const own = applicationEngines(engines).map((engine) =>
      engine.connector ? held(engine, expected, "connections of Cloud SQL's connector") : url(engine, engine.url.made, engine.url),
    )
    const migrating = engines.engines.filter(({migration}) => migration)
    const direct = migrating.filter(({url: {option}}) => !option).map((engine) => url(engine, engine.url.made, engine.url))
    const byOption = migrating.filter(({url: {option}}) => option)
    const options = engines.options.map((option) => url(option, option.made, option))
    const fromFile = options.length === 0 ? byOption.map((engine) => missed(engine, expected, "the URL in alembic's ini file")) : []
    if (own.length === 0) {
      const [unread] = engines.unread
      const place = mainSettings(settings)
      if (unread !== undefined) return dynamic(`${unread.file}:${unread.line}: ${unread.why}`)
      if (place === undefined) return dynamic('no engine of SQLAlchemy was found')
      return fail('NO_ENGINE', [{file: place.file, line: place.line, expected: 'an engine that uses the settings', actual: 'none'}])
    }
    return concludeTargets([...own, ...direct, ...options, ...fromFile, ...unreadTargets(expected, engines)], {
      pass: 'DATABASE_URL_BUILT',
      fail: 'DATABASE_URL_NOT_BUILT',
      partly: 'DATABASE_URL_PARTLY_BUILT',
    })
  },
})
