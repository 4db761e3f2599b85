import {direct, type Methods} from './method.ts'

/** Nothing of these has a name of its own: a create that is sent twice makes two. */
const create = (collection: string) =>
  direct('monitoring', 'POST', `/v3/{+name}/${collection}`, `monitoring.${collection}.create`, {repeatable: false})
const patch = (collection: string) =>
  direct('monitoring', 'PATCH', '/v3/{+name}', `monitoring.${collection}.update`, {query: ['updateMask']})

export const monitoring: Methods = {
  'monitoring.projects.uptimeCheckConfigs.create': direct(
    'monitoring',
    'POST',
    '/v3/{+parent}/uptimeCheckConfigs',
    'monitoring.uptimeCheckConfigs.create',
    {repeatable: false},
  ),
  'monitoring.projects.uptimeCheckConfigs.patch': patch('uptimeCheckConfigs'),
  'monitoring.projects.alertPolicies.create': create('alertPolicies'),
  'monitoring.projects.alertPolicies.patch': patch('alertPolicies'),
  'monitoring.projects.notificationChannels.create': create('notificationChannels'),
  'monitoring.projects.notificationChannels.patch': patch('notificationChannels'),
}
