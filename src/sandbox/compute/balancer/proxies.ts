import type {Json, JsonObject, Route} from '../../api.ts'
import {text, texts} from '../../json.ts'
import {invalid, link, required, shape} from '../resources.ts'
import {routesOf, setter} from './collection.ts'
import type {Kind, Settling} from './collection.ts'
import {refer} from './references.ts'

const strings = 'kind name description creationTimestamp region selfLink urlMap'
const common = {id: 'int64', fingerprint: 'bytes', proxyBind: 'boolean', httpKeepAliveTimeoutSec: 'int'} as const
const quic = {enum: ['DISABLE', 'ENABLE', 'NONE']} as const

const urlMapOf = (given: JsonObject, at: Settling): string =>
  link(refer(at, given.urlMap, 'resource.urlMap', {urlMaps: 'compute.urlMaps.use'}).path)

/** Certificates and maps of Certificate Manager, which is not simulated, are taken on trust and come back without scheme and version. */
const managerName = (reference: string): string | undefined => {
  const [, name] =
    /^(?:(?:https:)?\/\/certificatemanager\.googleapis\.com\/(?:v1\/)?)?(projects\/[^/]+\/locations\/.+)$/.exec(reference) ?? []
  return name === undefined ? undefined : `//certificatemanager.googleapis.com/${name}`
}

const certificateOf = (reference: string, index: number, at: Settling): string => {
  const field = `resource.sslCertificates[${index}]`
  return managerName(reference) ?? link(refer(at, reference, field, {sslCertificates: 'compute.sslCertificates.get'}).path)
}

const settleHttps = (given: JsonObject, at: Settling): JsonObject => {
  const {sslCertificates, sslPolicy, certificateMap, ...rest} = given
  const certificates = texts(sslCertificates).map((reference, index) => certificateOf(reference, index, at))
  const map = text(certificateMap)
  if (certificates.length === 0 && map === '') throw required('resource.sslCertificates')
  if (certificates.length > 15) throw invalid('resource.sslCertificates', '', 'At most 15 certificates can be specified.')
  if (map !== '' && managerName(map) === undefined) throw invalid('resource.certificateMap', map, 'The URL is malformed.')
  const policy = text(sslPolicy)
  return {
    quicOverride: 'NONE',
    tlsEarlyData: 'DISABLED',
    ...rest,
    urlMap: urlMapOf(given, at),
    ...(certificates.length > 0 ? {sslCertificates: certificates} : {}),
    ...(map === '' ? {} : {certificateMap: managerName(map)}),
    ...(policy === '' ? {} : {sslPolicy: link(refer(at, policy, 'resource.sslPolicy', {sslPolicies: 'compute.sslPolicies.use'}).path)}),
  }
}

const httpsProxies: Kind = {
  plural: 'targetHttpsProxies',
  kind: 'targetHttpsProxy',
  noun: 'target_https_proxy',
  id: 'compute.targetHttpsProxies',
  scope: 'global',
  body: shape(`${strings} authorizationPolicy certificateMap serverTlsPolicy sslPolicy`, {
    ...common,
    quicOverride: quic,
    sslCertificates: {list: 'string'},
    tlsEarlyData: {enum: ['DISABLED', 'PERMISSIVE', 'STRICT', 'UNRESTRICTED']},
  }),
  fingerprinted: 'optional',
  settle: settleHttps,
}

const httpProxies: Kind = {
  plural: 'targetHttpProxies',
  kind: 'targetHttpProxy',
  noun: 'target_http_proxy',
  id: 'compute.targetHttpProxies',
  scope: 'global',
  body: shape(strings, common),
  fingerprinted: 'optional',
  settle: (given, at) => ({...given, urlMap: urlMapOf(given, at)}),
}

const taken =
  (field: string) =>
  (request: {body: JsonObject}): {[field: string]: Json} => ({[field]: request.body[field] ?? ''})

/** compute.targetHttpsProxies and compute.targetHttpProxies, global. */
export const proxyRoutes: Route[] = [
  ...routesOf(httpsProxies, ['patch']),
  setter(httpsProxies, 'setSslCertificates', {fields: {sslCertificates: {list: 'string'}}}, taken('sslCertificates'), {prefix: ''}),
  setter(httpsProxies, 'setUrlMap', shape('urlMap'), taken('urlMap'), {prefix: ''}),
  setter(httpsProxies, 'setSslPolicy', shape('sslPolicy'), taken('sslPolicy')),
  setter(httpsProxies, 'setQuicOverride', {fields: {quicOverride: quic}}, taken('quicOverride'), {
    operationType: 'compute.targetHttpsProxies.setQuicOverride',
  }),
  setter(httpsProxies, 'setCertificateMap', shape('certificateMap'), taken('certificateMap'), {
    operationType: 'compute.targetHttpsProxies.setCertificateMap',
  }),
  ...routesOf(httpProxies, ['patch']),
  setter(httpProxies, 'setUrlMap', shape('urlMap'), taken('urlMap'), {prefix: ''}),
]
