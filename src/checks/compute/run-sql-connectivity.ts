import {connectService} from '../../changes/run.ts'
import {connectorName, lastSegment, sqlInstanceName} from '../../changes/resource-names.ts'
import {overlaps, parseCidr} from '../../config/cidr.ts'
import type {Config} from '../../config/parameters.ts'
import {fail, notApplicable, pass, seen, warn, type CloudEvidence, type Finding} from '../../engine/finding.ts'
import type {Connector, Router, RunService, SqlInstance, Subnetwork} from '../../gcp/cloud.ts'
import {defineItem} from '../define-item.ts'
import {privateAddress, serviceRow, underOptionB} from '../run-service.ts'
import {worst} from '../worst.ts'

type Observed = {
  backend: RunService | undefined
  instance: SqlInstance | undefined
  /** The one that the backend names. */
  connector: Connector | undefined
  /** Of our network: a connector names only its own one. */
  subnets: readonly Subnetwork[]
  routers: readonly Router[]
}

type Way = 'none' | 'direct' | 'connector'
const wayOf = ({template: {vpcAccess}}: RunService): Way =>
  vpcAccess.connector !== undefined ? 'connector' : vpcAccess.networkInterfaces.length > 0 ? 'direct' : 'none'

const isDirectlyOurs = ({template}: RunService, {network, subnet}: Config): boolean =>
  template.vpcAccess.networkInterfaces.some(
    (one) => lastSegment(one.network ?? '') === network || lastSegment(one.subnetwork ?? '') === subnet,
  )

const isConnectorOurs = ({template}: RunService, {connector, subnets}: Observed, config: Config): boolean =>
  lastSegment(template.vpcAccess.connector ?? '') === config.connectorName &&
  (connector === undefined ||
    (connector.subnet === undefined ? connector.network === config.network : subnets.some(({name}) => name === connector.subnet)))

const leadsElsewhere = (service: RunService, observed: Observed, config: Config): boolean => {
  const way = wayOf(service)
  return (way === 'direct' && !isDirectlyOurs(service, config)) || (way === 'connector' && !isConnectorOurs(service, observed, config))
}

const isPublic = (instance: SqlInstance | undefined): boolean => instance?.ipAddresses.some(({type}) => type === 'PRIMARY') ?? false

/** All traffic into the network, and nothing there that lets it out again. */
const isShutIn = ({template}: RunService, {routers}: Observed, {network}: Config): boolean =>
  template.vpcAccess.egress === 'ALL_TRAFFIC' && !routers.some((router) => router.network === network && router.nats.length > 0)

/** What PRIVATE_RANGES_ONLY sends into the network: RFC 1918, RFC 6598 and class E (Cloud Run, networking best practices). */
const routed = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '240.0.0.0/4'].map(parseCidr)

/** The address of the database, where the backend's traffic to it does not enter the network. */
const unrouted = ({template}: RunService, {instance}: Observed): string | undefined => {
  const address = privateAddress(instance)
  if (address === undefined || template.vpcAccess.egress === 'ALL_TRAFFIC') return undefined
  return routed.some((range) => overlaps(range, parseCidr(`${address}/32`))) ? undefined : address
}

const way = (service: RunService): string => {
  const {connector, networkInterfaces} = service.template.vpcAccess
  if (connector !== undefined) return `connector ${lastSegment(connector)}`
  return networkInterfaces.map((one) => `subnet ${lastSegment(one.subnetwork ?? one.network ?? '')}`).join(', ') || 'none'
}
const wanted = ({vpcAccess, subnet, connectorName: name}: Config): string =>
  vpcAccess === 'direct' ? `subnet ${subnet}` : `connector ${name}`

const noPath = (service: RunService, {instance}: Observed, config: Config, rows: readonly CloudEvidence[]): Finding => {
  const args = {service: service.name, instance: config.sqlInstance, wanted: wanted(config)}
  const mounted = service.template.cloudSqlInstances
  if (isPublic(instance)) {
    const addresses = instance?.ipAddresses.map(({type}) => type)
    const row = seen(sqlInstanceName(config.projectId, config.sqlInstance), 'ipAddresses[].type', 'PRIVATE', addresses)
    return warn('RUN_PUBLIC_PATH', [...rows, row], args)
  }
  if (mounted.length === 0) return fail('RUN_NO_PATH', rows, args)
  const row = serviceRow(config, service.name, 'template.volumes[].cloudSqlInstance', 'a path into the network', mounted)
  return fail('RUN_ONLY_SQL_VOLUME', [...rows, row], args)
}

