import type {Route} from '../../api.ts'
import {object, text} from '../../json.ts'
import {invalid, link, required, shape} from '../resources.ts'
import {routesOf} from './collection.ts'
import type {Kind} from './collection.ts'
import {refer} from './references.ts'

const body = shape('kind name description creationTimestamp region selfLink network subnetwork zone pscTargetService', {
  id: 'int64',
  networkEndpointType: {
    enum: [
      'GCE_VM_IP',
      'GCE_VM_IP_DEDICATED_BACKEND',
      'GCE_VM_IP_PORT',
      'GCE_VM_IP_PORTMAP',
      'INTERNET_FQDN_PORT',
      'INTERNET_IP_PORT',
      'NON_GCP_PRIVATE_IP_PORT',
      'PRIVATE_SERVICE_CONNECT',
      'SERVERLESS',
    ],
  },
  annotations: {map: 'string'},
  appEngine: shape('service urlMask version'),
  cloudFunction: shape('function urlMask'),
  cloudRun: shape('service tag urlMask'),
  defaultPort: 'int',
  size: 'int',
  pscData: shape('consumerPscAddress', {
    producerPort: 'int',
    pscConnectionId: 'int64',
    pscConnectionStatus: {enum: ['ACCEPTED', 'CLOSED', 'NEEDS_ATTENTION', 'PENDING', 'REJECTED', 'STATUS_UNSPECIFIED']},
  }),
})

const serverless = ['appEngine', 'cloudFunction', 'cloudRun']

const endpointGroups: Kind = {
  plural: 'networkEndpointGroups',
  kind: 'networkEndpointGroup',
  noun: 'network_endpoint_group',
  id: 'compute.regionNetworkEndpointGroups',
  scope: 'regions/{region}',
  body,
  operations: {insert: 'compute.regionNetworkEndpointGroups.insert', delete: 'compute.regionNetworkEndpointGroups.delete'},
  settle: (given, at) => {
    const type = text(given.networkEndpointType)
    if (type === '') throw required('resource.networkEndpointType')
    if (type === 'SERVERLESS') {
      const targets = serverless.filter((name) => given[name] !== undefined)
      const why = 'Exactly one of cloudRun, appEngine or cloudFunction must be set for a SERVERLESS network endpoint group.'
      if (targets.length !== 1) throw invalid('resource.networkEndpointType', type, why)
      const run = object(given.cloudRun)
      // The service itself need not exist (semantics.md, 6).
      if (given.cloudRun !== undefined && text(run.service) === '' && text(run.urlMask) === '') throw required('resource.cloudRun.service')
    }
    const network =
      text(given.network) === '' ? {} : {network: link(refer(at, given.network, 'resource.network', {networks: undefined}).path)}
    const subnetwork =
      text(given.subnetwork) === ''
        ? {}
        : {subnetwork: link(refer(at, given.subnetwork, 'resource.subnetwork', {subnetworks: undefined}).path)}
    return {...given, ...network, ...subnetwork, size: 0}
  },
}

/** compute.regionNetworkEndpointGroups: what stands for a Cloud Run service behind a load balancer. They cannot be changed. */
export const endpointGroupRoutes: Route[] = routesOf(endpointGroups, [], 'compute.networkEndpointGroups.aggregatedList')
