import {direct, named, type Methods} from './method.ts'

export const iam: Methods = {
  'iam.projects.serviceAccounts.create': direct('iam', 'POST', '/v1/{+name}/serviceAccounts', 'iam.serviceAccounts.create', {
    creates: named('accountId'),
  }),
  'iam.projects.serviceAccounts.enable': direct('iam', 'POST', '/v1/{+name}:enable', 'iam.serviceAccounts.enable'),
  'iam.projects.serviceAccounts.undelete': direct('iam', 'POST', '/v1/{+name}:undelete', 'iam.serviceAccounts.undelete'),
  'iam.projects.serviceAccounts.patch': direct('iam', 'PATCH', '/v1/{+name}', 'iam.serviceAccounts.update'),
  'iam.projects.serviceAccounts.keys.disable': direct('iam', 'POST', '/v1/{+name}:disable', 'iam.serviceAccountKeys.disable'),
}
