import type {Change} from '../engine/change.ts'
import type {JsonObject} from '../engine/json.ts'
import {call, free, gcloud} from './gcloud.ts'
import {armorCost, armorRuleCost} from './prices.ts'
import {edgeName} from './resource-names.ts'

/** Requests of one address in a minute, and where the rule stands among the others. */
export const rateLimit = {count: 300, intervalSec: 60, priority: 1000}

const everybody = {versionedExpr: 'SRC_IPS_V1', config: {srcIpRanges: ['*']}}

/** Enforced: a rule that only previews protects nothing. */
const throttle = (priority: number): JsonObject => ({
  priority,
  action: 'throttle',
  match: everybody,
  rateLimitOptions: {
    conformAction: 'allow',
    exceedAction: 'deny(429)',
    enforceOnKey: 'IP',
    rateLimitThreshold: {count: rateLimit.count, intervalSec: rateLimit.intervalSec},
  },
})
/** Google refuses a policy without a rule at this priority. */
const last = {priority: 2_147_483_647, action: 'allow', match: everybody}

const createRule = (project: string, policy: string, priority: number): string =>
  gcloud`compute security-policies rules create ${priority} --security-policy=${policy} --src-ip-ranges=${'*'} --action=throttle --rate-limit-threshold-count=${rateLimit.count} --rate-limit-threshold-interval-sec=${rateLimit.intervalSec} --conform-action=allow --exceed-action=deny-429 --enforce-on-key=ip --project=${project}`

const limit = `${rateLimit.count} requests a minute from one address`

export const createArmorPolicy = (project: string, policy: string): Change => ({
  id: `create-security-policy-${policy}`,
  title: `Create Cloud Armor policy ${policy}: at most ${limit}`,
  resource: edgeName(project, 'securityPolicies', policy),
  request: call(
    'compute.securityPolicies.insert',
    {project},
    {name: policy, type: 'CLOUD_ARMOR', rules: [throttle(rateLimit.priority), last]},
  ),
  cost: armorCost,
  gcloud: [
    gcloud`compute security-policies create ${policy} --type=CLOUD_ARMOR --project=${project}`,
    createRule(project, policy, rateLimit.priority),
  ],
  undo: gcloud`compute security-policies delete ${policy} --project=${project}`,
  takes: '10-20 s',
})

export const addRateLimit = (project: string, policy: string, priority: number): Change => ({
  id: `add-rate-limit-to-${policy}`,
  title: `Add a rule to Cloud Armor policy ${policy}: at most ${limit}`,
  resource: edgeName(project, 'securityPolicies', policy),
  request: call('compute.securityPolicies.addRule', {project, securityPolicy: policy}, throttle(priority)),
  cost: armorRuleCost,
  gcloud: [createRule(project, policy, priority)],
  undo: gcloud`compute security-policies rules delete ${priority} --security-policy=${policy} --project=${project}`,
  takes: '10-20 s',
})

/** Whoever is over the limit is refused from then on, so it is asked for by itself. */
export const enforceRule = (project: string, policy: string, priority: number): Change => ({
  id: `enforce-rule-${priority}-of-${policy}`,
  title: `Enforce rule ${priority} of Cloud Armor policy ${policy}, which only previews`,
  resource: edgeName(project, 'securityPolicies', policy),
  request: call(
    'compute.securityPolicies.patchRule',
    {project, securityPolicy: policy, priority: String(priority)},
    {priority, preview: false},
  ),
  cost: free,
  gcloud: [gcloud`compute security-policies rules update ${priority} --security-policy=${policy} --no-preview --project=${project}`],
  undo: gcloud`compute security-policies rules update ${priority} --security-policy=${policy} --preview --project=${project}`,
  takes: '10-20 s',
  consent: {each: 'requests that match it are refused from then on; its log says which those would have been'},
})

export const attachArmorPolicy = (project: string, service: string, policy: string): Change => ({
  id: `attach-security-policy-${policy}-to-${service}`,
  title: `Put Cloud Armor policy ${policy} before backend service ${service}`,
  resource: edgeName(project, 'backendServices', service),
  request: call(
    'compute.backendServices.setSecurityPolicy',
    {project, backendService: service},
    {securityPolicy: `projects/${project}/global/securityPolicies/${policy}`},
  ),
  cost: free,
  gcloud: [gcloud`compute backend-services update ${service} --global --security-policy=${policy} --project=${project}`],
  undo: gcloud`compute backend-services update ${service} --global --security-policy=${''} --project=${project}`,
  takes: '10 s, and a few minutes until it works everywhere',
})
