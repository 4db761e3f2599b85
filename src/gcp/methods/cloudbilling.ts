import {direct, type Methods} from './method.ts'

export const cloudbilling: Methods = {
  'cloudbilling.projects.updateBillingInfo': direct(
    'cloudbilling',
    'PUT',
    '/v1/{+name}/billingInfo',
    'resourcemanager.projects.createBillingAssignment',
    {
      usually: '2-10 s',
    },
  ),
}
