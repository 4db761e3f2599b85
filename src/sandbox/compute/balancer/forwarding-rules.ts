import type {JsonObject, Request, Route, World} from '../../api.ts'
import {object, objects, text, texts} from '../../json.ts'
import {isObject} from '../../shapes.ts'
import {placed} from '../address-placement.ts'
import {comingRows, findReady, startChange} from '../changes.ts'
import type {Write} from '../changes.ts'
import {checkFingerprint, invalid, labelFingerprint, link, pathOf, required, shape, without} from '../resources.ts'
import {change, pathFor, routesOf} from './collection.ts'
import type {Kind, Settling} from './collection.ts'
import {forwardingRuleShape} from './forwarding-rule-shape.ts'
import {refer} from './references.ts'

const table = 'compute.forwardingRules'
const addresses = 'compute.addresses'
const targets = {
  targetHttpsProxies: 'compute.targetHttpsProxies.use',
  targetHttpProxies: 'compute.targetHttpProxies.use',
}

const rowAt = (world: World, collection: string, url: string): JsonObject | undefined =>
  world.table(`compute.${collection}`).get(url.replace(link(''), ''))

const linksIn = (value: unknown): string[] => {
  if (typeof value === 'string') return value.includes('/global/backendServices/') ? [value] : []
  if (Array.isArray(value)) return value.flatMap(linksIn)
  return isObject(value) ? Object.values(value).flatMap(linksIn) : []
}

/** Every backend service behind a proxy has the scheme of the rule: EXTERNAL and EXTERNAL_MANAGED cannot be mixed. */
const checkScheme = (at: Settling, proxy: JsonObject, scheme: string): void => {
  const map = rowAt(at.world, 'urlMaps', text(proxy.urlMap))
  for (const url of linksIn(map)) {
    const own = text(rowAt(at.world, 'backendServices', url)?.loadBalancingScheme)
    if (own === '' || own === scheme) continue
    const why = `Load balancing scheme ${scheme} does not match the backend service load balancing scheme ${own}.`
    throw invalid('resource.backendService', '', why)
  }
  const other = comingRows(at.world, table).find(
    ([path, row]) => path !== at.path && text(row.target) === text(proxy.selfLink) && row.loadBalancingScheme !== scheme,
  )
  if (other) throw invalid('resource.loadBalancingScheme', scheme, `The target is already used by '${other[0]}' with another scheme.`)
}

const addressOf = (given: JsonObject, at: Settling): string => {
  const {world, project} = at
  const asked = text(given.IPAddress)
  if (asked === '') return text(placed(world, {}, project, true).fields.address)
  const path = pathOf(world, project, asked, 'addresses')
  if (path !== undefined) {
    const {row} = refer(at, asked, 'resource.IPAddress', {addresses: 'compute.globalAddresses.use'})
    if (row.region !== undefined || row.addressType !== 'EXTERNAL')
      throw invalid('resource.IPAddress', asked, 'The address must be a global external one.')
    return text(row.address)
  }
  const reserved = comingRows(world, addresses).some(([key, row]) => key.startsWith(`projects/${project}/global/`) && row.address === asked)
  if (!reserved) throw invalid('resource.IPAddress', asked, 'The specified IP address is not reserved in this project.')
  return asked
}

const span = (range: string): [first: number, last: number] => {
  const [first = '', last = first] = range.split('-')
  return [Number(first), Number(last)]
}

const portsOf = (given: JsonObject): string => {
  const asked = text(given.portRange) || texts(given.ports).join(',')
  if (asked === '') throw required('resource.portRange')
  const [first, last] = span(asked)
  if (!/^\d+(-\d+)?$/.test(asked) || first < 1 || last > 65_535 || first > last)
    throw invalid('resource.portRange', asked, 'Port range must be a number or two, between 1 and 65535.')
  if (first !== last) throw invalid('resource.portRange', asked, 'Target proxies support only one port.')
  return `${first}-${last}`
}

const refuseConflict = (at: Settling, address: string, portRange: string): void => {
  const [first] = span(portRange)
  const taken = comingRows(at.world, table).some(([path, row]) => {
    const [low, high] = span(text(row.portRange))
    return path !== at.path && row.IPAddress === address && low <= first && first <= high
  })
  if (taken) throw invalid('resource.IPAddress', address, 'Specified IP address is in-use and would result in a conflict.')
}

const fixed = ['IPAddress', 'IPProtocol', 'portRange', 'loadBalancingScheme']

