import {ApiError} from '../../api.ts'
import type {JsonObject, Request, Route, World} from '../../api.ts'
import {merge, object, objects, text, texts} from '../../json.ts'
import {find, findReady, startChange} from '../changes.ts'
import {checkFingerprint, invalid, labelFingerprint, required} from '../resources.ts'
import {change, pathFor, routesOf} from './collection.ts'
import type {Kind} from './collection.ts'
import {securityPolicyRuleShape, securityPolicyShape} from './security-policy-shape.ts'

const last = 2_147_483_647
const plain = ['allow', 'deny', 'redirect', 'throttle', 'rate_based_ban', 'fairshare']
const everyone = {versionedExpr: 'SRC_IPS_V1', config: {srcIpRanges: ['*']}}

const settledRule = (given: JsonObject, at: string): JsonObject => {
  const {priority, action, match, networkMatch} = given
  if (typeof priority !== 'number') throw required(`${at}.priority`)
  if (priority < 0 || priority > last) throw invalid(`${at}.priority`, String(priority), `Must be between 0 and ${last}, inclusive.`)
  const act = text(action)
  if (act === '') throw required(`${at}.action`)
  const known = plain.includes(act) || /^deny\((403|404|429|502)\)$/.test(act)
  if (!known || act === 'deny')
    throw invalid(`${at}.action`, act, 'Action must be allow, deny(STATUS), redirect, throttle or rate_based_ban.')
  const matcher = object(match)
  if (match === undefined && networkMatch === undefined) throw required(`${at}.match`)
  const ranges = texts(object(matcher.config).srcIpRanges)
  if (match !== undefined && matcher.versionedExpr !== undefined && ranges.length === 0) throw required(`${at}.match.config.srcIpRanges`)
  if (ranges.length > 10) throw invalid(`${at}.match.config.srcIpRanges`, '', 'At most 10 IP ranges can be specified.')
  const limits = act === 'throttle' || act === 'rate_based_ban'
  const options = object(given.rateLimitOptions)
  if (limits && given.rateLimitOptions === undefined) throw required(`${at}.rateLimitOptions`)
  if (limits && options.rateLimitThreshold === undefined) throw required(`${at}.rateLimitOptions.rateLimitThreshold`)
  if (limits && text(options.conformAction) !== 'allow')
    throw invalid(`${at}.rateLimitOptions.conformAction`, text(options.conformAction), 'Conform action must be allow.')
  if (act === 'rate_based_ban' && options.banDurationSec === undefined) throw required(`${at}.rateLimitOptions.banDurationSec`)
  const rate = limits ? {rateLimitOptions: {enforceOnKey: 'ALL', ...options}} : {}
  return {description: '', ...given, kind: 'compute#securityPolicyRule', preview: given.preview === true, ...rate}
}

const settledRules = (rules: JsonObject[]): JsonObject[] => {
  const settled = rules.map((rule, index) => settledRule(rule, `resource.rules[${index}]`))
  const twice = settled.find(({priority}, index) => settled.findIndex((other) => other.priority === priority) !== index)
  if (twice) throw invalid('resource.priority', JSON.stringify(twice.priority), 'Cannot have rules with the same priorities.')
  return settled.sort((a, b) => Number(a.priority) - Number(b.priority))
}

const settle = (given: JsonObject): JsonObject => {
  const type = text(given.type) || 'CLOUD_ARMOR'
  const rules = objects(given.rules)
  const byDefault = {priority: last, action: 'allow', match: everyone, description: 'default rule'}
  if (rules.length > 0 && !rules.some(({priority}) => priority === last))
    throw invalid('resource.rules', '', `A default rule at priority ${last} must be specified.`)
  const labels = object(given.labels)
  return {
    description: '',
    ...given,
    type,
    rules: settledRules(rules.length > 0 ? rules : [byDefault]),
    labelFingerprint: labelFingerprint(labels),
  }
}

const securityPolicies: Kind = {
  plural: 'securityPolicies',
  kind: 'securityPolicy',
  noun: 'security_policy',
  id: 'compute.securityPolicies',
  scope: 'global',
  body: securityPolicyShape,
  fingerprinted: 'required',
  settle,
}

