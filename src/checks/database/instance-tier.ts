import {changeTier} from '../../changes/sql.ts'
import type {Config} from '../../config/parameters.ts'
import {fail, notApplicable, pass, warn} from '../../engine/finding.ts'
import type {SqlInstance, Tier} from '../../gcp/cloud.ts'
import {defineItem} from '../define-item.ts'
import {instanceRow, isReady} from '../sql-instance.ts'
import {worst} from '../worst.ts'

/** `listed`: the tiers that Google offers, asked for only where the name does not say what the machine has. */
type Observed = {instance: SqlInstance | undefined; listed: readonly Tier[]}
type Machine = {cpus: number; mb: number; shared: boolean}

const least: Machine = {cpus: 2, mb: 7680, shared: false}
/** Above this a dev or staging database is larger than it needs to be. */
const ample: Machine = {cpus: 1, mb: 3840, shared: false}
const shared: Readonly<Record<string, Machine>> = {
  'db-f1-micro': {cpus: 0.2, mb: 614, shared: true},
  'db-g1-small': {cpus: 0.5, mb: 1740, shared: true},
}

/** What a tier's name says of its machine; undefined where it says nothing. */
const named = (tier: string): Machine | undefined => {
  if (shared[tier] !== undefined) return shared[tier]
  const [, cpus, mb] = /^db-custom-(\d+)-(\d+)$/.exec(tier) ?? []
  if (cpus !== undefined) return {cpus: Number(cpus), mb: Number(mb), shared: false}
  // The machine families of Enterprise Plus have 8 GB per vCPU.
  const family = Number(/^db-(?:perf-optimized-N|c4a-highmem)-(\d+)$/.exec(tier)?.[1] ?? 0)
  return family === 0 ? undefined : {cpus: family, mb: family * 8192, shared: false}
}
/** Tiers of an older kind (db-n1-standard-2) end with their vCPUs. */
const machineOf = (tier: string, listed: readonly Tier[]): Machine | undefined => {
  const ramMb = listed.find((one) => one.tier === tier)?.ramMb
  return named(tier) ?? (ramMb === undefined ? undefined : {cpus: Number(/-(\d+)$/.exec(tier)?.[1] ?? 0), mb: ramMb, shared: false})
}
const isLess = (one: Machine, than: Machine): boolean => one.cpus < than.cpus || one.mb < than.mb
const isTooSmall = (machine: Machine): boolean => machine.shared || isLess(machine, least)
const isPlus = (tier: string): boolean => /^db-(perf-optimized|c4a-highmem)-/.test(tier)

const wantedMachine = ({dbTier}: Config): Machine | undefined => named(dbTier)
/** The configuration itself asks for less than production needs. */
const isConfigTooSmall = (config: Config): boolean => {
  const wanted = wantedMachine(config)
  return config.env === 'prod' && wanted !== undefined && isTooSmall(wanted)
}

export default defineItem<Observed>({
  async observe({cloud}, {config}) {
    const instance = await cloud.sql.instance(config.sqlInstance)
    const tier = instance?.settings.tier
    return {instance, listed: tier === undefined || named(tier) !== undefined ? [] : await cloud.sql.tiers()}
  },

  evaluate({instance, listed}, {config}) {
    if (instance === undefined) return notApplicable('NO_INSTANCE', [], {instance: config.sqlInstance})
    const {tier = '', edition} = instance.settings
    const machine = machineOf(tier, listed)
    const args = {instance: config.sqlInstance, tier: tier || 'unknown', wanted: config.dbTier, env: config.env, edition: edition ?? ''}
    const row = (expected: string) => [instanceRow(config, 'settings.tier', expected, tier)]
    const minimum = 'at least 2 vCPU and 7680 MB'
    if (machine === undefined) return warn('TIER_UNKNOWN', row(config.dbTier), args)
    const tooSmall = config.env === 'prod' && isTooSmall(machine)
    const wanted = wantedMachine(config)
    const shrunk = wanted !== undefined && !tooSmall && isLess(machine, wanted)
    return worst(
      [
        tooSmall && isConfigTooSmall(config) ? fail('TIER_CONFIGURED_TOO_SMALL', row(minimum), args) : undefined,
        tooSmall && machine.shared ? fail('TIER_SHARED_CORE', row(minimum), args) : undefined,
        tooSmall ? fail('TIER_TOO_SMALL', row(minimum), args) : undefined,
        shrunk ? warn('TIER_BELOW_CONFIGURED', row(config.dbTier), args) : undefined,
        config.env !== 'prod' && !machine.shared && isLess(ample, machine)
          ? warn('TIER_GENEROUS', row('at most db-custom-1-3840'), args)
          : undefined,
        isPlus(tier) ? warn('TIER_ENTERPRISE_PLUS', row('a tier of edition ENTERPRISE'), args) : undefined,
        edition === 'DEVELOPER' && config.env !== 'dev'
          ? warn('TIER_DEVELOPER_EDITION', [instanceRow(config, 'settings.edition', config.dbEdition, edition)], args)
          : undefined,
      ],
      pass('TIER_FITS', row(config.env === 'prod' ? minimum : 'any valid tier'), args),
    )
  },

  plan({instance, listed}, {config}) {
    if (instance === undefined || !isReady(instance) || isConfigTooSmall(config)) return []
    const {tier = ''} = instance.settings
    const [machine, wanted] = [machineOf(tier, listed), wantedMachine(config)]
    // A larger machine than configured may be meant, so only what lacks something is moved.
    const lacks = machine !== undefined && wanted !== undefined && isLess(machine, wanted)
    return lacks ? [changeTier(config, tier)] : []
  },
})
