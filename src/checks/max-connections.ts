import type {SqlInstance} from '../gcp/cloud.ts'

/** Default of max_connections by memory, as Cloud SQL for PostgreSQL sets it (https://cloud.google.com/sql/docs/postgres/flags). */
const byMemory: readonly {below: number; connections: number}[] = [
  {below: 1, connections: 25},
  {below: 3.75, connections: 50},
  {below: 6, connections: 100},
  {below: 7.5, connections: 200},
  {below: 15, connections: 400},
  {below: 30, connections: 500},
  {below: 60, connections: 600},
  {below: 120, connections: 800},
  {below: Infinity, connections: 1000},
]

const memoryGb = (tier: string): number | undefined => {
  if (tier === 'db-f1-micro') return 0.6
  if (tier === 'db-g1-small') return 1.7
  const [, mb] = /^db-custom-\d+-(\d+)$/.exec(tier) ?? []
  if (mb !== undefined) return Number(mb) / 1024
  const [, cpus] = /^db-perf-optimized-N-(\d+)$/.exec(tier) ?? []
  return cpus === undefined ? undefined : Number(cpus) * 8
}

/** Connections that a machine type allows when no flag says otherwise; undefined for one that is not known. */
export const connectionsOf = (tier: string): number | undefined => {
  const memory = memoryGb(tier)
  return memory === undefined ? undefined : byMemory.find(({below}) => memory < below)?.connections
}

/** Connections that the instance allows: its flag, else the default of its machine type. */
export const maxConnections = ({settings}: SqlInstance): number | undefined => {
  const flag = Number(settings.databaseFlags.find(({name}) => name === 'max_connections')?.value)
  return flag > 0 ? flag : settings.tier === undefined ? undefined : connectionsOf(settings.tier)
}

/** Connections to reckon with: those of the instance, or of the machine type that is configured for it; the fewest where neither is known. */
export const connectionsToExpect = (instance: SqlInstance | undefined, configuredTier: string): number =>
  (instance === undefined ? undefined : maxConnections(instance)) ?? connectionsOf(configuredTier) ?? 25
