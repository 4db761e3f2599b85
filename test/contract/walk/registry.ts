import {on, send} from './step.ts'
import type {Step} from './step.ts'

const location = '/artifactregistry/v1/projects/walk-one/locations/us-central1'
const repositories = `${location}/repositories`
const one = `${repositories}/walk`
const backend = `${one}/packages/backend`
const binding = {bindings: [{role: 'roles/artifactregistry.reader', members: ['user:someone@example.com']}]}
const push = send('POST /sandbox/v1/acts/push-images', {projectId: 'walk-one', region: 'us-central1', repository: 'walk'})

/** Repositories with Docker images in them. */
export const registryWalk: Step[] = [
  send(
    `POST ${repositories}?repositoryId=walk`,
    {
      format: 'DOCKER',
      mode: 'STANDARD_REPOSITORY',
      description: 'd',
      labels: {a: 'b'},
      dockerConfig: {immutableTags: false},
      vulnerabilityScanningConfig: {enablementConfig: 'INHERITED'},
    },
    {operation: 'name'},
  ),
  on(`GET ${location}/operations/\${operation}`),
  send(`POST ${repositories}?repository_id=mirror`, {
    format: 'DOCKER',
    mode: 'VIRTUAL_REPOSITORY',
    virtualRepositoryConfig: {
      upstreamPolicies: [{id: 'walk', priority: 10, repository: 'projects/walk-one/locations/us-central1/repositories/walk'}],
    },
  }),
  {call: `POST ${repositories}?repositoryId=walk`, body: {format: 'DOCKER'}, status: 409},
  {call: `POST ${repositories}?repositoryId=Walk`, body: {format: 'DOCKER'}, status: 400},
  on(`GET ${repositories}?pageSize=1`),
  on(`GET ${one}`),
  on(`GET ${one}?%24alt=json%3Benum-encoding%3Dint`),
  send(`PATCH ${one}?updateMask=cleanupPolicies,cleanupPolicyDryRun`, {
    cleanupPolicies: {
      keep: {id: 'keep', action: 'KEEP', mostRecentVersions: {keepCount: 3, packageNamePrefixes: ['back']}},
      delete: {id: 'delete', action: 'Delete', condition: {tagState: 'untagged', olderThan: '86400s'}},
    },
    cleanupPolicyDryRun: true,
  }),
  send(`PATCH ${one}?updateMask=labels&%24alt=json%3Benum-encoding%3Dint`, {labels: {a: 'c'}}),
  on(`GET ${one}:getIamPolicy?options.requestedPolicyVersion=3`),
  send(`POST ${one}:setIamPolicy`, {policy: binding}),
  send(`POST ${one}:testIamPermissions`, {permissions: ['artifactregistry.repositories.get']}),
  on('GET /artifactregistry/v1/projects/walk-one/projectSettings'),
  push,
  push,
  on(`GET ${one}/dockerImages?pageSize=1`, {image: 'dockerImages.0.name'}),
  on('GET /artifactregistry/v1/${image}'),
  {call: `GET ${one}/dockerImages/backend@sha256:none`, status: 404},
  on(`GET ${one}/packages`),
  on(`GET ${backend}`),
  on(`GET ${backend}/versions?view=FULL`, {version: 'versions.0.name', other: 'versions.1.name', tag: 'versions.0.relatedTags.0.name'}),
  on('GET /artifactregistry/v1/${version}'),
  on('GET /artifactregistry/v1/${version}?view=FULL'),
  on(`GET ${backend}/tags`),
  on('GET /artifactregistry/v1/${tag}'),
  send(`POST ${backend}/tags?tagId=latest`, {version: '${version}'}),
  send(`PATCH ${backend}/tags/latest?updateMask=version`, {version: '${other}'}),
  on(`DELETE ${backend}/tags/latest`),
  {call: 'DELETE /artifactregistry/v1/${version}', status: 400},
  on('DELETE /artifactregistry/v1/${version}?force=true'),
  on(`DELETE ${one}/packages/frontend`),
  on(`DELETE ${repositories}/mirror`),
  on(`DELETE ${one}`),
]

const compute = '/compute/compute/v1/projects/walk-one'

/** Connectors and the subnet of their own. */
export const connectorWalk: Step[] = [
  send(`POST ${compute}/global/networks`, {name: 'walk-connector', autoCreateSubnetworks: false}),
  send(`POST ${compute}/regions/us-central1/subnetworks`, {
    name: 'walk-connector',
    ipCidrRange: '10.8.0.0/28',
    network: 'projects/walk-one/global/networks/walk-connector',
  }),
  ...['v1', 'v1beta1'].flatMap((version): Step[] => {
    const location = `/vpcaccess/${version}/projects/walk-one/locations/us-central1`
    const one = `${location}/connectors/walk`
    return [
      send(
        `POST ${location}/connectors?connectorId=walk`,
        {subnet: {name: 'walk-connector'}, machineType: 'e2-micro', minInstances: 2, maxInstances: 3},
        {operation: 'name'},
      ),
      on(`GET ${location}/operations/\${operation}`),
      on(`GET ${location}/operations?pageSize=1`),
      on(`GET ${location}/connectors`),
      on(`GET ${one}`),
      send(`PATCH ${one}?updateMask=maxInstances`, {maxInstances: 4}),
      on(`GET ${one}`),
      {call: `POST ${location}/connectors?connectorId=walk`, body: {subnet: {name: 'walk-connector'}}, status: 409},
      on(`DELETE ${one}`),
      {call: `GET ${one}`, status: 404},
    ]
  }),
]
