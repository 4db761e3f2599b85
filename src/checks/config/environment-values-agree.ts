import {fail, notApplicable} from '../../engine/finding.ts'
import {readRoutes} from '../../repo/application/routes.ts'
import {readSettingsRules} from '../../repo/application/settings-rules.ts'
import {readSettings} from '../../repo/application/settings.ts'
import {readCompose} from '../../repo/docker/compose.ts'
import {readTerraform} from '../../repo/terraform/terraform.ts'
import {readWorkflows} from '../../repo/workflows/workflows.ts'
import {unreadTargets, variableOf} from '../database-settings.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {deployedVariables} from '../deployed-variables.ts'
import {environmentField, knownEnvironments} from '../environment-names.ts'
import {noSettings} from '../no-settings.ts'
import {concludeTargets, held, missed, undecided, type Target} from '../targets.ts'

export default defineRepositoryItem({
  observe: async (read) => ({
    settings: await read(readSettings),
    rules: await read(readSettingsRules),
    compose: await read(readCompose),
    workflows: await read(readWorkflows),
    terraform: await read(readTerraform),
    routes: await read(readRoutes),
  }),
  evaluate: ({settings, rules, routes, ...deployed}) => {
    if (settings.classes.length === 0) return noSettings(settings, routes, (evidence) => fail('NO_SETTINGS', evidence))
    const field = environmentField(settings)
    // Its absence is the business of config.settings-complete.
    if (field === undefined) return notApplicable('NO_ENVIRONMENT_SETTING')
    const known = knownEnvironments(field, rules)
    const list = [...known].join(', ') || 'nothing'
    const typed: Target =
      field.type === 'choice'
        ? held(field, 'a type that lists the environments', field.choices.join(', '))
        : missed(field, 'a type that lists the environments (Literal or an enum)', `a field of type ${field.type}`)
    const given = deployedVariables(deployed, field.variables).map((one): Target => {
      const expected = `${variableOf(field)} as one of ${list}`
      if (one.values === undefined) return undecided(one, expected, `${one.by} gives ${one.shown}`)
      const strange = one.values.find((value) => !known.has(value))
      return strange === undefined ? held(one, expected, one.shown) : missed(one, expected, `${one.by} gives ${strange || 'nothing'}`)
    })
    return concludeTargets([typed, ...given, ...unreadTargets('settings that can be read', settings)], {
      pass: 'ENVIRONMENTS_AGREE',
      fail: 'ENVIRONMENTS_DIFFER',
      partly: 'ENVIRONMENTS_DIFFER_PARTLY',
    })
  },
})
