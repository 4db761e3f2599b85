import {direct, operation, type Methods} from './method.ts'

export const serviceusage: Methods = {
  'serviceusage.services.batchEnable': direct(
    'serviceusage',
    'POST',
    '/v1/{+parent}/services:batchEnable',
    'serviceusage.services.enable',
    {
      operation,
      usually: '10 s - 2 min',
    },
  ),
  'serviceusage.services.enable': direct('serviceusage', 'POST', '/v1/{+name}:enable', 'serviceusage.services.enable', {
    operation,
    usually: '10 s - 2 min',
  }),
}
