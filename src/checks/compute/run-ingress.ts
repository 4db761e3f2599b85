import {edgeNames} from '../../changes/edge-names.ts'
import {lockService} from '../../changes/run.ts'
import {edgeName} from '../../changes/resource-names.ts'
import type {Config} from '../../config/parameters.ts'
import {notApplicable, pass, seen, warn} from '../../engine/finding.ts'
import type {ForwardingRule, RunService, SslCertificate} from '../../gcp/cloud.ts'
import {chosenCertificate, readCertificates} from '../certificates.ts'
import {defineItem} from '../define-item.ts'
import {httpsRules, readHttpsProxies} from '../edge.ts'
import {nobody, present, readPair, serviceRow, underOptionB, type Pair} from '../run-service.ts'
import {problem, worst} from '../worst.ts'

type Observed = {pair: Pair; rules: readonly ForwardingRule[]; certificates: readonly SslCertificate[]}

const onlyBalancer = 'INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER'
const isLocked = ({ingress, defaultUriDisabled}: RunService): boolean => ingress === onlyBalancer && defaultUriDisabled

/** Only what serves may become the only way: a public rule on 443, and a certificate that browsers take. */
const serves = ({rules, certificates}: Observed, config: Config): boolean =>
  httpsRules(rules).length > 0 && certificates.some((one) => one.status === 'ACTIVE' && one.domains.includes(config.domain))

export default defineItem<Observed>({
  excluded: ({config}) => underOptionB(config, 'RUN_NOT_CHOSEN'),

  async observe({cloud}, {config}) {
    const pair = await readPair(cloud, config)
    if (config.edge !== 'lb') return {pair, rules: [], certificates: []}
    const {rules, proxies} = await readHttpsProxies(cloud, config)
    return {pair, rules, certificates: await readCertificates(cloud, config, proxies)}
  },

  evaluate(observed, {config}) {
    const found = present(observed.pair)
    if (found.length === 0) return notApplicable('INGRESS_SERVICES_ABSENT')
    const shown = found.map(({service}) => serviceRow(config, service.name, 'ingress', service.ingress, service.ingress))
    if (config.edge !== 'lb') return pass('INGRESS_OPEN_AS_CHOSEN', shown, {env: config.env})
    const open = found.filter(({service}) => !isLocked(service))
    const rows = open.map(({service}) =>
      serviceRow(
        config,
        service.name,
        'ingress, defaultUriDisabled',
        `${onlyBalancer}, true`,
        `${service.ingress ?? 'unset'}, ${service.defaultUriDisabled}`,
      ),
    )
    const args = {services: open.map(({service}) => service.name).join(', '), domain: config.domain}
    const {name, found: certificate} = chosenCertificate(observed.certificates, config)
    const missing = [
      ...(httpsRules(observed.rules).length > 0
        ? []
        : [seen(edgeName(config.projectId, 'forwardingRules', edgeNames(config).httpsRule), 'name', 'a rule on port 443', undefined)]),
      ...(certificate?.status === 'ACTIVE'
        ? []
        : [seen(edgeName(config.projectId, 'sslCertificates', name), 'managed.status', 'ACTIVE', certificate?.status)]),
    ]
    return worst(
      [
        serves(observed, config)
          ? problem(warn, 'INGRESS_AROUND_BALANCER', rows, args)
          : problem(warn, 'INGRESS_WAITS_FOR_BALANCER', rows.length === 0 ? [] : [...rows, ...missing], args),
      ],
      pass('INGRESS_LOCKED', shown),
    )
  },

  plan(observed, {config}) {
    if (config.edge !== 'lb' || !serves(observed, config)) return []
    return present(observed.pair).flatMap(({service}) => (isLocked(service) ? [] : [lockService(config, service.name)]))
  },

  fresh: () => ({pair: nobody, rules: [], certificates: []}),
})
