import {edgeNames} from '../changes/edge-names.ts'
import {emailOf} from '../changes/resource-names.ts'
import type {Config} from '../config/parameters.ts'
import {requiredServices} from '../config/required-services.ts'
import type {Cloud} from '../gcp/cloud.ts'
import {GcpError} from '../gcp/gcp-error.ts'
import type {ImportBlock} from './import-block.ts'

/** What exists as import blocks, and what could not be read. */
export type Existing = {blocks: ImportBlock[]; notRead: {what: string; why: string}[]}

/** Resources of one kind: read together, and left out together when they cannot be read. */
type Group = {what: string; read: (cloud: Cloud, config: Config) => Promise<(ImportBlock | false | undefined)[]>}

const key = (name: string): string => `[${JSON.stringify(name)}]`

/**
 * Every resource that qlogic makes, under the name by which the modules of the scaffold declare it. The ids are those of the google provider
 * (https://registry.terraform.io/providers/hashicorp/google/latest/docs, section Import of each resource).
 */
const groups: readonly Group[] = [
  {
    what: 'enabled APIs',
    read: async (cloud, config) => {
      const wanted = requiredServices(config)
      const states = await cloud.serviceUsage.states(wanted)
      return wanted.map(
        (service) =>
          states.get(service) === 'ENABLED' && {
            to: `module.networking.google_project_service.apis${key(service)}`,
            id: `${config.projectId}/${service}`,
          },
      )
    },
  },
  {
    what: 'network',
    read: async (cloud, {projectId: p, network, subnet, region, psaRange}) => {
      const found = await cloud.compute.network(network)
      if (found === undefined) return []
      const [subnets, range, connections] = await Promise.all([
        cloud.compute.subnetworks(network),
        cloud.compute.globalAddress(psaRange),
        cloud.serviceNetworking.connections(network),
      ])
      return [
        {to: 'module.networking.google_compute_network.main', id: `projects/${p}/global/networks/${network}`},
        subnets.some(({name}) => name === subnet) && {
          to: 'module.networking.google_compute_subnetwork.private',
          id: `projects/${p}/regions/${region}/subnetworks/${subnet}`,
        },
        range && {to: 'module.networking.google_compute_global_address.private_services', id: `projects/${p}/global/addresses/${psaRange}`},
        connections.length > 0 && {
          to: 'module.networking.google_service_networking_connection.private_services',
          id: `projects/${p}/global/networks/${network}:servicenetworking.googleapis.com`,
        },
      ]
    },
  },
  {
    what: 'VPC connector',
    read: async (cloud, {projectId: p, region, connectorName, vpcAccess, compute}) => {
      if (vpcAccess !== 'connector' || compute !== 'cloud-run') return []
      const found = await cloud.vpcAccess.connector(region, connectorName)
      return [
        found && {
          to: 'module.networking.google_vpc_access_connector.main[0]',
          id: `projects/${p}/locations/${region}/connectors/${connectorName}`,
        },
        found?.subnet !== undefined && {
          to: 'module.networking.google_compute_subnetwork.connector[0]',
          id: `projects/${p}/regions/${region}/subnetworks/${found.subnet}`,
        },
      ]
    },
  },
  {
    what: 'database',
    read: async (cloud, {projectId: p, sqlInstance, dbName, dbUser}) => {
      if ((await cloud.sql.instance(sqlInstance)) === undefined) return []
      const [database, users] = await Promise.all([cloud.sql.database(sqlInstance, dbName), cloud.sql.users(sqlInstance)])
      return [
        {to: 'module.database.google_sql_database_instance.main', id: `projects/${p}/instances/${sqlInstance}`},
        database && {to: 'module.database.google_sql_database.app', id: `projects/${p}/instances/${sqlInstance}/databases/${dbName}`},
        users.some(({name}) => name === dbUser) && {to: 'module.database.google_sql_user.app', id: `${p}/${sqlInstance}/${dbUser}`},
      ]
    },
  },
  {
    what: 'secrets',
    read: async (cloud, {projectId: p, secretNames}) =>
      Promise.all(
        secretNames.map(
          async (id) =>
            (await cloud.secretManager.secret(id)) && {
              to: `module.secrets.google_secret_manager_secret.app${key(id)}`,
              id: `projects/${p}/secrets/${id}`,
            },
        ),
      ),
  },
  {
    what: 'Docker repository',
    read: async (cloud, {projectId: p, region, repository}) => [
      (await cloud.artifactRegistry.repository(region, repository)) && {
        to: 'module.registry.google_artifact_registry_repository.docker',
        id: `projects/${p}/locations/${region}/repositories/${repository}`,
      },
    ],
  },
  {
    what: 'service accounts',
    read: async (cloud, {projectId: p, runtimeSa}) => {
      const email = emailOf(p, runtimeSa)
      return [
        (await cloud.iam.serviceAccount(email)) && {
          to: 'module.compute.google_service_account.app',
          id: `projects/${p}/serviceAccounts/${email}`,
        },
      ]
    },
  },
  {
    what: 'Cloud Run services',
    read: async (cloud, {projectId: p, region, runServices, compute}) =>
      compute !== 'cloud-run'
        ? []
        : Promise.all(
            (['backend', 'frontend'] as const).map(
              async (part) =>
                (await cloud.run.service(region, runServices[part])) && {
                  to: `module.compute.google_cloud_run_v2_service.${part}`,
                  id: `projects/${p}/locations/${region}/services/${runServices[part]}`,
                },
            ),
          ),
  },
  {
    what: 'GKE cluster',
    read: async (cloud, {projectId: p, region, cluster, compute}) => [
      compute === 'gke-autopilot' &&
        (await cloud.container.cluster(region, cluster)) && {
          to: 'module.compute.google_container_cluster.main',
          id: `projects/${p}/locations/${region}/clusters/${cluster}`,
        },
    ],
  },
  {
    what: 'load balancer',
    read: async (cloud, config) => {
      if (config.edge !== 'lb' || config.compute !== 'cloud-run') return []
      const {projectId: p, region, certName} = config
      const names = edgeNames(config)
      const [address, groups, services, map, redirect, https, http, rules, certificate, policies, armor] = await Promise.all([
        cloud.compute.globalAddress(names.address),
        cloud.compute.endpointGroups(region),
        cloud.compute.backendServices(),
        cloud.compute.urlMap(names.urlMap),
        cloud.compute.urlMap(names.redirectMap),
        cloud.compute.httpsProxy(names.httpsProxy),
        cloud.compute.httpProxy(names.httpProxy),
        cloud.compute.forwardingRules(),
        cloud.compute.sslCertificate(certName),
        cloud.compute.sslPolicies(),
        cloud.compute.securityPolicy(names.armorPolicy),
      ])
      const global = (collection: string, name: string) => `projects/${p}/global/${collection}/${name}`
      const has = (list: readonly {name: string}[], name: string) => list.some((one) => one.name === name)
      const at = 'module.compute.google_compute_'
      return [
        address && {to: `${at}global_address.lb[0]`, id: global('addresses', names.address)},
        has(groups, names.backendGroup) && {
          to: `${at}region_network_endpoint_group.backend[0]`,
          id: `projects/${p}/regions/${region}/networkEndpointGroups/${names.backendGroup}`,
        },
        has(groups, names.frontendGroup) && {
          to: `${at}region_network_endpoint_group.frontend[0]`,
          id: `projects/${p}/regions/${region}/networkEndpointGroups/${names.frontendGroup}`,
        },
        has(services, names.backendService) && {to: `${at}backend_service.backend[0]`, id: global('backendServices', names.backendService)},
        has(services, names.frontendService) && {
          to: `${at}backend_service.frontend[0]`,
          id: global('backendServices', names.frontendService),
        },
        map && {to: `${at}url_map.main[0]`, id: global('urlMaps', names.urlMap)},
        redirect && {to: `${at}url_map.redirect[0]`, id: global('urlMaps', names.redirectMap)},
        https && {to: `${at}target_https_proxy.main[0]`, id: global('targetHttpsProxies', names.httpsProxy)},
        http && {to: `${at}target_http_proxy.redirect[0]`, id: global('targetHttpProxies', names.httpProxy)},
        has(rules, names.httpsRule) && {to: `${at}global_forwarding_rule.https[0]`, id: global('forwardingRules', names.httpsRule)},
        has(rules, names.httpRule) && {to: `${at}global_forwarding_rule.http[0]`, id: global('forwardingRules', names.httpRule)},
        certificate && {to: `${at}managed_ssl_certificate.main[0]`, id: global('sslCertificates', certName)},
        has(policies, names.tlsPolicy) && {to: `${at}ssl_policy.main[0]`, id: global('sslPolicies', names.tlsPolicy)},
        armor && {to: `${at}security_policy.armor[0]`, id: global('securityPolicies', names.armorPolicy)},
      ]
    },
  },
  {
    what: 'DNS zone',
    read: async (cloud, {projectId: p, dnsZone, domain}) => {
      if (dnsZone === null || !(await cloud.dns.zones()).some(({name}) => name === dnsZone)) return []
      const records = await cloud.dns.records(dnsZone, `${domain}.`)
      return [
        {to: 'module.compute.google_dns_managed_zone.main[0]', id: `projects/${p}/managedZones/${dnsZone}`},
        records.some(({type}) => type === 'A') && {
          to: 'module.compute.google_dns_record_set.app[0]',
          id: `projects/${p}/managedZones/${dnsZone}/rrsets/${domain}./A`,
        },
      ]
    },
  },
  {
    what: 'monitoring',
    read: async (cloud) => {
      const [channels, checks, policies] = await Promise.all([
        cloud.monitoring.notificationChannels(),
        cloud.monitoring.uptimeChecks(),
        cloud.monitoring.alertPolicies(),
      ])
      const ours = (kind: string, list: readonly {name: string; userLabels: Readonly<Record<string, string>>}[]) =>
        list.flatMap(({name, userLabels}) => {
          const id = userLabels['qlogic-id']
          return id === undefined ? [] : [{to: `module.monitoring.google_monitoring_${kind}.app${key(id)}`, id: name}]
        })
      return [...ours('notification_channel', channels), ...ours('uptime_check_config', checks), ...ours('alert_policy', policies)]
    },
  },
]

/** Reads what exists, every kind side by side; a kind that cannot be read is named and left out. */
export const readExisting = async (cloud: Cloud, config: Config): Promise<Existing> => {
  const read = await Promise.all(
    groups.map(async ({what, read: readGroup}): Promise<Existing> => {
      try {
        const blocks = (await readGroup(cloud, config)).filter((block): block is ImportBlock => typeof block === 'object')
        return {blocks, notRead: []}
      } catch (error) {
        if (!(error instanceof GcpError)) throw error
        return {
          blocks: [],
          notRead: [{what, why: error.permission === undefined ? error.message : `the permission ${error.permission} is missing`}],
        }
      }
    }),
  )
  return {blocks: read.flatMap(({blocks}) => blocks), notRead: read.flatMap(({notRead}) => notRead)}
}
