import {ApiError} from '../api.ts'
import type {Api, JsonObject, Route} from '../api.ts'
import {regions} from '../locations.ts'

const mebibyte = 1024 * 1024
const quota = String(3_279_207_530_496)

const tier = (name: string, ram: number): JsonObject => ({
  kind: 'sql#tier',
  tier: name,
  RAM: String(ram * mebibyte),
  DiskQuota: quota,
  region: regions.map((region) => region.name),
})

/** The shared-core tiers and the custom ones that Google lists: from 1 to 96 CPUs, with 3.75 GiB each. */
const tiers: JsonObject[] = [
  tier('db-f1-micro', 614),
  tier('db-g1-small', 1740),
  ...[1, 2, 4, 8, 16, 32, 64, 96].map((cpus) => tier(`db-custom-${cpus}-${cpus * 3840}`, cpus * 3840)),
  ...[2, 4, 8, 16, 32, 64, 80].map((cpus) => tier(`db-perf-optimized-N-${cpus}`, cpus * 8192)),
]

const routesOf = (root: string): Route[] => [
  {
    id: 'sql.tiers.list',
    method: 'GET',
    path: `${root}/tiers`,
    permissions: ['cloudsql.instances.list'],
    handle: () => ({kind: 'sql#tiersList', items: tiers}),
  },
  {
    id: 'sql.instances.list',
    method: 'GET',
    path: `${root}/instances`,
    permissions: ['cloudsql.instances.list'],
    query: ['filter', 'location', 'maxResults', 'pageToken'],
    handle: () => ({kind: 'sql#instancesList'}),
  },
  {
    id: 'sql.instances.get',
    method: 'GET',
    path: `${root}/instances/{instance}`,
    permissions: ['cloudsql.instances.get'],
    query: ['location'],
    handle: () => {
      throw new ApiError(404, 'NOT_FOUND', 'instanceDoesNotExist', 'The Cloud SQL instance does not exist.')
    },
  },
]

/** Cloud SQL Admin, under both of its paths: the tiers, and that there are no instances. */
const sqladmin: Api = {
  name: 'sqladmin',
  service: 'sqladmin.googleapis.com',
  title: 'Cloud SQL Admin API',
  errorStyle: 'legacy',
  routes: [...routesOf('/v1/projects/{project}'), ...routesOf('/sql/v1beta4/projects/{project}')],
}

export default sqladmin
