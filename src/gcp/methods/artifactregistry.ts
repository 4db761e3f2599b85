import {direct, given, operation, type Methods} from './method.ts'

export const artifactregistry: Methods = {
  'artifactregistry.projects.locations.repositories.create': direct(
    'artifactregistry',
    'POST',
    '/v1/{+parent}/repositories',
    'artifactregistry.repositories.create',
    {query: ['repositoryId'], creates: given('repositoryId'), operation, usually: '5-20 s'},
  ),
  'artifactregistry.projects.locations.repositories.patch': direct(
    'artifactregistry',
    'PATCH',
    '/v1/{+name}',
    'artifactregistry.repositories.update',
    {query: ['updateMask']},
  ),
}
