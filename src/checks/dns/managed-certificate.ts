import {attachCertificate, createCertificate} from '../../changes/certificates.ts'
import {edgeName} from '../../changes/resource-names.ts'
import {isPlaceholderDomain, type Config} from '../../config/parameters.ts'
import {fail, manual, notApplicable, pass, seen, warn} from '../../engine/finding.ts'
import type {HttpsProxy, SslCertificate} from '../../gcp/cloud.ts'
import {
  chosenCertificate,
  covers,
  isAttached,
  lacksCertificate,
  ownProxy,
  readCertificates,
  stateOf,
  usesCertificateManager,
  waitsFor,
} from '../certificates.ts'
import {defineItem} from '../define-item.ts'
import {httpsRules, readHttpsProxies} from '../edge.ts'

/** `proxies`: ours, and those that public rules on port 443 lead to; `served`: the names of the latter. */
type Observed = {certificates: readonly SslCertificate[]; proxies: readonly HttpsProxy[]; served: readonly string[]}

const day = 86_400_000
/** A certificate that is not active so shortly before its end will not be renewed in time. */
const lastDays = 14

/** The one to judge: of the configured name, or another managed one that a load balancer uses for the domain. */
const judged = ({certificates, proxies}: Observed, config: Config): SslCertificate | undefined => {
  const used = certificates.filter(
    (one) => one.type === 'MANAGED' && covers(one, config.domain) && proxies.some((proxy) => isAttached(proxy, one.name)),
  )
  const other = used.find((one) => stateOf(one) === 'active') ?? used[0]
  return config.compute === 'gke-autopilot' ? other : (chosenCertificate(certificates, config).found ?? other)
}

export default defineItem<Observed>({
  excluded: ({config}) => (config.edge === 'run-app-url' ? notApplicable('EDGE_IS_RUN_APP_URL') : undefined),

  async observe({cloud}, {config}) {
    const {rules, proxies} = await readHttpsProxies(cloud, config)
    const certificates = await readCertificates(cloud, config, proxies)
    return {certificates, proxies, served: httpsRules(rules).flatMap(({target}) => target?.name ?? [])}
  },

  evaluate(observed, {config, now}) {
    const {certificates, proxies, served} = observed
    const {projectId, domain, certName} = config
    const named = certificates.find(({name}) => name === certName)
    const found = judged(observed, config)
    const resource = edgeName(projectId, 'sslCertificates', found?.name ?? certName)
    const args = {domain, certificate: found?.name ?? certName}
    if (isPlaceholderDomain(domain))
      return manual('CERTIFICATE_DOMAIN_UNSET', [seen(resource, 'managed.domains', 'a domain of yours', domain)], args)
    if (found === undefined) {
      const absent = [seen(resource, 'managed.domains', domain, named?.domains)]
      if (proxies.some(usesCertificateManager)) return manual('CERTIFICATE_IN_CERTIFICATE_MANAGER', absent, args)
      if (config.compute === 'gke-autopilot') return manual('CERTIFICATE_BY_GATEWAY', absent, args)
      if (named === undefined) return fail('CERTIFICATE_MISSING', absent, args)
      return named.type === 'MANAGED'
        ? fail('CERTIFICATE_OTHER_DOMAIN', absent, {...args, others: named.domains.join(', ')})
        : fail('CERTIFICATE_SELF_MANAGED', [seen(resource, 'type', 'MANAGED', named.type)], args)
    }
    const attached = proxies.some((proxy) => served.includes(proxy.name) && isAttached(proxy, found.name))
    const rows = [
      seen(resource, 'managed.status', 'ACTIVE', found.status),
      ...(found.domainStatus[domain] === undefined || found.domainStatus[domain] === 'ACTIVE'
        ? []
        : [seen(resource, `managed.domainStatus.${domain}`, 'ACTIVE', found.domainStatus[domain])]),
    ]
    const state = stateOf(found)
    const more = {...args, state: found.status ?? 'unknown', missing: waitsFor(found, domain, attached), expires: found.expireTime ?? ''}
    if (state === 'active') return pass('CERTIFICATE_ACTIVE', rows, args)
    if (found.expireTime !== undefined && Date.parse(found.expireTime) - now.getTime() < lastDays * day)
      return fail(
        'CERTIFICATE_EXPIRING',
        [...rows, seen(resource, 'expireTime', `more than ${lastDays} days away`, found.expireTime)],
        more,
      )
    if (state === 'renewal-failed') return fail('CERTIFICATE_NOT_RENEWED', rows, more)
    if (state === 'failed') return fail('CERTIFICATE_NOT_ISSUED', rows, more)
    const old = found.creationTimestamp !== undefined && now.getTime() - Date.parse(found.creationTimestamp) > day
    return old ? fail('CERTIFICATE_STUCK', rows, more) : warn('CERTIFICATE_PENDING', rows, more)
  },

  plan(observed, {config}) {
    const {certificates, proxies} = observed
    const {projectId: project, domain} = config
    if (config.compute === 'gke-autopilot' || isPlaceholderDomain(domain)) return []
    if (judged(observed, config) === undefined && proxies.some(usesCertificateManager)) return []
    const {name, found} = chosenCertificate(certificates, config)
    const create = found === undefined && judged(observed, config) === undefined ? [createCertificate(project, name, domain)] : []
    const proxy = ownProxy(proxies, config)
    return proxy === undefined || !lacksCertificate(proxy, certificates, domain)
      ? create
      : [...create, attachCertificate({project, proxy: proxy.name, certificate: name, attached: proxy.sslCertificates})]
  },

  fresh: () => ({certificates: [], proxies: [], served: []}),
})
