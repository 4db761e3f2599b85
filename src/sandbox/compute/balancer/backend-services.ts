import {createHash} from 'node:crypto'
import type {JsonObject, Route} from '../../api.ts'
import {object, objects, text, texts, unlessEmpty} from '../../json.ts'
import {invalid, link, shape, without} from '../resources.ts'
import {backendServiceShape} from './backend-service-shape.ts'
import {routesOf, setter} from './collection.ts'
import type {Kind, Settling} from './collection.ts'
import {refer} from './references.ts'

const ports: Record<string, {port: number; portName: string} | undefined> = {
  HTTP: {port: 80, portName: 'http'},
  HTTPS: {port: 443, portName: 'https'},
  HTTP2: {port: 443, portName: 'http2'},
  H2C: {port: 80, portName: 'http'},
}

const settledIap = (given: JsonObject): JsonObject => {
  const {oauth2ClientSecret, ...iap} = given
  const secret = createHash('sha256').update(text(oauth2ClientSecret)).digest('hex')
  const kept = oauth2ClientSecret === undefined ? text(iap.oauth2ClientSecretSha256) || secret : secret
  return {...iap, enabled: iap.enabled === true, oauth2ClientId: text(iap.oauth2ClientId), oauth2ClientSecretSha256: kept}
}

/** What a service whose backend is serverless cannot have: Google's own words, as public issues quote them. */
const refuseServerless = (given: JsonObject, old: JsonObject | undefined, portName: string | undefined) => {
  const backend = 'a backend service with Serverless network endpoint group'
  if (texts(given.healthChecks).length > 0) {
    const why = `A backend service cannot have a healthcheck with Serverless network endpoint group backends.`
    throw invalid('resource.healthChecks', '', why)
  }
  const named = text(given.portName)
  if (named !== '' && !(old && named === portName)) throw invalid('resource.portName', named, `Port name is not supported for ${backend}s.`)
  const timeout = given.timeoutSec
  if (typeof timeout === 'number' && timeout !== 30)
    throw invalid('resource.timeoutSec', String(timeout), `Timeout sec is not supported for ${backend}s.`)
}

const settledBackends = (given: JsonObject, at: Settling): {backends: JsonObject[]; serverless: boolean} => {
  let serverless = false
  const backends = objects(given.backends).map((backend, index) => {
    const field = `resource.backends[${index}].group`
    const group = refer(at, backend.group, field, {networkEndpointGroups: 'compute.regionNetworkEndpointGroups.use'})
    serverless ||= group.row.networkEndpointType === 'SERVERLESS'
    return {balancingMode: 'UTILIZATION', capacityScaler: 1, ...backend, group: link(group.path)}
  })
  const twice = backends.find(({group}, index) => backends.findIndex((other) => other.group === group) !== index)
  if (twice) throw invalid('resource.backends', text(twice.group), 'The group is used twice.')
  return {backends, serverless}
}

const settledLog = (given: JsonObject): JsonObject =>
  given.enable === true ? {sampleRate: 1, optionalMode: 'EXCLUDE_ALL_OPTIONAL', ...given} : {...given, enable: false}

const settle = (given: JsonObject, at: Settling): JsonObject => {
  const scheme = text(given.loadBalancingScheme) || 'EXTERNAL'
  const protocol = text(given.protocol) || (scheme === 'INTERNAL' ? 'TCP' : 'HTTP')
  const {backends, serverless} = settledBackends(given, at)
  const port = ports[protocol]
  if (serverless) refuseServerless(given, at.old, port?.portName)
  const healthChecks = texts(given.healthChecks).map((reference, index) =>
    link(refer(at, reference, `resource.healthChecks[${index}]`, {healthChecks: 'compute.healthChecks.useReadOnly'}).path),
  )
  const policies: JsonObject = {}
  for (const field of ['securityPolicy', 'edgeSecurityPolicy'])
    if (text(given[field]) !== '')
      policies[field] = link(refer(at, given[field], `resource.${field}`, {securityPolicies: 'compute.securityPolicies.use'}).path)
  const rest = without(given, 'backends', 'healthChecks', 'securityPolicy', 'edgeSecurityPolicy', 'usedBy')
  return {
    affinityCookieTtlSec: 0,
    connectionDraining: {drainingTimeoutSec: 0},
    description: '',
    sessionAffinity: 'NONE',
    timeoutSec: 30,
    ...port,
    ...rest,
    loadBalancingScheme: scheme,
    protocol,
    ...(given.iap === undefined ? {} : {iap: settledIap(object(given.iap))}),
    ...(given.logConfig === undefined ? {} : {logConfig: settledLog(object(given.logConfig))}),
    ...unlessEmpty('backends', backends),
    ...(healthChecks.length > 0 ? {healthChecks} : {}),
    ...policies,
  }
}

const backendServices: Kind = {
  plural: 'backendServices',
  kind: 'backendService',
  noun: 'backend_service',
  id: 'compute.backendServices',
  scope: 'global',
  body: backendServiceShape,
  fingerprinted: 'required',
  settle,
}

const policyOf = (field: string) => (request: {body: JsonObject}) => ({[field]: request.body.securityPolicy ?? ''})

/** compute.backendServices, global. Instance groups and legacy health checks are not simulated. */
export const backendServiceRoutes: Route[] = [
  ...routesOf(backendServices, ['patch', 'update']),
  setter(backendServices, 'setSecurityPolicy', shape('securityPolicy'), policyOf('securityPolicy')),
  setter(backendServices, 'setEdgeSecurityPolicy', shape('securityPolicy'), policyOf('edgeSecurityPolicy'), {
    permissions: ['compute.backendServices.setSecurityPolicy'],
  }),
]
