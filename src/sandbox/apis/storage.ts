import type {Api, Route, Shape} from '../api.ts'
import {merge, pick, text} from '../json.ts'
import {policyShape} from '../policies.ts'
import {bucketShape} from '../storage/bucket.ts'
import {
  changes,
  find,
  insert,
  list,
  precondition,
  projectAsked,
  projectOfBucket,
  remove,
  resourceAsked,
  resourceOfBucket,
  save,
  shown,
} from '../storage/buckets.ts'
import {getPolicy, setPolicy, testPermissions} from '../storage/policy.ts'

const {version, etag, bindings} = policyShape.fields
const bucketPolicyShape: Shape = {fields: {version, etag, bindings, kind: 'string', resourceId: 'string'}}
const all = '/storage/v1/b'
const one = `${all}/{bucket}`
const [project, resource] = [projectOfBucket, resourceOfBucket]
const conditions = ['ifMetagenerationMatch', 'ifMetagenerationNotMatch', 'projection', 'userProject']
const listing = [
  'delimiter',
  'endOffset',
  'includeFoldersAsPrefixes',
  'includeTrailingDelimiter',
  'matchGlob',
  'maxResults',
  'pageToken',
  'prefix',
  'projection',
  'softDeleted',
  'startOffset',
  'userProject',
  'versions',
]
const routes: Route[] = [
  {
    id: 'storage.buckets.insert',
    method: 'POST',
    path: all,
    permissions: ['storage.buckets.create'],
    project: projectAsked,
    resource: resourceAsked,
    body: bucketShape,
    query: ['enableObjectRetention', 'project', 'projection', 'userProject'],
    handle: insert,
  },
  {
    id: 'storage.buckets.list',
    method: 'GET',
    path: all,
    permissions: ['storage.buckets.list'],
    project: projectAsked,
    resource: resourceAsked,
    query: ['maxResults', 'pageToken', 'prefix', 'project', 'projection', 'returnPartialSuccess', 'userProject'],
    handle: list,
  },
  {
    id: 'storage.buckets.get',
    method: 'GET',
    path: one,
    permissions: ['storage.buckets.get'],
    project,
    resource,
    query: conditions,
    handle: (request, world) => {
      const bucket = find(request, world)
      precondition(request, bucket)
      return shown(request, bucket)
    },
  },
  {
    id: 'storage.buckets.patch',
    method: 'PATCH',
    path: one,
    permissions: ['storage.buckets.update'],
    project,
    resource,
    body: bucketShape,
    query: conditions,
    handle: (request, world) => save(request, world, (bucket) => merge(bucket, changes(request.body))),
  },
  {
    id: 'storage.buckets.update',
    method: 'PUT',
    path: one,
    permissions: ['storage.buckets.update'],
    project,
    resource,
    body: bucketShape,
    query: conditions,
    handle: (request, world) => save(request, world, () => request.body),
  },
  {
    id: 'storage.buckets.delete',
    method: 'DELETE',
    path: one,
    permissions: ['storage.buckets.delete'],
    project,
    resource,
    query: conditions.filter((name) => name !== 'projection'),
    handle: remove,
  },
  {
    id: 'storage.buckets.getIamPolicy',
    method: 'GET',
    path: `${one}/iam`,
    permissions: ['storage.buckets.getIamPolicy'],
    project,
    resource,
    query: ['optionsRequestedPolicyVersion', 'userProject'],
    handle: (request, world) => getPolicy(text(find(request, world, 'storage.buckets.getIamPolicy').name), request, world),
  },
  {
    id: 'storage.buckets.setIamPolicy',
    method: 'PUT',
    path: `${one}/iam`,
    permissions: ['storage.buckets.setIamPolicy'],
    project,
    resource,
    body: bucketPolicyShape,
    query: ['userProject'],
    handle: (request, world) => setPolicy(find(request, world, 'storage.buckets.setIamPolicy'), request, world),
  },
  {
    id: 'storage.buckets.testIamPermissions',
    method: 'GET',
    path: `${one}/iam/testPermissions`,
    project,
    query: ['permissions', 'userProject'],
    handle: (request, world) => {
      find(request, world)
      return testPermissions(resourceOfBucket(request, world) ?? '', request, world)
    },
  },
  {
    id: 'storage.buckets.getStorageLayout',
    method: 'GET',
    path: `${one}/storageLayout`,
    permissions: ['storage.objects.list'],
    project,
    resource,
    query: ['prefix'],
    handle: (request, world) => {
      const bucket = find(request, world, 'storage.objects.list')
      return {kind: 'storage#storageLayout', bucket: bucket.name, ...pick(bucket, ['location', 'locationType', 'hierarchicalNamespace'])}
    },
  },
  {
    id: 'storage.objects.list',
    method: 'GET',
    path: `${one}/o`,
    permissions: ['storage.objects.list'],
    project,
    resource,
    query: listing,
    handle: (request, world) => {
      find(request, world, 'storage.objects.list')
      return {kind: 'storage#objects'}
    },
  },
]

/** Cloud Storage JSON v1: buckets and their policies. Objects cannot be written, so every bucket is empty. */
const storage: Api = {name: 'storage', service: 'storage.googleapis.com', title: 'Cloud Storage', errorStyle: 'legacy', routes}

export default storage
