import {addRateLimit, attachArmorPolicy, createArmorPolicy, enforceRule, rateLimit} from '../../changes/cloud-armor.ts'
import {edgeNames} from '../../changes/edge-names.ts'
import {edgeName} from '../../changes/resource-names.ts'
import type {Change} from '../../engine/change.ts'
import {notApplicable, pass, seen, warn} from '../../engine/finding.ts'
import type {BackendService, SecurityPolicy} from '../../gcp/cloud.ts'
import {protection} from '../armor.ts'
import {defineItem} from '../define-item.ts'
import {frontDoor, readEdge} from '../edge.ts'
import {madeEdge} from '../edge-plan.ts'

/** The backend service that the API's requests go to, the policy before it, and ours, attached or not. */
type Observed = {service: BackendService | undefined; attached: SecurityPolicy | undefined; ours: SecurityPolicy | undefined}

const described = (policy: SecurityPolicy): string =>
  policy.rules.map(({priority, action, preview}) => `${priority} ${action}${preview ? ' (preview)' : ''}`).join(', ')

export default defineItem<Observed>({
  excluded: ({config}) => (config.edge === 'run-app-url' ? notApplicable('EDGE_IS_RUN_APP_URL') : undefined),

  async observe({cloud}, {config}) {
    const edge = await readEdge(cloud, config)
    const service = frontDoor(edge, config)?.api.service
    const [attached, ours] = await Promise.all([
      service?.securityPolicy === undefined ? undefined : cloud.compute.securityPolicy(service.securityPolicy),
      cloud.compute.securityPolicy(edgeNames(config).armorPolicy),
    ])
    return {service, attached, ours}
  },

  evaluate({service, attached}, {config}) {
    if (service === undefined) return notApplicable('ARMOR_WITHOUT_LOAD_BALANCER')
    const args = {service: service.name, policy: attached?.name ?? 'none'}
    const wanted = 'an enforced rate limit or web-attack rule'
    if (attached === undefined)
      return warn(
        'ARMOR_ABSENT',
        [seen(edgeName(config.projectId, 'backendServices', service.name), 'securityPolicy', wanted, undefined)],
        args,
      )
    const rules = [seen(edgeName(config.projectId, 'securityPolicies', attached.name), 'rules', wanted, described(attached))]
    const {enforced, previewed} = protection(attached)
    const [rule] = enforced
    if (rule !== undefined) return pass('ARMOR_ENFORCED', rules, {...args, priority: rule.priority, action: rule.action})
    return previewed.length > 0 ? warn('ARMOR_PREVIEW_ONLY', rules, args) : warn('ARMOR_WITHOUT_RULES', rules, args)
  },

  plan({service, attached, ours}, {config}) {
    const {projectId: project} = config
    const {backendService, armorPolicy} = edgeNames(config)
    // The Gateway of a cluster, and whoever made another load balancer, would set it back.
    if (config.compute === 'gke-autopilot' || service?.name !== backendService) return []
    if (attached !== undefined)
      return attached.name === armorPolicy || protection(attached).previewed.length > 0 ? arm(project, attached) : []
    return [
      ...(ours === undefined ? [createArmorPolicy(project, armorPolicy)] : arm(project, ours)),
      attachArmorPolicy(project, backendService, armorPolicy),
    ]
  },

  fresh({config}) {
    const {door} = madeEdge(config)
    return {service: door.api.service, attached: undefined, ours: undefined}
  },
})

/** What lets an existing policy protect: a previewed rule enforced, else a rate limit where there is room for it. */
const arm = (project: string, policy: SecurityPolicy): Change[] => {
  const {enforced, previewed} = protection(policy)
  const [rule] = previewed
  if (enforced.length > 0) return []
  if (rule !== undefined) return [enforceRule(project, policy.name, rule.priority)]
  const taken = new Set(policy.rules.map(({priority}) => priority))
  let priority = rateLimit.priority
  while (taken.has(priority)) priority += 1
  return [addRateLimit(project, policy.name, priority)]
}
