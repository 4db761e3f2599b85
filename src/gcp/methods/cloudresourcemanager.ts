import {direct, named, operation, type Methods} from './method.ts'

export const cloudresourcemanager: Methods = {
  'cloudresourcemanager.projects.create': direct('cloudresourcemanager', 'POST', '/v3/projects', 'resourcemanager.projects.create', {
    operation,
    usually: '5-60 s',
    creates: named('projectId'),
  }),
  'cloudresourcemanager.projects.undelete': direct(
    'cloudresourcemanager',
    'POST',
    '/v3/{+name}:undelete',
    'resourcemanager.projects.undelete',
    {
      operation,
      usually: '5-60 s',
    },
  ),
  'cloudresourcemanager.projects.patch': direct('cloudresourcemanager', 'PATCH', '/v3/{+name}', 'resourcemanager.projects.update', {
    operation,
    query: ['updateMask'],
  }),
}
