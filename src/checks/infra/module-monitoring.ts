import {warn, type Finding} from '../../engine/finding.ts'
import {readTerraform, type Resource} from '../../repo/terraform/terraform.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {concludeTerraform, everywhere, made, placeFor, presence} from '../terraform-resources.ts'
import {attributeTarget, valueAt} from '../terraform-values.ts'

const silent = ({body}: Resource): boolean => {
  const channels = valueAt(body, 'notification_channels')
  return channels === undefined || (channels.is === 'list' && channels.items.length === 0 && channels.open !== true)
}

export default defineRepositoryItem({
  observe: async (read) => ({terraform: await read(readTerraform)}),

  evaluate: ({terraform}, {config}): Finding => {
    const place = placeFor(terraform, /monitor|observ|alert/, 'infra/modules/monitoring/main.tf')
    const expected = `an uptime check on ${config.healthPath}`
    const finding = concludeTerraform(
      [
        ...presence(terraform, {
          types: ['google_monitoring_uptime_check_config'],
          modules: /uptime/,
          expected,
          place,
          judge: (check) =>
            attributeTarget(
              check,
              ['http_check', 'path'],
              expected,
              (path) => path.startsWith(config.healthPath) || /health/.test(path),
              '/',
            ),
        }),
        ...presence(terraform, {
          types: ['google_monitoring_alert_policy'],
          modules: /alert|monitoring|\/slo\//,
          expected: 'an alert policy',
          place,
        }),
      ],
      {pass: 'MONITORING_MODULE', fail: 'MONITORING_MODULE_ABSENT', partly: 'MONITORING_MODULE_INCOMPLETE'},
    )
    const quiet = everywhere(terraform).flatMap((root) => made(root, 'google_monitoring_alert_policy').filter(silent))
    if (finding.status !== 'pass' || quiet.length === 0) return finding
    const evidence = quiet.map(({file, line}) => ({file, line, expected: 'notification_channels', actual: 'none: the alert tells nobody'}))
    return warn('MONITORING_SILENT', [...new Map(evidence.map((one) => [`${one.file}:${one.line}`, one])).values()])
  },
})
