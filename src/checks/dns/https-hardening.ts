import {edgeNames} from '../../changes/edge-names.ts'
import {edgeName} from '../../changes/resource-names.ts'
import {attachTlsPolicy, createTlsPolicy, raiseTlsPolicy} from '../../changes/tls.ts'
import {notApplicable, pass, seen, warn} from '../../engine/finding.ts'
import type {SslPolicy} from '../../gcp/cloud.ts'
import {defineItem} from '../define-item.ts'
import {frontDoor, portEighty, readEdge, type Chain, type Edge} from '../edge.ts'
import {madeEdge, planRedirect} from '../edge-plan.ts'
import {isStrong} from '../tls.ts'
import {worst} from '../worst.ts'

type Observed = {edge: Edge; door: Chain | undefined; policies: readonly SslPolicy[]}

export default defineItem<Observed>({
  excluded: ({config}) => (config.edge === 'run-app-url' ? notApplicable('EDGE_IS_RUN_APP_URL') : undefined),

  async observe({cloud}, {config}) {
    const [edge, policies] = await Promise.all([readEdge(cloud, config), cloud.compute.sslPolicies()])
    return {edge, door: frontDoor(edge, config), policies}
  },

  evaluate({edge, door, policies}, {config}) {
    if (door?.proxy === undefined) return notApplicable('HTTPS_WITHOUT_LOAD_BALANCER')
    const {proxy, rule} = door
    const resource = edgeName(config.projectId, 'targetHttpsProxies', proxy.name)
    const policy = policies.find(({name}) => name === proxy.sslPolicy)
    const args = {
      proxy: proxy.name,
      policy: proxy.sslPolicy ?? 'none',
      version: policy?.minTlsVersion ?? '',
      profile: policy?.profile ?? '',
    }
    const wanted = 'TLS 1.2 or newer, MODERN or stricter'
    const actual = policy === undefined ? undefined : `${policy.minTlsVersion}, ${policy.profile}`
    const port = portEighty(edge, rule)
    return worst(
      [
        policy === undefined
          ? warn('TLS_POLICY_ABSENT', [seen(resource, 'sslPolicy', wanted, undefined)], args)
          : isStrong(policy)
            ? undefined
            : warn(
                'TLS_POLICY_WEAK',
                [seen(edgeName(config.projectId, 'sslPolicies', policy.name), 'minTlsVersion, profile', wanted, actual)],
                args,
              ),
        port.state === 'redirects'
          ? undefined
          : warn(
              'HTTP_NOT_REDIRECTED',
              [
                seen(
                  edgeName(config.projectId, 'forwardingRules', rule.name),
                  'port 80',
                  'a redirect to HTTPS',
                  port.state === 'plain' ? `served by ${port.map}` : undefined,
                ),
              ],
              {...args, address: rule.IPAddress ?? 'the load balancer'},
            ),
      ],
      pass('HTTPS_HARDENED', [seen(resource, 'sslPolicy', wanted, actual)], args),
    )
  },

  plan({edge, door, policies}, {config}) {
    const {projectId: project} = config
    const {tlsPolicy, httpsProxy} = edgeNames(config)
    // The Gateway of a cluster, and whoever made another load balancer, would set it back.
    if (config.compute === 'gke-autopilot' || door?.own !== true || door.proxy?.name !== httpsProxy) return []
    const attached = policies.find(({name}) => name === door.proxy?.sslPolicy)
    const ours = policies.find(({name}) => name === tlsPolicy)
    const make =
      ours === undefined
        ? [createTlsPolicy(project, tlsPolicy)]
        : isStrong(ours)
          ? []
          : [raiseTlsPolicy(project, tlsPolicy, ours.fingerprint)]
    const tls =
      attached !== undefined && isStrong(attached)
        ? []
        : [...make, ...(attached?.name === tlsPolicy ? [] : [attachTlsPolicy(project, httpsProxy, tlsPolicy, attached?.name)])]
    return [...tls, ...planRedirect(edge, config)]
  },

  fresh: ({config}) => ({...madeEdge(config), policies: []}),
})
