import {bucketName, lastSegment, regionName, sqlInstanceName, subnetName} from '../../changes/resource-names.ts'
import type {Config} from '../../config/parameters.ts'
import {fail, pass, seen, warn} from '../../engine/finding.ts'
import type {Region, Tier} from '../../gcp/cloud.ts'
import {defineItem} from '../define-item.ts'
import {problem, worst} from '../worst.ts'

/** `offered`: where each product is, by its name. `places`: where things of this application already are. */
type Observed = {
  region: Region | undefined
  offered: Readonly<Record<string, readonly string[]>>
  places: readonly {resource: string; region: string}[]
}

/** Custom tiers are not listed one by one: any tier of a region says that Cloud SQL is there. */
const regionsOf = (tiers: readonly Tier[], {dbTier}: Config): string[] => {
  const named = tiers.filter(({tier}) => tier === dbTier)
  return (named.length === 0 && dbTier.startsWith('db-custom-') ? tiers : named).flatMap(({regions}) => regions)
}

export default defineItem<Observed>({
  async observe({cloud}, {config}) {
    const {projectId, stateBucket} = config
    const connector = config.compute === 'cloud-run' && config.vpcAccess === 'connector'
    const [region, registry, tiers, connectors, subnets, bucket, instance] = await Promise.all([
      cloud.compute.region(config.region),
      cloud.artifactRegistry.locations(),
      cloud.sql.tiers(),
      connector ? cloud.vpcAccess.locations() : undefined,
      cloud.compute.subnetworks(config.network),
      cloud.storage.bucket(stateBucket),
      cloud.sql.instance(config.sqlInstance),
    ])
    const placed = (resource: string, place: string | undefined) =>
      place === undefined ? [] : [{resource, region: lastSegment(place).toLowerCase()}]
    return {
      region,
      offered: {
        'Artifact Registry': registry,
        [`Cloud SQL ${config.dbTier}`]: regionsOf(tiers, config),
        ...(connectors === undefined ? {} : {'Serverless VPC Access': connectors}),
      },
      places: [
        ...subnets.flatMap((subnet) => placed(subnetName(projectId, lastSegment(subnet.region), subnet.name), subnet.region)),
        ...placed(sqlInstanceName(projectId, config.sqlInstance), instance?.region),
        ...(bucket === 'foreign' ? [] : placed(bucketName(stateBucket), bucket?.location)),
      ],
    }
  },

  evaluate({region, offered, places}, {config}) {
    const resource = regionName(config.projectId, config.region)
    const args = {region: config.region}
    if (region === undefined) return fail('REGION_UNKNOWN', [seen(resource, 'name', config.region, undefined)], args)
    const absent = Object.keys(offered).filter((product) => offered[product]?.includes(config.region) !== true)
    const lacking = absent.map((product) => seen(resource, product, 'offered', undefined))
    const elsewhere = places.flatMap((place) =>
      place.region === config.region ? [] : [seen(place.resource, 'region', config.region, place.region)],
    )
    const zones = region.zones.length
    return worst(
      [
        problem(fail, 'REGION_LACKS_PRODUCT', lacking, {...args, products: absent.join(', ')}),
        region.status === 'UP'
          ? undefined
          : warn('REGION_DOWN', [seen(resource, 'status', 'UP', region.status)], {...args, state: region.status}),
        zones >= 3 ? undefined : warn('REGION_FEW_ZONES', [seen(resource, 'zones', 'at least 3', `${zones}`)], {...args, zones}),
        problem(warn, 'REGION_ELSEWHERE', elsewhere, {...args, count: elsewhere.length}),
      ],
      pass('REGION_CHOSEN', [seen(resource, 'status', 'UP', region.status), seen(resource, 'zones', 'at least 3', `${zones}`)], {
        ...args,
        zones,
      }),
    )
  },

  // Nobody can have placed anything yet, and whether the region exists is read as soon as it can be: nothing is planned for it either way.
  fresh: ({config}) => ({region: {name: config.region, status: 'UP', zones: ['a', 'b', 'c']}, offered: {}, places: []}),
})
