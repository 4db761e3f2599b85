import {direct, given, named, operation, type Methods} from './method.ts'

const usually = '5-20 s'

export const cloudbuild: Methods = {
  'cloudbuild.projects.locations.connections.create': direct(
    'cloudbuild',
    'POST',
    '/v2/{+parent}/connections',
    'cloudbuild.connections.create',
    {query: ['connectionId'], creates: given('connectionId'), operation, usually},
  ),
  'cloudbuild.projects.locations.connections.patch': direct('cloudbuild', 'PATCH', '/v2/{+name}', 'cloudbuild.connections.update', {
    query: ['updateMask'],
    operation,
    usually,
  }),
  'cloudbuild.projects.locations.connections.repositories.create': direct(
    'cloudbuild',
    'POST',
    '/v2/{+parent}/repositories',
    'cloudbuild.repositories.create',
    {query: ['repositoryId'], creates: given('repositoryId'), operation, usually},
  ),
  // There is no cloudbuild.triggers.* permission: triggers use those of builds.
  'cloudbuild.projects.locations.triggers.create': direct('cloudbuild', 'POST', '/v1/{+parent}/triggers', 'cloudbuild.builds.create', {
    creates: named('name'),
  }),
  'cloudbuild.projects.locations.triggers.patch': direct('cloudbuild', 'PATCH', '/v1/{+resourceName}', 'cloudbuild.builds.update', {
    query: ['updateMask'],
  }),
}
