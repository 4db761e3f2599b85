import {ApiError} from '../api.ts'
import type {JsonObject, Request, Route, World} from '../api.ts'
import {meddle} from '../compute/balancer/certificate-authority.ts'
import {objects, text, texts} from '../json.ts'
import {absolute, foreignSets, remember, writeForeign} from './records.ts'
import {typeNumbers} from './resolve.ts'

const replied = (world: World): JsonObject => ({records: foreignSets(world).map((set) => ({...set}))})

const write = (request: Request, world: World): JsonObject => {
  for (const [index, record] of objects(request.body.records).entries()) {
    const [name, type] = [text(record.name), text(record.type)]
    if (name === '' || typeNumbers[type] === undefined)
      throw new ApiError(400, 'INVALID_ARGUMENT', 'invalid', `records[${index}] needs a name and a known type.`)
    const ttl = typeof record.ttl === 'number' ? record.ttl : 300
    const set = {name: absolute(name), type, ttl, data: texts(record.data)}
    const resolver = text(record.resolver)
    if (resolver === '') writeForeign(world, set)
    else remember(world, resolver, set)
  }
  return replied(world)
}

const statuses = ['PROVISIONING', 'PROVISIONING_FAILED', 'PROVISIONING_FAILED_PERMANENTLY', 'RENEWAL_FAILED', 'ACTIVE'] as const

const certificate = (request: Request, world: World): JsonObject => {
  const [project = '', name = ''] = [request.params['project'], request.params['certificate']]
  const path = `projects/${project}/global/sslCertificates/${name}`
  if (!world.table('compute.sslCertificates').get(path))
    throw new ApiError(404, 'NOT_FOUND', 'notFound', `There is no certificate ${path}.`)
  const {days, status} = request.body
  meddle(world, path, {...(typeof days === 'number' ? {days} : {}), ...(typeof status === 'string' ? {status} : {})})
  return {certificate: path}
}

/**
 * The simulator's own: the DNS of the world outside (an NS set is what a registrar delegates to; a set without data is removed; one with
 * `resolver` is what that resolver alone still remembers),
 * and time passing for one managed certificate (`days`) or what Google's authority says of it (`status`; an empty one lets it decide again).
 */
export const publicDnsRoutes: Route[] = [
  {id: 'sandbox.publicDns.list', method: 'GET', path: '/v1/public-dns/records', handle: (_, world) => replied(world)},
  {
    id: 'sandbox.publicDns.write',
    method: 'PUT',
    path: '/v1/public-dns/records',
    body: {
      fields: {
        records: {
          list: {
            fields: {
              name: 'string',
              type: 'string',
              ttl: 'int',
              data: {list: 'string'},
              resolver: {enum: ['dns.google', 'cloudflare-dns.com']},
            },
          },
        },
      },
    },
    handle: write,
  },
  {
    id: 'sandbox.managedCertificates.meddle',
    method: 'POST',
    path: '/v1/projects/{project}/managed-certificates/{certificate}',
    body: {fields: {days: 'int', status: {enum: ['', ...statuses]}}},
    handle: certificate,
  },
]
