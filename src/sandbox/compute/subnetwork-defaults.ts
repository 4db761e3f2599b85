import type {Json, JsonObject, World} from '../api.ts'
import {object, objects, pick, text} from '../json.ts'
import {formatAddress, parseRange} from './cidr.ts'
import {fingerprint, link, newResource} from './resources.ts'

/** The flow-log settings as they are answered: the defaults appear when logs are on. */
export const logConfig = (given: Json | undefined, enableFlowLogs: Json | undefined): JsonObject => {
  const asked = object(given)
  const enable = typeof asked.enable === 'boolean' ? asked.enable : enableFlowLogs === true
  if (!enable) return {enable: false}
  return {aggregationInterval: 'INTERVAL_5_SEC', flowSampling: 0.5, metadata: 'INCLUDE_ALL_METADATA', ...asked, enable: true}
}

/** Brings the fields that follow from others up to date: gateway, flow-log flag, fingerprint. */
export const settledSubnetwork = (row: JsonObject): JsonObject => {
  const range = parseRange(text(row.ipCidrRange))
  const settled: JsonObject = {
    ...row,
    ...(range ? {gatewayAddress: formatAddress(range.first + 1)} : {}),
    enableFlowLogs: object(row.logConfig).enable === true,
  }
  Reflect.deleteProperty(settled, 'fingerprint')
  return {...settled, fingerprint: fingerprint(settled)}
}

/** A new subnetwork with the server's defaults. */
export const newSubnetwork = (world: World, path: string, network: string, body: JsonObject): JsonObject =>
  settledSubnetwork({
    ...newResource(world, 'subnetwork', path),
    ...pick(body, ['description', 'ipCidrRange', 'role']),
    network: link(network),
    region: link(path.replace(/\/subnetworks\/.*$/, '')),
    privateIpGoogleAccess: body.privateIpGoogleAccess === true,
    privateIpv6GoogleAccess: text(body.privateIpv6GoogleAccess) || 'DISABLE_GOOGLE_ACCESS',
    purpose: text(body.purpose) || 'PRIVATE',
    stackType: text(body.stackType) || 'IPV4_ONLY',
    allowSubnetCidrRoutesOverlap: body.allowSubnetCidrRoutesOverlap === true,
    logConfig: logConfig(body.logConfig, body.enableFlowLogs),
    ...(objects(body.secondaryIpRanges).length > 0 ? {secondaryIpRanges: objects(body.secondaryIpRanges)} : {}),
  })
