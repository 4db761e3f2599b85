import {named, type Method, type Methods} from './method.ts'

/** A write that a compute operation answers. */
const write = (path: string, permission: string, rest: Partial<Method> = {}): Method => ({
  api: 'compute',
  http: 'POST',
  path: `/compute/v1/projects/{project}/${path}`,
  operation: 'compute',
  permission,
  repeatable: true,
  usually: '10-40 s',
  ...rest,
})
const subnetwork = 'regions/{region}/subnetworks/{subnetwork}'

export const compute: Methods = {
  'compute.networks.insert': write('global/networks', 'compute.networks.create', {creates: named('name')}),
  'compute.subnetworks.insert': write('regions/{region}/subnetworks', 'compute.subnetworks.create', {creates: named('name')}),
  'compute.subnetworks.patch': write(subnetwork, 'compute.subnetworks.update', {http: 'PATCH', precondition: 'fingerprint'}),
  'compute.subnetworks.setPrivateIpGoogleAccess': write(
    `${subnetwork}/setPrivateIpGoogleAccess`,
    'compute.subnetworks.setPrivateIpGoogleAccess',
  ),
  'compute.subnetworks.expandIpCidrRange': write(`${subnetwork}/expandIpCidrRange`, 'compute.subnetworks.expandIpCidrRange'),
  'compute.routers.insert': write('regions/{region}/routers', 'compute.routers.create', {creates: named('name')}),
  'compute.routers.patch': write('regions/{region}/routers/{router}', 'compute.routers.update', {http: 'PATCH'}),
  'compute.globalAddresses.insert': write('global/addresses', 'compute.globalAddresses.create', {creates: named('name')}),
  'compute.regionNetworkEndpointGroups.insert': write(
    'regions/{region}/networkEndpointGroups',
    'compute.regionNetworkEndpointGroups.create',
    {creates: named('name')},
  ),
  'compute.backendServices.insert': write('global/backendServices', 'compute.backendServices.create', {creates: named('name')}),
  'compute.backendServices.patch': write('global/backendServices/{backendService}', 'compute.backendServices.update', {
    http: 'PATCH',
    precondition: 'fingerprint',
  }),
  'compute.backendServices.setSecurityPolicy': write(
    'global/backendServices/{backendService}/setSecurityPolicy',
    'compute.backendServices.setSecurityPolicy',
  ),
  'compute.urlMaps.insert': write('global/urlMaps', 'compute.urlMaps.create', {creates: named('name')}),
  'compute.urlMaps.patch': write('global/urlMaps/{urlMap}', 'compute.urlMaps.update', {http: 'PATCH', precondition: 'fingerprint'}),
  'compute.sslCertificates.insert': write('global/sslCertificates', 'compute.sslCertificates.create', {creates: named('name')}),
  'compute.targetHttpsProxies.insert': write('global/targetHttpsProxies', 'compute.targetHttpsProxies.create', {creates: named('name')}),
  'compute.targetHttpsProxies.setSslCertificates': write(
    'targetHttpsProxies/{targetHttpsProxy}/setSslCertificates',
    'compute.targetHttpsProxies.setSslCertificates',
  ),
  'compute.targetHttpsProxies.setSslPolicy': write(
    'global/targetHttpsProxies/{targetHttpsProxy}/setSslPolicy',
    'compute.targetHttpsProxies.setSslPolicy',
  ),
  'compute.targetHttpProxies.insert': write('global/targetHttpProxies', 'compute.targetHttpProxies.create', {creates: named('name')}),
  'compute.targetHttpProxies.setUrlMap': write('targetHttpProxies/{targetHttpProxy}/setUrlMap', 'compute.targetHttpProxies.setUrlMap'),
  'compute.globalForwardingRules.insert': write('global/forwardingRules', 'compute.globalForwardingRules.create', {
    creates: named('name'),
  }),
  'compute.sslPolicies.insert': write('global/sslPolicies', 'compute.sslPolicies.create', {creates: named('name')}),
  'compute.sslPolicies.patch': write('global/sslPolicies/{sslPolicy}', 'compute.sslPolicies.update', {
    http: 'PATCH',
    precondition: 'fingerprint',
  }),
  'compute.securityPolicies.insert': write('global/securityPolicies', 'compute.securityPolicies.create', {creates: named('name')}),
  'compute.securityPolicies.addRule': write('global/securityPolicies/{securityPolicy}/addRule', 'compute.securityPolicies.update', {
    repeatable: false,
  }),
  'compute.securityPolicies.patchRule': write('global/securityPolicies/{securityPolicy}/patchRule', 'compute.securityPolicies.update', {
    query: ['priority'],
  }),
}
