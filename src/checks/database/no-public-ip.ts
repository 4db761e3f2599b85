import {removePublicAddress} from '../../changes/sql.ts'
import {fail, notApplicable, pass, warn} from '../../engine/finding.ts'
import type {SqlInstance} from '../../gcp/cloud.ts'
import {defineItem} from '../define-item.ts'
import {instanceRow, isReady} from '../sql-instance.ts'
import {problem, worst} from '../worst.ts'

type Observed = {instance: SqlInstance | undefined}

const isPublic = ({settings, ipAddresses}: SqlInstance): boolean =>
  settings.ipConfiguration.ipv4Enabled || ipAddresses.some(({type}) => type === 'PRIMARY')
/** Any range of length 0 is the whole internet, whatever stands before it. */
const isWorld = (range: string): boolean => /\/0+$/.test(range)
const networksOf = ({settings}: SqlInstance): string[] => settings.ipConfiguration.authorizedNetworks.map(({value}) => value)

export default defineItem<Observed>({
  observe: async ({cloud}, {config}) => ({instance: await cloud.sql.instance(config.sqlInstance)}),

  evaluate({instance}, {config}) {
    if (instance === undefined) return notApplicable('NO_INSTANCE', [], {instance: config.sqlInstance})
    const networks = networksOf(instance)
    const address = instance.ipAddresses.find(({type}) => type === 'PRIMARY')?.ipAddress
    const args = {instance: config.sqlInstance, env: config.env, address: address ?? 'not assigned yet', networks: networks.join(', ')}
    const row = (field: string, expected: string, actual: unknown) =>
      instanceRow(config, `settings.ipConfiguration.${field}`, expected, actual)
    const open = isPublic(instance)
    const world = networks.filter(isWorld).map((range) => row('authorizedNetworks', 'none', range))
    return worst(
      [
        problem(fail, 'PUBLIC_TO_EVERYBODY', world, args),
        open ? (config.env === 'dev' ? warn : fail)('PUBLIC_ADDRESS', [row('ipv4Enabled', 'false', address ?? 'true')], args) : undefined,
        !open && networks.length > 0 ? warn('PUBLIC_NETWORKS_LEFT', [row('authorizedNetworks', 'none', networks)], args) : undefined,
      ],
      pass('NO_PUBLIC_ADDRESS', [row('ipv4Enabled', 'false', 'false'), row('authorizedNetworks', 'none', networks)], args),
    )
  },

  /** A private address comes first, or nobody reaches the database any more. */
  plan: ({instance}, {config}) =>
    instance === undefined || !isReady(instance) || !instance.ipAddresses.some(({type}) => type === 'PRIVATE')
      ? []
      : [removePublicAddress(config, isPublic(instance))],
})
