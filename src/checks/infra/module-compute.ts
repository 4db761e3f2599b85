import {fail, warn, type Finding} from '../../engine/finding.ts'
import {readTerraform, type Root} from '../../repo/terraform/terraform.ts'
import {defineRepositoryItem} from '../define-repository-item.ts'
import {held, missed, undecided, type Target} from '../targets.ts'
import {concludeTerraform, everywhere, made, nowhere, placeFor, registryCalls} from '../terraform-resources.ts'
import {attributeTarget, valueAt} from '../terraform-values.ts'

const expected = 'two Cloud Run services (backend and frontend) or an Autopilot cluster'

const clusters = (root: Root): Target[] => [
  ...made(root, 'google_container_cluster').map((one) =>
    attributeTarget(one, ['enable_autopilot'], expected, (text) => text === 'true', 'false'),
  ),
  ...registryCalls(root, /kubernetes-engine.*autopilot|gke-cluster-autopilot/).map((call) =>
    held(call, expected, `the module ${call.source ?? ''}`),
  ),
]

const services = (root: Root) => ({
  current: [...made(root, 'google_cloud_run_v2_service'), ...registryCalls(root, /cloud-run/)],
  old: made(root, 'google_cloud_run_service'),
})

export default defineRepositoryItem({
  observe: async (read) => ({terraform: await read(readTerraform)}),

  evaluate: ({terraform}): Finding => {
    const roots = everywhere(terraform)
    const found = roots.map(services)
    const autopilot = roots.flatMap(clusters).filter(({verdict}) => verdict === 'held')
    const both = found.filter(({current, old}) => current.length + old.length >= 2)
    const pair = both.find(({old}) => old.length === 0) ?? both[0]
    const codes = {pass: 'COMPUTE_MODULE', fail: 'COMPUTE_MODULE_ABSENT'}
    if (autopilot.length > 0) return concludeTerraform(autopilot, codes)
    if (pair !== undefined) {
      const sure = [...pair.current, ...pair.old].map((one) =>
        'maybe' in one && one.maybe ? undecided(one, expected, 'it may or may not be made') : held(one, expected, one.address),
      )
      const deprecated = pair.old.filter(({body}) => valueAt(body, 'traffic') === undefined)
      if (deprecated.length === 0) return concludeTerraform(sure, codes)
      const evidence = deprecated.map(({file, line, name}) => ({
        file,
        line,
        expected: 'google_cloud_run_v2_service',
        actual: `google_cloud_run_service.${name} without traffic`,
      }))
      return warn('COMPUTE_DEPRECATED', evidence)
    }
    const [one] = found.flatMap(({current, old}) => [...current, ...old])
    if (one !== undefined) {
      const target =
        'maybe' in one && one.maybe
          ? undecided(one, expected, 'how many are made is only known when Terraform runs')
          : missed(one, expected, `only ${one.address}`)
      return target.verdict === 'missed' ? fail('COMPUTE_MODULE_INCOMPLETE', [target.evidence]) : concludeTerraform([target], codes)
    }
    const standard = roots.flatMap(clusters)
    const place = placeFor(terraform, /compute|run|gke|service/, 'infra/modules/compute/main.tf')
    return concludeTerraform(standard.length > 0 ? standard : [nowhere(terraform, place, expected)], codes)
  },
})
