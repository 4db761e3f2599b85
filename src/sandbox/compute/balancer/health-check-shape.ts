import {shape} from '../resources.ts'

/** The body of a HealthCheck: every field of the discovery document. */
export const healthCheckShape = shape('creationTimestamp description kind name region selfLink', {
  checkIntervalSec: 'int',
  grpcHealthCheck: shape('grpcServiceName portName', {
    port: 'int',
    portSpecification: {enum: ['USE_FIXED_PORT', 'USE_NAMED_PORT', 'USE_SERVING_PORT']},
  }),
  grpcTlsHealthCheck: shape('grpcServiceName', {
    port: 'int',
    portSpecification: {enum: ['USE_FIXED_PORT', 'USE_NAMED_PORT', 'USE_SERVING_PORT']},
  }),
  healthyThreshold: 'int',
  http2HealthCheck: shape('host portName requestPath response', {
    port: 'int',
    portSpecification: {enum: ['USE_FIXED_PORT', 'USE_NAMED_PORT', 'USE_SERVING_PORT']},
    proxyHeader: {enum: ['NONE', 'PROXY_V1']},
  }),
  httpHealthCheck: shape('host portName requestPath response', {
    port: 'int',
    portSpecification: {enum: ['USE_FIXED_PORT', 'USE_NAMED_PORT', 'USE_SERVING_PORT']},
    proxyHeader: {enum: ['NONE', 'PROXY_V1']},
  }),
  httpsHealthCheck: shape('host portName requestPath response', {
    port: 'int',
    portSpecification: {enum: ['USE_FIXED_PORT', 'USE_NAMED_PORT', 'USE_SERVING_PORT']},
    proxyHeader: {enum: ['NONE', 'PROXY_V1']},
  }),
  id: 'int64',
  logConfig: {fields: {enable: 'boolean'}},
  sourceRegions: {list: 'string'},
  sslHealthCheck: shape('portName request response', {
    port: 'int',
    portSpecification: {enum: ['USE_FIXED_PORT', 'USE_NAMED_PORT', 'USE_SERVING_PORT']},
    proxyHeader: {enum: ['NONE', 'PROXY_V1']},
  }),
  tcpHealthCheck: shape('portName request response', {
    port: 'int',
    portSpecification: {enum: ['USE_FIXED_PORT', 'USE_NAMED_PORT', 'USE_SERVING_PORT']},
    proxyHeader: {enum: ['NONE', 'PROXY_V1']},
  }),
  timeoutSec: 'int',
  type: {enum: ['GRPC', 'GRPC_WITH_TLS', 'HTTP', 'HTTP2', 'HTTPS', 'INVALID', 'SSL', 'TCP']},
  unhealthyThreshold: 'int',
})
