import {fail} from '../../engine/finding.ts'
import {readEngines} from '../../repo/application/engines.ts'
import {readSettingsRules} from '../../repo/application/settings-rules.ts'
import {readSettings} from '../../repo/application/settings.ts'
import {databaseParts, mainSettings, parts, unreadTargets, variableOf, wholeUrls} from '../database-settings.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {noSettings} from '../no-settings.ts'
import {readRoutes} from '../../repo/application/routes.ts'
import {concludeTargets, held, missed, undecided, type Target} from '../targets.ts'

export default defineRepositoryItem({
  observe: async (read) => ({
    settings: await read(readSettings),
    rules: await read(readSettingsRules),
    engines: await read(readEngines),
    routes: await read(readRoutes),
  }),
  evaluate: ({settings, rules, engines, routes}) => {
    const first = mainSettings(settings)
    if (first === undefined) return noSettings(settings, routes, (evidence) => fail('NO_SETTINGS', evidence))
    const found = databaseParts(settings)
    const targets = parts.map((part): Target => {
      const field = found[part]
      if (field === undefined) return missed(first, `a setting for the database's ${part}`, 'none')
      if (part === 'port' && field.type !== 'int')
        return missed(field, `${variableOf(field)} as a whole number`, `a field of type ${field.type}`)
      return held(field, `a setting for the database's ${part}`, variableOf(field))
    })
    const used = new Set(engines.engines.flatMap(({url}) => url.fields))
    for (const field of wholeUrls(settings)) {
      // A validator that puts the parts together makes it a result, not a source.
      if (
        rules.validators.some(
          ({sets, fields, file}) => sets.includes(field.path) || (fields.includes(field.path) && fields.length > 2 && file === field.file),
        )
      )
        continue
      const open = engines.engines.find(({url}) => !url.known && !url.option)
      const read = [...field.readAt, ...field.readInside][0]
      const literal = field.default.kind === 'literal' && typeof field.default.value === 'string' && field.default.value !== ''
      if (literal) targets.push(missed(field, 'no whole URL among the settings', `${variableOf(field)} with a URL as its default`))
      else if (used.has(field.path))
        targets.push(missed(field, 'no whole URL that can be set and wins', `${variableOf(field)} is what the engine reads`))
      else if (open !== undefined && read !== undefined)
        targets.push(
          undecided(
            field,
            'no whole URL that can be set and wins',
            `${variableOf(field)}, read at ${read.file}:${read.line}, may be what the engine at ${open.file}:${open.line} gets`,
          ),
        )
    }
    return concludeTargets([...targets, ...unreadTargets('a settings class that can be read', settings, {unread: settings.open})], {
      pass: 'DATABASE_URL_SPLIT',
      fail: 'DATABASE_URL_WHOLE',
      partly: 'DATABASE_URL_PARTLY_SPLIT',
    })
  },
})
