import type {Route} from '../../api.ts'
import {object, text} from '../../json.ts'
import {required} from '../resources.ts'
import {routesOf} from './collection.ts'
import type {Kind} from './collection.ts'
import {healthCheckShape} from './health-check-shape.ts'

const subject: Record<string, string> = {
  GRPC: 'grpcHealthCheck',
  GRPC_WITH_TLS: 'grpcTlsHealthCheck',
  HTTP: 'httpHealthCheck',
  HTTP2: 'http2HealthCheck',
  HTTPS: 'httpsHealthCheck',
  SSL: 'sslHealthCheck',
  TCP: 'tcpHealthCheck',
}
const web: Record<string, number> = {HTTP: 80, HTTPS: 443, HTTP2: 443}

const healthChecks: Kind = {
  plural: 'healthChecks',
  kind: 'healthCheck',
  noun: 'health_check',
  id: 'compute.healthChecks',
  scope: 'global',
  body: healthCheckShape,
  settle: (given) => {
    const type = text(given.type)
    const field = subject[type]
    if (field === undefined) throw required('resource.type')
    const port = web[type]
    const defaults =
      port === undefined ? {} : {...(object(given[field]).portSpecification ? {} : {port}), proxyHeader: 'NONE', requestPath: '/'}
    return {
      checkIntervalSec: 5,
      timeoutSec: 5,
      healthyThreshold: 2,
      unhealthyThreshold: 2,
      ...given,
      [field]: {...defaults, ...object(given[field])},
    }
  },
}

/** compute.healthChecks, global: kept, never performed, as there is nothing to probe. */
export const healthCheckRoutes: Route[] = routesOf(healthChecks, ['patch', 'update'])
