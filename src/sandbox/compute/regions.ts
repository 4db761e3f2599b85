import type {JsonObject, Request, Route, World} from '../api.ts'
import {text} from '../json.ts'
import {findRegion, regions} from '../locations.ts'
import type {Region} from '../locations.ts'
import {rowsIn, aggregatedQuery, aggregatedReply, listQuery, listReply} from './lists.ts'
import {fingerprint, link, notFound, projectOf} from './resources.ts'

const launched = '1969-12-31T16:00:00.000-08:00'
const limits: [metric: string, limit: number][] = [
  ['CPUS', 24],
  ['DISKS_TOTAL_GB', 4096],
  ['STATIC_ADDRESSES', 8],
  ['IN_USE_ADDRESSES', 8],
  ['SSD_TOTAL_GB', 500],
  ['INSTANCES', 24],
]

const regionReply = (world: World, project: string, {name, zones}: Region): JsonObject => ({
  kind: 'compute#region',
  id: String(1000 + 10 * regions.findIndex((region) => region.name === name)),
  creationTimestamp: launched,
  name,
  description: name,
  status: text(world.table('compute.regionStatus').get(name)?.status) || 'UP',
  zones: zones.map((zone) => link(`projects/${project}/zones/${zone}`)),
  quotas: limits.map(([metric, limit]) => ({metric, limit, usage: 0})),
  selfLink: link(`projects/${project}/regions/${name}`),
  supportsPzs: true,
})

const zoneReply = (project: string, {name: region}: Region, name: string): JsonObject => ({
  kind: 'compute#zone',
  id: String(2000 + regions.flatMap(({zones}) => zones).indexOf(name)),
  creationTimestamp: launched,
  name,
  description: name,
  status: 'UP',
  region: link(`projects/${project}/regions/${region}`),
  selfLink: link(`projects/${project}/zones/${name}`),
  availableCpuPlatforms: ['Intel Broadwell', 'Intel Cascade Lake', 'Intel Ice Lake', 'AMD Rome', 'AMD Milan'],
  supportsPzs: true,
})

const projectReply = (request: Request, world: World): JsonObject => {
  const projectId = projectOf(request, world)
  const row = world.table('cloudresourcemanager.projects').get(projectId)
  const number = world.project(projectId)?.projectNumber ?? ''
  return {
    kind: 'compute#project',
    id: number.padEnd(19, '0'),
    creationTimestamp: text(row?.createTime),
    name: projectId,
    commonInstanceMetadata: {kind: 'compute#metadata', fingerprint: fingerprint([])},
    quotas: [
      ['NETWORKS', 15],
      ['FIREWALLS', 200],
      ['SUBNETWORKS', 275],
      ['STATIC_ADDRESSES', 21],
      ['ROUTERS', 20],
    ].map(([metric, limit]) => ({
      metric,
      limit,
      usage: rowsIn(world, `compute.${text(metric).toLowerCase().replace('static_', '')}`, `projects/${projectId}`).length,
    })),
    selfLink: link(`projects/${projectId}`),
    defaultServiceAccount: `${number}-compute@developer.gserviceaccount.com`,
    xpnProjectStatus: 'UNSPECIFIED_XPN_PROJECT_STATUS',
    defaultNetworkTier: 'PREMIUM',
    vmDnsSetting: 'ZONAL_ONLY',
    cloudArmorTier: 'CA_STANDARD',
  }
}

const get = (request: Request, world: World, kind: 'regions' | 'zones'): JsonObject => {
  const project = projectOf(request, world)
  const name = request.params[kind === 'regions' ? 'region' : 'zone'] ?? ''
  const region = kind === 'regions' ? findRegion(name) : regions.find(({zones}) => zones.includes(name))
  if (!region) throw notFound(`projects/${project}/${kind}/${name}`)
  return kind === 'regions' ? regionReply(world, project, region) : zoneReply(project, region, name)
}

const root = '/compute/v1/projects/{project}'
const fields = ['name', 'description', 'status', 'region', 'zones']

/** Projects, regions and zones as compute knows them; and that there are no instances. */
export const regionRoutes: Route[] = [
  {id: 'compute.projects.get', method: 'GET', path: root, permissions: ['compute.projects.get'], handle: projectReply},
  {
    id: 'compute.regions.get',
    method: 'GET',
    path: `${root}/regions/{region}`,
    permissions: ['compute.regions.get'],
    handle: (request, world) => get(request, world, 'regions'),
  },
  {
    id: 'compute.regions.list',
    method: 'GET',
    path: `${root}/regions`,
    permissions: ['compute.regions.list'],
    query: listQuery,
    handle: (request, world) => {
      const project = projectOf(request, world)
      const items = regions.map((region) => regionReply(world, project, region))
      return listReply(request, `projects/${project}/regions`, {kind: 'region', fields}, items)
    },
  },
  {
    id: 'compute.zones.get',
    method: 'GET',
    path: `${root}/zones/{zone}`,
    permissions: ['compute.zones.get'],
    handle: (request, world) => get(request, world, 'zones'),
  },
  {
    id: 'compute.zones.list',
    method: 'GET',
    path: `${root}/zones`,
    permissions: ['compute.zones.list'],
    query: listQuery,
    handle: (request, world) => {
      const project = projectOf(request, world)
      const items = regions.flatMap((region) => region.zones.map((zone) => zoneReply(project, region, zone)))
      return listReply(request, `projects/${project}/zones`, {kind: 'zone', fields}, items)
    },
  },
  {
    id: 'compute.instances.aggregatedList',
    method: 'GET',
    path: `${root}/aggregated/instances`,
    permissions: ['compute.instances.list'],
    query: aggregatedQuery,
    handle: (request, world) =>
      aggregatedReply(
        request,
        world,
        'instances',
        {kind: 'instance', fields: ['name', 'status', 'zone', 'networkInterfaces']},
        [],
        ['zones'],
      ),
  },
]
