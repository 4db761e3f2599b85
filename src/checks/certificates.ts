import {edgeNames, renamed} from '../changes/edge-names.ts'
import {lastSegment} from '../changes/resource-names.ts'
import type {Config} from '../config/parameters.ts'
import type {Cloud, HttpsProxy, SslCertificate} from '../gcp/cloud.ts'

/** Certificates of Certificate Manager stand beside those of Compute Engine; what they cover is not read. */
const isManagers = (reference: string): boolean => reference.includes('certificatemanager')

/** The certificate of the configured name, the one that stands in for it, and those of these proxies. */
export const readCertificates = async (
  {compute}: Cloud,
  config: Config,
  proxies: readonly HttpsProxy[] = [],
): Promise<SslCertificate[]> => {
  const attached = proxies.flatMap(({sslCertificates}) => sslCertificates.filter((one) => !isManagers(one)).map(lastSegment))
  const names = new Set([config.certName, standIn(config), ...attached])
  return (await Promise.all([...names].map((name) => compute.sslCertificate(name)))).flatMap((one) => one ?? [])
}

/** Domains of a certificate cannot be changed: where the configured name is taken by another domain, a new one has this name. */
const standIn = ({certName, domain}: Config): string => renamed(certName, domain)

const isOurs = ({type, domains}: SslCertificate, domain: string): boolean => type === 'MANAGED' && domains.includes(domain)

/** The managed certificate of the domain: the one that is there, or the name that it will have. */
export const chosenCertificate = (certificates: readonly SslCertificate[], config: Config): {name: string; found?: SslCertificate} => {
  const named = certificates.find(({name}) => name === config.certName)
  if (named !== undefined && isOurs(named, config.domain)) return {name: named.name, found: named}
  const other = certificates.find(({name}) => name === standIn(config))
  if (other !== undefined) return {name: other.name, found: other}
  return {name: named === undefined ? config.certName : standIn(config)}
}

/** What visitors of the domain are shown: the managed certificate of the domain, or the one of the configured name that somebody brought. */
export const certificateOf = (certificates: readonly SslCertificate[], config: Config): SslCertificate | undefined =>
  chosenCertificate(certificates, config).found ??
  certificates.find((one) => one.name === config.certName && one.type === 'SELF_MANAGED' && covers(one, config.domain))

/** True when it is good for the domain, whoever issued it. */
export const covers = ({domains, subjectAlternativeNames}: SslCertificate, domain: string): boolean =>
  [...domains, ...subjectAlternativeNames].some(
    (name) =>
      name === domain || (name.startsWith('*.') && domain.endsWith(name.slice(1)) && !domain.slice(0, -name.length + 1).includes('.')),
  )

/** Attached to this proxy. */
export const isAttached = (proxy: HttpsProxy, certificate: string): boolean =>
  proxy.sslCertificates.some((one) => !isManagers(one) && lastSegment(one) === certificate)

/** Takes its certificates, or some of them, from Certificate Manager. */
export const usesCertificateManager = ({certificateMap, sslCertificates}: HttpsProxy): boolean =>
  certificateMap !== undefined || sslCertificates.some(isManagers)

/** True when no certificate of the proxy is good for the domain, as far as its certificates can be read. */
export const lacksCertificate = (proxy: HttpsProxy, certificates: readonly SslCertificate[], domain: string): boolean =>
  !usesCertificateManager(proxy) && !certificates.some((one) => covers(one, domain) && isAttached(proxy, one.name))

/** Our HTTPS proxy among these. */
export const ownProxy = (proxies: readonly HttpsProxy[], config: Config): HttpsProxy | undefined =>
  proxies.find(({name}) => name === edgeNames(config).httpsProxy)

/** Where a managed certificate stands. */
export const stateOf = ({status}: SslCertificate): 'active' | 'pending' | 'failed' | 'renewal-failed' =>
  status === 'ACTIVE'
    ? 'active'
    : status === 'RENEWAL_FAILED'
      ? 'renewal-failed'
      : status?.startsWith('PROVISIONING_FAILED') === true
        ? 'failed'
        : 'pending'

const missing: Readonly<Record<string, string>> = {
  FAILED_NOT_VISIBLE: 'Google does not see the domain lead to the load balancer yet (its A record, or an AAAA record that leads elsewhere)',
  FAILED_CAA_CHECKING: 'Google cannot read the CAA records of the domain',
  FAILED_CAA_FORBIDDEN: 'the CAA records of the domain do not admit pki.goog',
  FAILED_RATE_LIMITED: 'the authority issues no more certificates for this domain for now',
  ACTIVE: 'the domain is proven, and the certificate is being issued',
}

/** What a pending certificate waits for, in plain words. */
export const waitsFor = ({domainStatus}: SslCertificate, domain: string, attached: boolean): string =>
  attached
    ? (missing[domainStatus[domain] ?? ''] ?? 'Google is checking that the domain leads to the load balancer')
    : 'no load balancer uses it yet'
