import type {Route} from '../../api.ts'
import {backendServiceRoutes} from './backend-services.ts'
import {certificateRoutes} from './certificates.ts'
import {endpointGroupRoutes} from './endpoint-groups.ts'
import {forwardingRuleRoutes} from './forwarding-rules.ts'
import {healthCheckRoutes} from './health-checks.ts'
import {proxyRoutes} from './proxies.ts'
import {securityPolicyRoutes} from './security-policies.ts'
import {tlsPolicyRoutes} from './tls-policies.ts'
import {urlMapRoutes} from './url-maps.ts'

/** What global external application load balancers are made of. */
export const balancerRoutes: Route[] = [
  ...certificateRoutes,
  ...healthCheckRoutes,
  ...endpointGroupRoutes,
  ...backendServiceRoutes,
  ...urlMapRoutes,
  ...proxyRoutes,
  ...forwardingRuleRoutes,
  ...securityPolicyRoutes,
  ...tlsPolicyRoutes,
]
