import {X509Certificate} from 'node:crypto'
import type {JsonObject, Route} from '../../api.ts'
import {object, text, texts} from '../../json.ts'
import {invalid, required, shape, without} from '../resources.ts'
import {forgotten, managedNow} from './certificate-authority.ts'
import {routesOf} from './collection.ts'
import type {Kind} from './collection.ts'

const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
const domainForm = new RegExp(`^(?:${label}\\.)+${label}$`)

const managed = (given: JsonObject): JsonObject => {
  const domains = texts(object(given.managed).domains).map((domain) => domain.replace(/\.$/, ''))
  if (domains.length === 0) throw required('resource.managed.domains')
  if (domains.length > 100) throw invalid('resource.managed.domains', '', 'At most 100 domains can be specified.')
  for (const [index, domain] of domains.entries()) {
    const field = `resource.managed.domains[${index}]`
    if (domain.startsWith('*')) throw invalid(field, domain, 'Wildcard domains are not supported.')
    if (!domainForm.test(domain)) throw invalid(field, domain, 'The domain name is not valid.')
  }
  return {...without(given, 'certificate', 'privateKey', 'selfManaged'), type: 'MANAGED', managed: {domains}}
}

const selfManaged = (given: JsonObject): JsonObject => {
  const own = object(given.selfManaged)
  const pem = text(own.certificate) || text(given.certificate)
  if (pem === '') throw required('resource.certificate')
  if ((text(own.privateKey) || text(given.privateKey)) === '') throw required('resource.privateKey')
  let parsed: X509Certificate
  try {
    parsed = new X509Certificate(pem)
  } catch {
    throw invalid('resource.certificate', '', 'The SSL certificate could not be parsed.')
  }
  const names = (parsed.subjectAltName ?? '').split(', ').flatMap((name) => (name.startsWith('DNS:') ? [name.slice(4)] : []))
  const until = new Date(parsed.validTo)
  return {
    ...without(given, 'privateKey', 'managed'),
    type: 'SELF_MANAGED',
    certificate: pem,
    selfManaged: {certificate: pem},
    expireTime: until.toISOString(),
    ...(names.length > 0 ? {subjectAlternativeNames: names} : {}),
  }
}

const sslCertificates: Kind = {
  plural: 'sslCertificates',
  kind: 'sslCertificate',
  noun: 'ssl_certificate',
  id: 'compute.sslCertificates',
  scope: 'global',
  body: shape('kind name description creationTimestamp region selfLink certificate privateKey expireTime', {
    id: 'int64',
    managed: {
      fields: {
        domains: {list: 'string'},
        domainStatus: {map: 'string'},
        status: {
          enum: [
            'ACTIVE',
            'MANAGED_CERTIFICATE_STATUS_UNSPECIFIED',
            'PROVISIONING',
            'PROVISIONING_FAILED',
            'PROVISIONING_FAILED_PERMANENTLY',
            'RENEWAL_FAILED',
          ],
        },
      },
    },
    selfManaged: shape('certificate privateKey'),
    subjectAlternativeNames: {list: 'string'},
    type: {enum: ['MANAGED', 'SELF_MANAGED', 'TYPE_UNSPECIFIED']},
  }),
  settle: (given) => (given.type === 'MANAGED' || given.managed !== undefined ? managed(given) : selfManaged(given)),
  also: (value, _, {path}) => (value ? [] : [forgotten(path)]),
  shown: (row, world) => {
    if (row.type !== 'MANAGED') return row
    const path = text(row.selfLink).replace(/^.*\/(?=projects\/)/, '')
    return {...row, ...managedNow(world, path, texts(object(row.managed).domains))}
  },
}

/** compute.sslCertificates, global. The private key of a self-managed one is never kept. */
export const certificateRoutes: Route[] = routesOf(sslCertificates, [])