const settle = (given: JsonObject, at: Settling): JsonObject => {
  const {old} = at
  const target = refer(at, given.target, 'resource.target', targets)
  const scheme = text(given.loadBalancingScheme) || 'EXTERNAL'
  if (scheme !== 'EXTERNAL' && scheme !== 'EXTERNAL_MANAGED')
    throw invalid('resource.loadBalancingScheme', scheme, 'The simulator has only the external schemes for global rules.')
  const portRange = portsOf(given)
  const changed = old && fixed.find((field) => text(given[field]) !== text(old[field]))
  if (changed !== undefined) throw invalid(`resource.${changed}`, text(given[changed]), 'The field cannot be changed.')
  checkScheme(at, target.row, scheme)
  const address = old ? text(old.IPAddress) : addressOf(given, at)
  refuseConflict(at, address, portRange)
  const labels = object(given.labels)
  return {
    description: '',
    ...without(given, 'ports', 'labels'),
    IPAddress: address,
    IPProtocol: text(given.IPProtocol) || 'TCP',
    portRange,
    target: link(target.path),
    loadBalancingScheme: scheme,
    networkTier: 'PREMIUM',
    ...(Object.keys(labels).length > 0 ? {labels} : {}),
    labelFingerprint: labelFingerprint(labels),
  }
}

/** A reserved address knows its rules: RESERVED becomes IN_USE with the first and again RESERVED without the last. */
const addressWrites: Kind['also'] = (value, old, {world, project, path}): Write[] => {
  const ip = text(value?.IPAddress) || text(old?.IPAddress)
  const found = comingRows(world, addresses).find(([key, row]) => key.startsWith(`projects/${project}/global/`) && row.address === ip)
  if (!found) return []
  const [key, row] = found
  const others = texts(row.users).filter((user) => user !== link(path))
  const users = value ? [...others, link(path)] : others
  const rest = without(row, 'users')
  const next = users.length > 0 ? {...rest, users, status: 'IN_USE'} : {...rest, status: 'RESERVED'}
  return [{table: addresses, key, value: next}]
}

const forwardingRules: Kind = {
  plural: 'forwardingRules',
  kind: 'forwardingRule',
  noun: 'forwarding_rule',
  id: 'compute.globalForwardingRules',
  scope: 'global',
  body: forwardingRuleShape,
  fingerprinted: 'required',
  settle,
  also: addressWrites,
}

const setLabels = (request: Request, world: World): JsonObject => {
  const path = pathFor(forwardingRules, request, world)
  const row = findReady(world, table, path)
  checkFingerprint(request.body.labelFingerprint, row.labelFingerprint, 'labelFingerprint')
  const labels = object(request.body.labels)
  const value = {...without(row, 'labels'), ...(Object.keys(labels).length > 0 ? {labels} : {}), labelFingerprint: labelFingerprint(labels)}
  const writes = [{table, key: path, value}]
  return startChange(world, {operationType: 'setLabels', target: path, targetId: text(row.id), immediate: true, writes})
}

const one = '/compute/v1/projects/{project}/global/forwardingRules/{forwardingRule}'

/** The public addresses at which a certificate is served over HTTPS: those of the rules whose proxy holds it. */
export const addressesServing = (world: World, certificate: string): string[] => {
  const rows = world.table('compute.targetHttpsProxies').entries()
  const proxies = rows.filter(([, row]) => texts(row.sslCertificates).includes(link(certificate))).map(([path]) => link(path))
  const rules = objects(
    world
      .table(table)
      .entries()
      .map(([, row]) => row),
  )
  return rules.filter(({target}) => proxies.includes(text(target))).map(({IPAddress}) => text(IPAddress))
}

/** compute.globalForwardingRules: to target HTTP and HTTPS proxies only. */
export const forwardingRuleRoutes: Route[] = [
  ...routesOf(forwardingRules, ['patch'], 'compute.forwardingRules.aggregatedList'),
  {
    id: 'compute.globalForwardingRules.setTarget',
    method: 'POST',
    path: `${one}/setTarget`,
    permissions: ['compute.globalForwardingRules.setTarget'],
    body: shape('target'),
    query: ['requestId'],
    handle: (request, world) =>
      change(forwardingRules, request, world, 'SetTarget', (old) => ({...old, target: request.body.target ?? ''})),
  },
  {
    id: 'compute.globalForwardingRules.setLabels',
    method: 'POST',
    path: `${one}/setLabels`,
    permissions: ['compute.globalForwardingRules.setLabels'],
    body: {fields: {labelFingerprint: 'bytes', labels: {map: 'string'}}},
    handle: setLabels,
  },
]