const connectorProblem = (service: RunService, {connector}: Observed, config: Config): Finding | undefined => {
  if (wayOf(service) !== 'connector' || connector?.state === 'READY') return undefined
  const name = lastSegment(service.template.vpcAccess.connector ?? '')
  const row = seen(connectorName(config.projectId, config.region, name), 'state', 'READY', connector?.state)
  return fail('RUN_CONNECTOR_NOT_READY', [row], {service: service.name, connector: name, state: connector?.state ?? 'absent'})
}

export default defineItem<Observed>({
  excluded: ({config}) => underOptionB(config, 'RUN_NOT_CHOSEN'),

  async observe({cloud}, {config}) {
    const [backend, instance] = await Promise.all([
      cloud.run.service(config.region, config.runServices.backend),
      cloud.sql.instance(config.sqlInstance),
    ])
    const name = backend?.template.vpcAccess.connector
    const all = backend?.template.vpcAccess.egress === 'ALL_TRAFFIC'
    const [connector, subnets, routers] = await Promise.all([
      name === undefined ? undefined : cloud.vpcAccess.connector(config.region, lastSegment(name)),
      name === undefined ? [] : cloud.compute.subnetworks(config.network),
      all ? cloud.compute.routers(config.region) : [],
    ])
    return {backend, instance, connector, subnets, routers}
  },

  evaluate(observed, {config}) {
    const {backend} = observed
    if (backend === undefined) return notApplicable('RUN_BACKEND_ABSENT', [], {service: config.runServices.backend})
    const args = {service: backend.name, way: way(backend), wanted: wanted(config), network: config.network}
    const row = serviceRow(config, backend.name, 'template.vpcAccess', wanted(config), way(backend))
    if (wayOf(backend) === 'none') return noPath(backend, observed, config, [row])
    const outside = unrouted(backend, observed)
    return worst(
      [
        connectorProblem(backend, observed, config),
        leadsElsewhere(backend, observed, config)
          ? fail(
              'RUN_OTHER_NETWORK',
              [serviceRow(config, backend.name, 'template.vpcAccess', `${wanted(config)} of network ${config.network}`, way(backend))],
              args,
            )
          : undefined,
        outside === undefined
          ? undefined
          : fail(
              'RUN_ADDRESS_NOT_ROUTED',
              [serviceRow(config, backend.name, 'template.vpcAccess.egress', `a way to ${outside}`, 'private ranges only')],
              {...args, instance: config.sqlInstance, address: outside},
            ),
        wayOf(backend) === 'connector' && config.vpcAccess === 'direct' ? warn('RUN_USES_CONNECTOR', [row], args) : undefined,
        isShutIn(backend, observed, config)
          ? warn(
              'RUN_EGRESS_SHUT_IN',
              [
                serviceRow(
                  config,
                  backend.name,
                  'template.vpcAccess.egress',
                  'PRIVATE_RANGES_ONLY, or a Cloud NAT',
                  'ALL_TRAFFIC without Cloud NAT',
                ),
              ],
              args,
            )
          : undefined,
      ],
      pass('RUN_PATH_PRIVATE', [row], args),
    )
  },

  plan(observed, {config}) {
    const {backend} = observed
    if (backend === undefined) return []
    const from = wayOf(backend)
    const connect = (consent?: string) => [connectService(config, backend.name, consent)]
    if (from === 'none') return connect()
    // The configured connector is named already: where it leads is its own item's business.
    const named = config.vpcAccess === 'connector' && lastSegment(backend.template.vpcAccess.connector ?? '') === config.connectorName
    if (leadsElsewhere(backend, observed, config) && !named) return connect(`${way(backend)} may be meant for something that it needs`)
    if (from === 'connector' && config.vpcAccess === 'direct')
      return connect('the backend leaves the connector and takes addresses from the subnet')
    // A connector of ours that is not ready is its own item's business.
    return isShutIn(backend, observed, config) ? connect('somebody sent all traffic through the network') : []
  },
})
