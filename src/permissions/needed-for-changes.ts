import type {ChecklistItem} from '../checklist/schema.ts'
import type {PlannedChange, PolicyTarget, Request} from '../engine/change.ts'
import {methods, type Method} from '../gcp/methods.ts'
import {collectNeeded, type NeededPermission} from './needed.ts'

const policyPermissions: Readonly<Record<PolicyTarget['of'], string>> = {
  project: 'resourcemanager.projects',
  secret: 'secretmanager.secrets',
  bucket: 'storage.buckets',
  repository: 'artifactregistry.repositories',
  'service-account': 'iam.serviceAccounts',
}

const readAndSet = (resource: string): string[] => [`${resource}.getIamPolicy`, `${resource}.setIamPolicy`]

/** What asking for the operation needs that a write starts. Service Usage, Service Networking and others ask for none. */
const operationPermissions = ({api, operation, path}: Method): string[] => {
  if (operation === 'compute') return [path.includes('/regions/') ? 'compute.regionOperations.get' : 'compute.globalOperations.get']
  if (operation === 'sql') return ['cloudsql.instances.get']
  if (operation === 'container') return ['container.operations.get']
  return operation === 'longrunning' && ['run', 'vpcaccess'].includes(api) ? [`${api}.operations.get`] : []
}

/** What a write needs by itself: its own permission, reading what it must repeat (a fingerprint, an etag), and waiting for its operation. */
const ofMethod = (method: Method): string[] => [
  method.permission,
  ...(method.precondition === undefined ? [] : [method.permission.replace(/\.\w+$/, '.get')]),
  ...operationPermissions(method),
]

/** `/api/v1/namespaces/n/serviceaccounts/x` → `container.serviceAccounts`. */
const kubernetesKind = (path: string): string => {
  const plural = path.split('/').findLast((part) => ['namespaces', 'serviceaccounts', 'deployments'].includes(part)) ?? ''
  return `container.${plural === 'serviceaccounts' ? 'serviceAccounts' : plural}`
}

/** What sending a request needs by itself. Nothing of Google's is written on this machine, in the repository or at GitHub. */
const permissionsOf = (request: Request): string[] => {
  switch (request.kind) {
    case 'call': {
      const method = methods[request.method]
      return method === undefined ? [] : ofMethod(method)
    }
    case 'grant':
      return readAndSet(policyPermissions[request.policy.of])
    case 'secret-version':
      return ['secretmanager.versions.add', 'secretmanager.versions.list']
    case 'kubernetes':
      return [
        'container.clusters.get',
        'container.clusters.connect',
        `${kubernetesKind(request.path)}.${request.verb === 'create' ? 'create' : 'update'}`,
      ]
    case 'database-password':
      return [
        request.create ? 'cloudsql.users.create' : 'cloudsql.users.update',
        'cloudsql.instances.get',
        'secretmanager.versions.add',
        'secretmanager.versions.list',
        'secretmanager.secrets.get',
        'secretmanager.secrets.update',
      ]
    case 'audit-logs':
      return readAndSet('resourcemanager.projects')
    case 'program':
    case 'docker-helper':
    case 'github':
    case 'file':
    case 'mode':
      return []
  }
}

/** Permissions of one write or another: an item may name several and plan only one. All others that it names go with any of its writes. */
const ofOneWrite = new Set([
  ...Object.values(methods).flatMap(ofMethod),
  ...Object.values(policyPermissions).flatMap(readAndSet),
  'cloudsql.users.create',
  'cloudsql.users.update',
  'secretmanager.versions.add',
  ...['namespaces', 'serviceAccounts'].flatMap((kind) => [`container.${kind}.create`, `container.${kind}.update`]),
])

/**
 * What these changes need: the permission of each write and of waiting for it, what their items need beside it (acting as an account, using
 * a network), and what reads these items again afterwards. A permission that only another repair of the item would need is left out; so is
 * what is asked for by itself and may be declined.
 */
export const neededForChanges = (
  changes: readonly PlannedChange[],
  items: readonly Pick<ChecklistItem, 'id' | 'permissions'>[],
): NeededPermission[] => {
  const sent = changes.filter(({consent}) => consent === undefined)
  const changed = items.filter(({id, permissions}) => permissions.apply.length > 0 && sent.some(({item}) => item === id))
  return collectNeeded([
    ...sent.flatMap(({request, item}) => permissionsOf(request).map((permission) => ({permission, item}))),
    ...changed.flatMap(({id, permissions}) =>
      [...permissions.apply.filter((name) => !ofOneWrite.has(name)), ...permissions.observe].map((permission) => ({permission, item: id})),
    ),
  ])
}
