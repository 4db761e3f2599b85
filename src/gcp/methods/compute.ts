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
  'compute.globalAddresses.insert': write('global/addresses', 'compute.globalAddresses.create', {creates: named('name')}),
}
