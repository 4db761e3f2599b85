import {direct, given, operation, type Methods} from './method.ts'

export const vpcaccess: Methods = {
  'vpcaccess.projects.locations.connectors.create': direct('vpcaccess', 'POST', '/v1/{+parent}/connectors', 'vpcaccess.connectors.create', {
    query: ['connectorId'],
    creates: given('connectorId'),
    operation,
    usually: '2-5 min',
  }),
  'vpcaccess.projects.locations.connectors.patch': direct('vpcaccess', 'PATCH', '/v1/{+name}', 'vpcaccess.connectors.update', {
    query: ['updateMask'],
    operation,
    usually: '1-3 min',
  }),
}
