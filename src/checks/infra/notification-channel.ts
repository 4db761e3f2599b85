import {notApplicable} from '../../engine/finding.ts'
import {readTerraform, type Root} from '../../repo/terraform/terraform.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {held, missed, undecided, type Target} from '../targets.ts'
import {alertConditions} from '../terraform-alerts.ts'
import {concludeTerraform, everywhere, made} from '../terraform-resources.ts'
import {allRefs, described, isOpen, valueAt} from '../terraform-values.ts'

const channel = 'a notification channel'
const alarm = 'an alert on the uptime check'

const channels = (root: Root): Target[] => {
  const own = made(root, 'google_monitoring_notification_channel')
  const [first] = own
  const policies = made(root, 'google_monitoring_alert_policy')
  if (first !== undefined && !first.maybe) return [held(first, channel, first.address)]
  return policies.map((policy) => {
    const list = valueAt(policy.body, 'notification_channels')
    if (list === undefined) return missed(policy, channel, 'notification_channels is not set')
    if (list.is === 'list' && list.items.length > 0) return held(list, channel, `${list.items.length} in the list`)
    return list.is === 'list' && !isOpen(list) ? missed(list, channel, 'an empty list') : undecided(list, channel, described(list))
  })
}

const uptime = (root: Root): Target[] =>
  made(root, 'google_monitoring_uptime_check_config').map((check) => {
    const conditions = alertConditions(root)
    const found = conditions.find(({text, body}) => /uptime_check/.test(text) || allRefs(body).includes(check.address))
    if (found !== undefined) return held(found.place, alarm, found.policy.address)
    const open = conditions.find((one) => one.open && one.text.replaceAll('…', '').trim() === '')
    return open === undefined
      ? missed(check, alarm, 'no policy watches it')
      : undecided(open.place, alarm, 'the filter is only known when Terraform runs')
  })

export default defineRepositoryItem({
  observe: async (read) => ({terraform: await read(readTerraform)}),

  evaluate: ({terraform}) => {
    const all = everywhere(terraform)
    const prod = all.filter(({environment}) => environment === 'prod')
    // Production is what must not be without; where no root is called so, all of them may be.
    const roots = prod.some((root) => made(root, 'google_monitoring_alert_policy', 'google_monitoring_uptime_check_config').length > 0)
      ? prod
      : all
    const targets = roots.flatMap((root) => [...channels(root), ...uptime(root)])
    if (targets.length === 0) return notApplicable('NO_ALERTS')
    return concludeTerraform(targets, {pass: 'ALERTS_REACH_SOMEBODY', fail: 'ALERTS_REACH_NOBODY', partly: 'ALERTS_PARTLY_REACH'})
  },
})
