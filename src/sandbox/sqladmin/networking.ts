import type {JsonObject, World} from '../api.ts'
import {parseRange, formatAddress} from '../compute/cidr.ts'
import {object, objects, text, texts} from '../json.ts'
import {isPostgres} from './versions.ts'
import {tables} from './changes.ts'
import type {Instance} from './changes.ts'
import {invalid} from './refusals.ts'

const networkForm = /^(?:https?:\/\/[^/]+\/(?:compute\/)*v1\/)?projects\/([^/]+)\/global\/networks\/([a-z][-a-z0-9]*)$/

/** The path of the network that an instance is in, with the project's id; '' when it is in none. */
export const networkOf = (world: World, reference: string): string => {
  if (reference === '') return ''
  const [, owner = '', name] = networkForm.exec(reference) ?? []
  if (name === undefined) throw invalid(`Invalid network name: ${reference}`)
  return `projects/${world.project(owner)?.projectId ?? owner}/global/networks/${name}`
}

/** Refuses a network without a private connection to Google's services. */
export const checkNetwork = (world: World, {project, name}: Instance, ip: JsonObject): void => {
  const network = networkOf(world, text(ip.privateNetwork))
  if (network === '') return
  const peered = world.table('compute.peerings').get(`${network}#servicenetworking-googleapis-com`)
  const connection = world.table('servicenetworking.connections').get(network)
  const why = connection ? (peered ? undefined : 'NETWORK_PEERING_DELETED') : 'NETWORK_NOT_PEERED'
  if (why !== undefined) throw invalid(`Incorrect Service Networking config for instance: ${project}:${name}:${why}`)
  const wanted = text(ip.allocatedIpRange)
  if (wanted !== '' && !texts(connection?.reservedPeeringRanges).includes(wanted))
    throw invalid(`Allocated IP range '${wanted}' is not one of the ranges of the private connection of network '${network}'`)
}

/** The first address of the network's ranges that no instance has; Google takes a /24 for each region and the first hosts of it. */
const privateAddress = (world: World, instance: string, ip: JsonObject): string | undefined => {
  const network = networkOf(world, text(ip.privateNetwork))
  const scope = network.replace(/\/networks\/.*$/, '')
  const wanted = text(ip.allocatedIpRange)
  const ranges = wanted === '' ? texts(world.table('servicenetworking.connections').get(network)?.reservedPeeringRanges) : [wanted]
  const held = world.table('sqladmin.addresses')
  const free = (address: string) => {
    const owner = text(held.get(address)?.instance)
    return owner === '' || owner === instance || !world.table(tables.instances).get(owner)
  }
  for (const name of ranges) {
    const row = world.table('compute.addresses').get(`${scope}/addresses/${name}`)
    const range = row && parseRange(`${text(row.address)}/${Number(row.prefixLength)}`)
    if (!range || range.size < 8) continue
    for (let offset = 3; offset < Math.min(range.size - 1, 4096); offset += 1) {
      const address = formatAddress(range.first + offset)
      if (!free(address)) continue
      held.set(address, {instance})
      return address
    }
  }
  return undefined
}

/** The failure of an operation that finds no room in the allocated ranges. */
export const noRoom = {
  code: 'INTERNAL_ERROR',
  message:
    "Failed to create subnetwork. Couldn't find free blocks in allocated IP ranges. Please allocate new ranges for this service provider.",
}

const publicAddress = (world: World): string => {
  // 34.0.0.0/8 is one of Google's own; the id makes the address unlike the others.
  const last = Number(world.newId(19).slice(-9)) % 2 ** 16
  return `34.70.${Math.floor(last / 256)}.${last % 256}`
}

/**
 * The addresses of an instance after a change: those that it keeps stay what they are. Undefined when its network has no free address left.
 */
export const addressesOf = (world: World, {path}: Instance, row: JsonObject): JsonObject[] | undefined => {
  const ip = object(object(row.settings).ipConfiguration)
  const kept = (type: string) => objects(row.ipAddresses).find((address) => address.type === type)
  const types = ip.ipv4Enabled === true ? ['PRIMARY', ...(isPostgres(row.databaseVersion) ? ['OUTGOING'] : [])] : []
  const addresses = types.map((type): JsonObject => kept(type) ?? {type, ipAddress: publicAddress(world)})
  if (text(ip.privateNetwork) === '') return addresses
  const held = kept('PRIVATE')
  const ipAddress = held ? text(held.ipAddress) : privateAddress(world, path, ip)
  return ipAddress === undefined ? undefined : [...addresses, {type: 'PRIVATE', ipAddress}]
}
