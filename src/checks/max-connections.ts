import type {SqlInstance} from '../gcp/cloud.ts'

/** Memory of a machine type in GB; undefined for one that is not known. */
const memoryOf = (tier: string): number | undefined => {
  if (tier === 'db-f1-micro') return 0.6
  if (tier === 'db-g1-small') return 1.7
  const custom = /^db-custom-\d+-(\d+)$/.exec(tier)?.[1]
  if (custom !== undefined) return Number(custom) / 1024
  const plus = /^db-perf-optimized-N-(\d+)$/.exec(tier)?.[1]
  return plus === undefined ? undefined : Number(plus) * 8
}

/** Default of max_connections by memory in GB: from this much on (catalogue; page of the flags of Cloud SQL for PostgreSQL). */
const defaults = [
  [120, 1000],
  [60, 800],
  [30, 600],
  [15, 500],
  [7.5, 400],
  [6, 200],
  [3.75, 100],
  [1, 50],
] as const

/** How many connections a database takes: its flag if it is set, else the default of its tier; the configured tier where there is no instance. */
export const maxConnections = (instance: SqlInstance | undefined, configuredTier: string): number => {
  const flag = Number(instance?.settings.databaseFlags.find(({name}) => name === 'max_connections')?.value)
  if (Number.isInteger(flag) && flag > 0) return flag
  const memory = memoryOf(instance?.settings.tier ?? configuredTier) ?? 3.75
  return defaults.find(([from]) => memory >= from)?.[1] ?? 25
}
