import {notApplicable} from '../../engine/finding.ts'
import {readTerraform} from '../../repo/terraform/terraform.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {held, missed, undecided, type Target} from '../targets.ts'
import {alertConditions, divides, type AlertCondition} from '../terraform-alerts.ts'
import {concludeTerraform, everywhere} from '../terraform-resources.ts'

const ratio = 'server errors divided by all requests'
const scope = 'a filter on the service'

const isServerErrors = ({text}: AlertCondition): boolean =>
  /5xx|response_code_class\W*=?~?\W*5\b|response_code\W{1,4}5|"?5\.\.|=\s*500\b/i.test(text)
const scopes = /service_name|url_map_name|backend_target_name|backend_service_name|forwarding_rule_name|backend_name/

const judge = (condition: AlertCondition): Target[] => {
  const {text, denominator, query, place, open} = condition
  const divided = denominator !== undefined || (query && divides(text))
  return [
    divided
      ? held(place, ratio, denominator === undefined ? 'a query that divides' : 'denominator_filter')
      : open && query
        ? undecided(place, ratio, 'the query is only known when Terraform runs')
        : missed(place, ratio, 'an absolute rate'),
    scopes.test(text)
      ? held(place, scope, 'it names the service')
      : open
        ? undecided(place, scope, 'the filter is only known in part')
        : missed(place, scope, 'every service of the project'),
  ]
}

export default defineRepositoryItem({
  observe: async (read) => ({terraform: await read(readTerraform)}),

  evaluate: ({terraform}) => {
    const conditions = everywhere(terraform).flatMap((root) => alertConditions(root))
    const errors = conditions.filter(isServerErrors)
    if (errors.length > 0)
      return concludeTerraform(errors.flatMap(judge), {
        pass: 'ERROR_ALERT_IS_RATIO',
        fail: 'ERROR_ALERT_IS_RATE',
        partly: 'ERROR_ALERT_HALF_RIGHT',
      })
    const objective = conditions.filter(({text}) => /select_slo_burn_rate/.test(text))
    if (objective.length > 0)
      return concludeTerraform(
        objective.map(({place}) => held(place, ratio, 'the burn rate of an objective')),
        {pass: 'ERROR_ALERT_IS_RATIO', fail: 'ERROR_ALERT_IS_RATE'},
      )
    const unknown = conditions.filter(({open, text}) => open && text.replaceAll('…', '').trim() === '')
    if (unknown.length > 0)
      return concludeTerraform(
        unknown.map(({place}) => undecided(place, ratio, 'the filter is only known when Terraform runs')),
        {pass: 'ERROR_ALERT_IS_RATIO', fail: 'ERROR_ALERT_IS_RATE'},
      )
    return notApplicable('NO_ERROR_ALERT')
  },
})
