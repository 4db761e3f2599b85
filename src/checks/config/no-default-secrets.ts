import {fail} from '../../engine/finding.ts'
import {readRoutes} from '../../repo/application/routes.ts'
import {readSettingsRules} from '../../repo/application/settings-rules.ts'
import {readSettings} from '../../repo/application/settings.ts'
import {mainSettings, unreadTargets, variableOf} from '../database-settings.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {environmentField} from '../environment-names.ts'
import {noSettings} from '../no-settings.ts'
import {isSecretName, masked} from '../secret-names.ts'
import {concludeTargets, held, missed, type Target} from '../targets.ts'

export default defineRepositoryItem({
  observe: async (read) => ({
    settings: await read(readSettings),
    rules: await read(readSettingsRules),
    routes: await read(readRoutes),
  }),
  evaluate: ({settings, rules, routes}) => {
    const first = mainSettings(settings)
    if (first === undefined) return noSettings(settings, routes, (evidence) => fail('NO_SETTINGS', evidence))
    const environment = environmentField(settings)
    const secrets = settings.fields.filter(
      ({variables, type}) =>
        type === 'secret' || (!['int', 'float', 'bool', 'list', 'dict'].includes(type) && variables.some(isSecretName)),
    )
    const targets = secrets.map((field): Target => {
      const {default: given} = field
      const expected = `${variableOf(field)} without a default`
      if (given.kind !== 'literal' || typeof given.value !== 'string' || given.value === '') return held(field, expected, 'none')
      const value = given.value
      const guard = rules.validators.find(
        ({raises, fields, texts}) =>
          raises && fields.includes(field.path) && texts.includes(value) && environment !== undefined && fields.includes(environment.path),
      )
      return guard === undefined
        ? missed(field, expected, masked(value))
        : held(guard, `${variableOf(field)} refused with its default outside of development`, guard.name)
    })
    const none = secrets.length === 0 ? [held(first, 'no secret with a default', 'no secret among the settings')] : []
    return concludeTargets([...targets, ...none, ...unreadTargets('settings that can be read', settings)], {
      pass: 'NO_DEFAULT_SECRETS',
      fail: 'DEFAULT_SECRETS',
    })
  },
})
