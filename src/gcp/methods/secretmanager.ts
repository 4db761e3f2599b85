import {direct, given, type Methods} from './method.ts'

export const secretmanager: Methods = {
  'secretmanager.projects.secrets.create': direct('secretmanager', 'POST', '/v1/{+parent}/secrets', 'secretmanager.secrets.create', {
    query: ['secretId'],
    creates: given('secretId'),
  }),
  'secretmanager.projects.secrets.patch': direct('secretmanager', 'PATCH', '/v1/{+name}', 'secretmanager.secrets.update', {
    query: ['updateMask'],
  }),
  'secretmanager.projects.secrets.versions.enable': direct('secretmanager', 'POST', '/v1/{+name}:enable', 'secretmanager.versions.enable'),
  'secretmanager.projects.secrets.versions.disable': direct(
    'secretmanager',
    'POST',
    '/v1/{+name}:disable',
    'secretmanager.versions.disable',
  ),
}
