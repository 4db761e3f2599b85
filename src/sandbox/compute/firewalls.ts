import type {JsonObject, Request, Route, World} from '../api.ts'
import {merge, object, objects, pick, text, texts} from '../json.ts'
import {find, findReady, refuseDuplicate, startChange} from './changes.ts'
import {parseRange} from './cidr.ts'
import {listQuery, listReply, rowsIn} from './lists.ts'
import {invalid, link, newName, newResource, pathOf, projectOf, required, shape} from './resources.ts'

const table = 'compute.firewalls'
const rules = {list: shape('IPProtocol', {ports: {list: 'string'}})} as const
const listed = ['sourceRanges', 'destinationRanges', 'sourceTags', 'targetTags', 'sourceServiceAccounts', 'targetServiceAccounts']
const firewall = shape('kind name description creationTimestamp network selfLink', {
  id: 'int64',
  allowed: rules,
  denied: rules,
  direction: {enum: ['EGRESS', 'INGRESS']},
  disabled: 'boolean',
  priority: 'int',
  logConfig: shape('metadata', {enable: 'boolean', metadata: {enum: ['EXCLUDE_ALL_METADATA', 'INCLUDE_ALL_METADATA']}}),
  ...Object.fromEntries(listed.map((name) => [name, {list: 'string' as const}])),
})
const collection = {kind: 'firewall', fields: Object.keys(firewall.fields)}

const check = (body: JsonObject) => {
  const [allowed, denied] = [objects(body.allowed), objects(body.denied)]
  if (allowed.length === 0 && denied.length === 0) throw required('resource.allowed')
  if (allowed.length > 0 && denied.length > 0) throw invalid('resource.denied', '', 'A firewall cannot have both allowed and denied rules.')
  const bare = [...allowed, ...denied].findIndex((rule) => text(rule.IPProtocol) === '')
  if (bare >= 0) throw required(`resource.${allowed.length > 0 ? 'allowed' : 'denied'}[${bare}].IPProtocol`)
  if (typeof body.priority === 'number' && (body.priority < 0 || body.priority > 65535)) {
    throw invalid('resource.priority', String(body.priority), 'Must be between 0 and 65535, inclusive.')
  }
  for (const field of ['sourceRanges', 'destinationRanges']) {
    const wrong = texts(body[field]).find((cidr) => !cidr.includes(':') && !parseRange(cidr.includes('/') ? cidr : `${cidr}/32`))
    if (wrong !== undefined) throw invalid(`resource.${field}`, wrong, 'Must be a CIDR address range.')
  }
}

/** A new rule with the server's defaults: from anywhere unless a source is named. */
export const newFirewall = (world: World, path: string, network: string, body: JsonObject): JsonObject => {
  const egress = body.direction === 'EGRESS'
  const sources = ['sourceRanges', 'sourceTags', 'sourceServiceAccounts'].some((field) => texts(body[field]).length > 0)
  const anywhere = egress
    ? texts(body.destinationRanges).length > 0
      ? {}
      : {destinationRanges: ['0.0.0.0/0']}
    : sources
      ? {}
      : {sourceRanges: ['0.0.0.0/0']}
  return {
    ...newResource(world, 'firewall', path),
    description: text(body.description),
    network: link(network),
    priority: typeof body.priority === 'number' ? body.priority : 1000,
    direction: egress ? 'EGRESS' : 'INGRESS',
    ...pick(body, ['allowed', 'denied', ...listed.filter((field) => texts(body[field]).length > 0)]),
    ...anywhere,
    logConfig: {enable: false, ...object(body.logConfig)},
    disabled: body.disabled === true,
  }
}

const networkOf = (request: Request, world: World): string => {
  const reference = text(request.body.network) || 'global/networks/default'
  const network = pathOf(world, projectOf(request, world), reference, 'networks')
  if (network === undefined) throw invalid('resource.network', reference, 'The URL is malformed.')
  findReady(world, 'compute.networks', network)
  return network
}

const insert = (request: Request, world: World): JsonObject => {
  const path = `projects/${projectOf(request, world)}/global/firewalls/${newName(request.body)}`
  check(request.body)
  const network = networkOf(request, world)
  refuseDuplicate(world, table, path)
  const value = newFirewall(world, path, network, request.body)
  return startChange(world, {operationType: 'insert', target: path, targetId: text(value.id), writes: [{table, key: path, value}]})
}

const pathFor = (request: Request, world: World) =>
  `projects/${projectOf(request, world)}/global/firewalls/${request.params.firewall ?? ''}`

const fixed = ['network', 'direction', 'name']

const save = (request: Request, world: World, operationType: string, wanted: (row: JsonObject) => JsonObject): JsonObject => {
  const path = pathFor(request, world)
  const row = findReady(world, table, path)
  const body: JsonObject = text(request.body.network) === '' ? request.body : {...request.body, network: link(networkOf(request, world))}
  const moved = fixed.find((field) => body[field] !== undefined && body[field] !== null && body[field] !== row[field])
  if (moved !== undefined) throw invalid(`resource.${moved}`, text(body[moved]), 'The field cannot be changed.')
  const merged = wanted({...row, ...pick(body, ['network'])})
  check(merged)
  const value = {...newFirewall(world, path, text(row.network).replace(link(''), ''), merged), ...pick(row, ['id', 'creationTimestamp'])}
  return startChange(world, {operationType, target: path, targetId: text(row.id), writes: [{table, key: path, value}]})
}

const remove = (request: Request, world: World): JsonObject => {
  const path = pathFor(request, world)
  const row = findReady(world, table, path)
  return startChange(world, {operationType: 'delete', target: path, targetId: text(row.id), writes: [{table, key: path, value: null}]})
}

const all = '/compute/v1/projects/{project}/global/firewalls'
const one = `${all}/{firewall}`
const query = ['requestId']

/** compute.firewalls: the rules of VPC networks. */
export const firewallRoutes: Route[] = [
  {
    id: 'compute.firewalls.insert',
    method: 'POST',
    path: all,
    permissions: ['compute.firewalls.create', 'compute.networks.updatePolicy'],
    body: firewall,
    query,
    handle: insert,
  },
  {
    id: 'compute.firewalls.list',
    method: 'GET',
    path: all,
    permissions: ['compute.firewalls.list'],
    query: listQuery,
    handle: (request, world) => {
      const path = `projects/${projectOf(request, world)}/global/firewalls`
      return listReply(request, path, collection, rowsIn(world, table, path))
    },
  },
  {
    id: 'compute.firewalls.get',
    method: 'GET',
    path: one,
    permissions: ['compute.firewalls.get'],
    handle: (request, world) => find(world, table, pathFor(request, world)),
  },
  {
    id: 'compute.firewalls.patch',
    method: 'PATCH',
    path: one,
    permissions: ['compute.firewalls.update', 'compute.networks.updatePolicy'],
    body: firewall,
    query,
    handle: (request, world) =>
      save(request, world, 'compute.firewalls.patch', (row) => merge(row, {...request.body, network: row.network})),
  },
  {
    id: 'compute.firewalls.update',
    method: 'PUT',
    path: one,
    permissions: ['compute.firewalls.update', 'compute.networks.updatePolicy'],
    body: firewall,
    query,
    handle: (request, world) => save(request, world, 'update', (row) => ({direction: row.direction, ...request.body})),
  },
  {
    id: 'compute.firewalls.delete',
    method: 'DELETE',
    path: one,
    permissions: ['compute.firewalls.delete', 'compute.networks.updatePolicy'],
    query,
    handle: remove,
  },
]
