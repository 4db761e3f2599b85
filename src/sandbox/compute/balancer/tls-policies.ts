import type {JsonObject, Route} from '../../api.ts'
import {text, texts} from '../../json.ts'
import {invalid, shape, without} from '../resources.ts'
import {routesOf} from './collection.ts'
import type {Kind} from './collection.ts'

const modern = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
  'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
  'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256',
  'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
  'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
  'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
]
const cbc = [
  'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA',
  'TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA',
  'TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA',
  'TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA',
]
const old = [
  'TLS_RSA_WITH_3DES_EDE_CBC_SHA',
  'TLS_RSA_WITH_AES_128_CBC_SHA',
  'TLS_RSA_WITH_AES_128_GCM_SHA256',
  'TLS_RSA_WITH_AES_256_CBC_SHA',
  'TLS_RSA_WITH_AES_256_GCM_SHA384',
]
/** Cipher suites of the profiles: https://cloud.google.com/load-balancing/docs/ssl-policies-concepts. */
const features: Record<string, string[]> = {
  COMPATIBLE: [...modern, ...cbc, ...old],
  MODERN: [...modern, ...cbc],
  RESTRICTED: modern,
  FIPS_202205: modern.filter((name) => !name.includes('CHACHA20')),
}

const settle = (given: JsonObject): JsonObject => {
  const profile = text(given.profile) || 'COMPATIBLE'
  const custom = texts(given.customFeatures)
  if ((profile === 'CUSTOM') !== custom.length > 0) {
    const why =
      profile === 'CUSTOM' ? 'A CUSTOM profile needs custom features.' : 'Custom features can only be set when the profile is CUSTOM.'
    throw invalid('resource.customFeatures', custom.join(','), why)
  }
  const unknown = custom.find((name) => !features['COMPATIBLE']?.includes(name))
  if (unknown !== undefined) throw invalid('resource.customFeatures', unknown, 'The feature is not available.')
  return {
    ...without(given, 'enabledFeatures', 'warnings'),
    profile,
    minTlsVersion: text(given.minTlsVersion) || 'TLS_1_0',
    enabledFeatures: features[profile] ?? custom,
  }
}

const sslPolicies: Kind = {
  plural: 'sslPolicies',
  kind: 'sslPolicy',
  noun: 'ssl_policy',
  id: 'compute.sslPolicies',
  scope: 'global',
  body: shape('kind name description creationTimestamp region selfLink', {
    id: 'int64',
    fingerprint: 'bytes',
    customFeatures: {list: 'string'},
    enabledFeatures: {list: 'string'},
    minTlsVersion: {enum: ['TLS_1_0', 'TLS_1_1', 'TLS_1_2', 'TLS_1_3']},
    postQuantumKeyExchange: {enum: ['DEFAULT', 'DEFERRED', 'ENABLED']},
    profile: {enum: ['COMPATIBLE', 'CUSTOM', 'FIPS_202205', 'MODERN', 'RESTRICTED']},
    warnings: {list: 'any'},
  }),
  fingerprinted: 'required',
  settle,
}

/** compute.sslPolicies, global. */
export const tlsPolicyRoutes: Route[] = routesOf(sslPolicies, ['patch'])