const priorityOf = (request: Request): number => {
  const asked = request.query.get('priority') ?? '0'
  if (!/^\d+$/.test(asked)) throw invalid('priority', asked, 'Must be an integer.')
  return Number(asked)
}

/** The rule at a priority; a 400, not a 404, when the policy has none there. */
const ruleAt = (row: JsonObject, priority: number): JsonObject => {
  const rule = objects(row.rules).find((candidate) => candidate.priority === priority)
  if (rule) return rule
  throw invalid('priority', String(priority), `The security policy does not contain a rule at priority ${priority}.`)
}

const withRules = (request: Request, world: World, operationType: string, rules: (old: JsonObject) => JsonObject[]): JsonObject =>
  change(securityPolicies, request, world, operationType, (old) => ({...old, rules: rules(old)}))

const one = '/compute/v1/projects/{project}/global/securityPolicies/{securityPolicy}'
const update = ['compute.securityPolicies.update']

const setLabels = (request: Request, world: World): JsonObject => {
  const path = pathFor(securityPolicies, request, world)
  const row = findReady(world, 'compute.securityPolicies', path)
  checkFingerprint(request.body.labelFingerprint, row.labelFingerprint, 'labelFingerprint')
  const labels = object(request.body.labels)
  const value = {...row, labels, labelFingerprint: labelFingerprint(labels)}
  const writes = [{table: 'compute.securityPolicies', key: path, value}]
  return startChange(world, {operationType: 'setLabels', target: path, targetId: text(row.id), immediate: true, writes})
}

const get = (request: Request, world: World) => find(world, 'compute.securityPolicies', pathFor(securityPolicies, request, world))

/** compute.securityPolicies (Cloud Armor), global: kept and checked for form; no expression is ever evaluated. */
export const securityPolicyRoutes: Route[] = [
  ...routesOf(securityPolicies, ['patch']),
  {
    id: 'compute.securityPolicies.getRule',
    method: 'GET',
    path: `${one}/getRule`,
    permissions: ['compute.securityPolicies.get'],
    query: ['priority'],
    handle: (request, world) => ruleAt(get(request, world), priorityOf(request)),
  },
  {
    id: 'compute.securityPolicies.addRule',
    method: 'POST',
    path: `${one}/addRule`,
    permissions: update,
    body: securityPolicyRuleShape,
    query: ['validateOnly'],
    handle: (request, world) => withRules(request, world, 'addRule', ({rules}) => [...objects(rules), request.body]),
  },
  {
    id: 'compute.securityPolicies.patchRule',
    method: 'POST',
    path: `${one}/patchRule`,
    permissions: update,
    body: securityPolicyRuleShape,
    query: ['priority', 'updateMask', 'validateOnly'],
    handle: (request, world) => {
      const priority = priorityOf(request)
      const found = ruleAt(get(request, world), priority)
      // What decides is replaced as a whole: a rule has either ranges or an expression.
      const cleared = request.body.match === undefined ? found : {...found, match: undefined}
      const changed = {...merge(cleared, request.body), priority}
      return withRules(request, world, 'patchRule', ({rules}) =>
        objects(rules).map((rule) => (rule.priority === priority ? changed : rule)),
      )
    },
  },
  {
    id: 'compute.securityPolicies.removeRule',
    method: 'POST',
    path: `${one}/removeRule`,
    permissions: update,
    query: ['priority'],
    handle: (request, world) => {
      const priority = priorityOf(request)
      ruleAt(get(request, world), priority)
      if (priority === last) throw new ApiError(400, 'INVALID_ARGUMENT', 'invalid', 'Cannot remove the default rule.')
      return withRules(request, world, 'removeRule', ({rules}) => objects(rules).filter((rule) => rule.priority !== priority))
    },
  },
  {
    id: 'compute.securityPolicies.setLabels',
    method: 'POST',
    path: `${one}/setLabels`,
    permissions: ['compute.securityPolicies.setLabels'],
    body: {fields: {labelFingerprint: 'bytes', labels: {map: 'string'}}},
    handle: setLabels,
  },
]
