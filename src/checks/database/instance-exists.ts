import {addPrivateAddress, createInstance, growDisk, startInstance} from '../../changes/sql.ts'
import {lastSegment} from '../../changes/resource-names.ts'
import type {Config} from '../../config/parameters.ts'
import {fail, pass, warn, type Finding} from '../../engine/finding.ts'
import type {SqlInstance, SqlOperation} from '../../gcp/cloud.ts'
import {defineItem} from '../define-item.ts'
import {instanceRow, isReady} from '../sql-instance.ts'
import {worst} from '../worst.ts'

/**
 * `running`: operations on an instance that is not runnable. `connected`: whether our range is connected to Google's services, asked only
 * while there is no instance.
 */
type Observed = {instance: SqlInstance | undefined; running: readonly SqlOperation[]; connected: boolean}

/** When the community stops fixing a major version (https://www.postgresql.org/support/versioning/). */
const endOfLife: Readonly<Record<number, string>> = {
  13: '2025-11-13',
  14: '2026-11-12',
  15: '2027-11-11',
  16: '2028-11-09',
  17: '2029-11-08',
  18: '2030-11-14',
}
const majorOf = (version: string): number => Number(/^POSTGRES_(\d+)/.exec(version)?.[1] ?? 0)
/** A version that the client does not know by name comes as a number. */
const isPostgres = (version = ''): boolean => /^(POSTGRES_|\d+$)/.test(version)
const hasPrivateAddress = ({ipAddresses}: SqlInstance): boolean => ipAddresses.some(({type}) => type === 'PRIVATE')
const networkOf = ({settings}: SqlInstance): string | undefined =>
  settings.ipConfiguration.privateNetwork === undefined ? undefined : lastSegment(settings.ipConfiguration.privateNetwork)
const settled = new Set([undefined, 'RUNNABLE', 'FAILED', 'SUSPENDED'])

/** What keeps it from running, or undefined. */
const down = (instance: SqlInstance, running: readonly SqlOperation[], config: Config): Finding | undefined => {
  const {state, settings, suspensionReason} = instance
  const operation = running[0]
  const args = {
    instance: config.sqlInstance,
    state: state ?? 'unknown',
    reason: suspensionReason.join(', ') || 'no reason given',
    since: operation?.insertTime ?? instance.createTime ?? 'an unknown time',
    by: operation?.user ?? 'nobody named',
  }
  const row = [instanceRow(config, 'state', 'RUNNABLE', state)]
  if (state === 'RUNNABLE')
    return settings.activationPolicy === 'ALWAYS'
      ? undefined
      : fail('INSTANCE_STOPPED', [instanceRow(config, 'settings.activationPolicy', 'ALWAYS', settings.activationPolicy)], args)
  if (state === 'FAILED') return fail('INSTANCE_FAILED', row, args)
  if (state === 'SUSPENDED') return fail('INSTANCE_SUSPENDED', row, args)
  if (state === 'PENDING_DELETE') return fail('INSTANCE_BEING_DELETED', row, args)
  if (state === 'PENDING_CREATE') return warn('INSTANCE_BEING_CREATED', row, args)
  return warn('INSTANCE_BUSY', row, args)
}

export default defineItem<Observed>({
  async observe({cloud}, {config}) {
    const instance = await cloud.sql.instance(config.sqlInstance)
    if (instance !== undefined) {
      const running = settled.has(instance.state) ? [] : await cloud.sql.runningOperations(config.sqlInstance)
      return {instance, running, connected: true}
    }
    const network = await cloud.compute.network(config.network)
    const connections = network === undefined ? [] : await cloud.serviceNetworking.connections(config.network)
    const connected = connections.some(({reservedPeeringRanges}) => reservedPeeringRanges.includes(config.psaRange))
    return {instance, running: [], connected}
  },

  evaluate({instance, running, connected}, {config, now}) {
    const args = {instance: config.sqlInstance, network: config.network, range: config.psaRange, region: config.region}
    if (instance === undefined) {
      const row = [instanceRow(config, 'name', config.sqlInstance, undefined)]
      return connected ? fail('INSTANCE_MISSING', row, args) : fail('INSTANCE_WITHOUT_NETWORK', row, args)
    }
    const {databaseVersion = 'unknown', region, settings} = instance
    const network = networkOf(instance)
    const major = majorOf(databaseVersion)
    const ends = endOfLife[major] ?? (major > 0 && major < 13 ? 'years ago' : undefined)
    const over = ends !== undefined && (ends === 'years ago' || new Date(ends) <= now)
    const all = {
      ...args,
      version: databaseVersion,
      wanted: config.dbVersion,
      actualRegion: region ?? 'unknown',
      actualNetwork: network ?? '',
      ends: ends ?? '',
    }
    const version = (expected: string) => [instanceRow(config, 'databaseVersion', expected, databaseVersion)]
    const address = instanceRow(
      config,
      'ipAddresses',
      'PRIVATE',
      instance.ipAddresses.map(({type}) => type),
    )
    return worst(
      [
        down(instance, running, config),
        isPostgres(instance.databaseVersion) ? undefined : fail('INSTANCE_NOT_POSTGRES', version(config.dbVersion), all),
        region === config.region ? undefined : fail('INSTANCE_OTHER_REGION', [instanceRow(config, 'region', config.region, region)], all),
        network === undefined || network === config.network
          ? undefined
          : fail('INSTANCE_OTHER_NETWORK', [instanceRow(config, 'settings.ipConfiguration.privateNetwork', config.network, network)], all),
        hasPrivateAddress(instance) || !isReady(instance) ? undefined : fail('INSTANCE_NO_PRIVATE_ADDRESS', [address], all),
        major > 0 && major < majorOf(config.dbVersion) ? warn('INSTANCE_OLD_VERSION', version(config.dbVersion), all) : undefined,
        over ? warn('INSTANCE_VERSION_ENDED', version(`a version that is maintained after ${ends}`), all) : undefined,
        settings.storageAutoResize
          ? undefined
          : warn('INSTANCE_DISK_FIXED', [instanceRow(config, 'settings.storageAutoResize', true, false)], all),
      ],
      pass('INSTANCE_RUNNING', [instanceRow(config, 'state', 'RUNNABLE', instance.state), address], all),
    )
  },

  plan({instance, connected}, {config}) {
    if (instance === undefined) return connected ? [createInstance(config)] : []
    if (instance.state !== 'RUNNABLE') return []
    if (!isReady(instance)) return [startInstance(config)]
    const elsewhere = networkOf(instance) !== undefined && networkOf(instance) !== config.network
    return [
      ...(hasPrivateAddress(instance) || elsewhere ? [] : [addPrivateAddress(config)]),
      ...(instance.settings.storageAutoResize ? [] : [growDisk(config)]),
    ]
  },

  fresh: () => ({instance: undefined, running: [], connected: true}),
})
