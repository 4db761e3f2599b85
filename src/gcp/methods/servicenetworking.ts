import {direct, operation, type Methods} from './method.ts'

export const servicenetworking: Methods = {
  'servicenetworking.services.connections.create': direct(
    'servicenetworking',
    'POST',
    '/v1/{+parent}/connections',
    'servicenetworking.services.addPeering',
    {operation, usually: '30 s - 2 min'},
  ),
  'servicenetworking.services.connections.patch': direct(
    'servicenetworking',
    'PATCH',
    '/v1/{+name}',
    'servicenetworking.services.addPeering',
    {operation, query: ['updateMask', 'force'], usually: '30 s - 2 min'},
  ),
}
