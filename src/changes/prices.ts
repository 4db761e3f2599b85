import type {Cost} from '../engine/change.ts'

/** A price in US dollars as it was known on a date, not fetched; `source` is the page that has today's. */
export type Price = {usd: number; per: string; asOf: string; source: string}

export const prices = {
  secretVersion: {usd: 0.06, per: 'active version a month', asOf: '2026-11-22', source: 'https://cloud.google.com/secret-manager/pricing'},
  flowLogs: {usd: 0.5, per: 'GiB of generated logs', asOf: '2026-11-22', source: 'https://cloud.google.com/vpc/network-pricing'},
  standardStorage: {usd: 0.02, per: 'GB a month', asOf: '2026-11-22', source: 'https://cloud.google.com/storage/pricing'},
  imageScan: {usd: 0.26, per: 'pushed image', asOf: '2026-11-22', source: 'https://cloud.google.com/artifact-analysis/pricing'},
  forwardingRules: {
    usd: 18.25,
    per: 'month for up to five forwarding rules',
    asOf: '2026-11-22',
    source: 'https://cloud.google.com/vpc/network-pricing#lb',
  },
  dnsZone: {usd: 0.2, per: 'zone a month', asOf: '2026-11-22', source: 'https://cloud.google.com/dns/pricing'},
  armorPolicy: {usd: 5, per: 'policy a month', asOf: '2026-11-22', source: 'https://cloud.google.com/armor/pricing'},
  armorRule: {usd: 1, per: 'rule a month', asOf: '2026-11-22', source: 'https://cloud.google.com/armor/pricing'},
  sqlMicro: {usd: 9, per: 'db-f1-micro a month', asOf: '2026-11-22', source: 'https://cloud.google.com/sql/pricing'},
  sqlSmall: {usd: 26, per: 'db-g1-small a month', asOf: '2026-11-22', source: 'https://cloud.google.com/sql/pricing'},
  sqlCpu: {usd: 30, per: 'vCPU a month', asOf: '2026-11-22', source: 'https://cloud.google.com/sql/pricing'},
  sqlMemory: {usd: 5.1, per: 'GB of memory a month', asOf: '2026-11-22', source: 'https://cloud.google.com/sql/pricing'},
  sqlPlusCpu: {usd: 39, per: 'vCPU of Enterprise Plus a month', asOf: '2026-11-22', source: 'https://cloud.google.com/sql/pricing'},
  sqlPlusMemory: {usd: 6.6, per: 'GB of its memory a month', asOf: '2026-11-22', source: 'https://cloud.google.com/sql/pricing'},
  sqlDisk: {usd: 0.17, per: 'GB of disk a month', asOf: '2026-11-22', source: 'https://cloud.google.com/sql/pricing'},
  sqlBackup: {usd: 0.08, per: 'GB of backups a month', asOf: '2026-11-22', source: 'https://cloud.google.com/sql/pricing'},
  alertCondition: {
    usd: 0.1,
    per: 'condition of an alert policy a month',
    asOf: '2026-11-22',
    source: 'https://cloud.google.com/stackdriver/pricing',
  },
  uptimeChecks: {
    usd: 0.3,
    per: '1000 executions of uptime checks',
    asOf: '2026-11-22',
    source: 'https://cloud.google.com/stackdriver/pricing',
  },
  logRetention: {
    usd: 0.01,
    per: 'GiB of logs and month after 30 days',
    asOf: '2026-11-22',
    source: 'https://cloud.google.com/stackdriver/pricing',
  },
  cluster: {usd: 73, per: 'cluster a month', asOf: '2026-11-22', source: 'https://cloud.google.com/kubernetes-engine/pricing'},
  natNode: {usd: 1.02, per: 'node a month, up to 32', asOf: '2026-11-22', source: 'https://cloud.google.com/nat/pricing'},
  natAddress: {usd: 3.65, per: 'address a month', asOf: '2026-11-22', source: 'https://cloud.google.com/vpc/network-pricing'},
  imageStorage: {usd: 0.1, per: 'GB a month', asOf: '2026-11-22', source: 'https://cloud.google.com/artifact-registry/pricing'},
  connectorMachine: {usd: 6.5, per: 'e2-micro machine a month', asOf: '2026-11-22', source: 'https://cloud.google.com/vpc/pricing'},
  runCpu: {usd: 10, per: 'vCPU of an idle minimum instance a month', asOf: '2026-11-22', source: 'https://cloud.google.com/run/pricing'},
} as const satisfies Record<string, Price>

const about = ({usd, per}: Price): string => `about $${usd.toFixed(2)} per ${per}`

/** A cost with the date and page of the price that it rests on. */
const priced = ({asOf, source}: Price, cost: Cost): Cost => ({...cost, asOf, source})

export const secretVersionCost: Cost = priced(prices.secretVersion, {
  monthlyUsd: prices.secretVersion.usd,
  note: `${about(prices.secretVersion)}; the first six of a billing account are free`,
})
export const flowLogsCost: Cost = priced(prices.flowLogs, {
  monthlyUsd: prices.flowLogs.usd,
  note: `${about(prices.flowLogs)}; one GiB a month assumed`,
})
export const stateBucketCost: Cost = priced(prices.standardStorage, {
  monthlyUsd: prices.standardStorage.usd,
  note: `${about(prices.standardStorage)}; a state with its old versions is far less than one`,
})
export const scanningNote = `container scanning is billed ${about(prices.imageScan)}`
export const forwardingRuleCost: Cost = priced(prices.forwardingRules, {
  monthlyUsd: prices.forwardingRules.usd,
  note: `${about(prices.forwardingRules)}, and about $0.01 per GB of traffic`,
})
export const secondForwardingRuleCost: Cost = priced(prices.forwardingRules, {
  monthlyUsd: 0,
  note: 'among the first five rules of the project, which are billed as one',
})
export const dnsZoneCost: Cost = priced(prices.dnsZone, {
  monthlyUsd: prices.dnsZone.usd,
  note: `${about(prices.dnsZone)}, and $0.40 per million queries`,
})
export const armorCost: Cost = priced(prices.armorPolicy, {
  monthlyUsd: prices.armorPolicy.usd + prices.armorRule.usd,
  note: `${about(prices.armorPolicy)}, ${about(prices.armorRule)}, and $0.75 per million requests`,
})
export const armorRuleCost: Cost = priced(prices.armorRule, {monthlyUsd: prices.armorRule.usd, note: about(prices.armorRule)})

type Database = {tier: string; regional: boolean; diskGb: number}

/** About what an instance costs in us-central1; a standby in a second zone doubles machine and disk. */
export const databaseCost = ({tier, regional, diskGb}: Database): Cost => {
  const usd = (machineUsd(tier) + diskGb * prices.sqlDisk.usd) * (regional ? 2 : 1)
  return priced(prices.sqlBackup, {
    monthlyUsd: Math.round(usd),
    note: `${tier}${regional ? ' with a standby, which doubles it' : ''}, ${diskGb} GB of disk; backups ${about(prices.sqlBackup)}`,
  })
}
/** What another machine costs instead; the disk stays. */
export const machineCost = (tier: string, regional: boolean): Cost =>
  priced(prices.sqlCpu, {
    monthlyUsd: Math.round(machineUsd(tier) * (regional ? 2 : 1)),
    note: `${tier}${regional ? ' with its standby' : ''}, in place of what is paid now`,
  })

const machineUsd = (tier: string): number => {
  if (tier === 'db-f1-micro') return prices.sqlMicro.usd
  if (tier === 'db-g1-small') return prices.sqlSmall.usd
  const [, cpus, mb] = /^db-custom-(\d+)-(\d+)$/.exec(tier) ?? []
  if (cpus !== undefined) return Number(cpus) * prices.sqlCpu.usd + (Number(mb) / 1024) * prices.sqlMemory.usd
  // db-perf-optimized-N-4: 8 GB per vCPU.
  const plus = Number(/-(\d+)$/.exec(tier)?.[1] ?? 2)
  return plus * prices.sqlPlusCpu.usd + plus * 8 * prices.sqlPlusMemory.usd
}

export const backupsCost: Cost = priced(prices.sqlBackup, {
  monthlyUsd: prices.sqlBackup.usd * 20,
  note: `${about(prices.sqlBackup)}; 20 GB assumed`,
})
export const alertConditionCost: Cost = priced(prices.alertCondition, {
  monthlyUsd: prices.alertCondition.usd,
  note: `${about(prices.alertCondition)}, and a little per time series, where alerting is charged`,
})
export const uptimeCheckCost: Cost = priced(prices.uptimeChecks, {
  monthlyUsd: 0,
  note: `the first million executions of a project and month are free (a check each minute: about 260,000), then ${about(prices.uptimeChecks)}`,
})
export const logRetentionCost: Cost = priced(prices.logRetention, {
  monthlyUsd: prices.logRetention.usd,
  note: `${about(prices.logRetention)}; one GiB assumed`,
})

export const clusterCost: Cost = priced(prices.cluster, {
  monthlyUsd: prices.cluster.usd,
  note: `${about(prices.cluster)}, which is credited for one cluster of a billing account; pods are paid by what they request`,
})
export const natCost: Cost = priced(prices.natAddress, {
  monthlyUsd: Math.round((prices.natAddress.usd + 3 * prices.natNode.usd) * 100) / 100,
  note: `${about(prices.natNode)} and ${about(prices.natAddress)}, three nodes and one address assumed; about $0.045 per GB`,
})
export const imageStorageCost: Cost = priced(prices.imageStorage, {
  monthlyUsd: prices.imageStorage.usd,
  note: `${about(prices.imageStorage)}; the first half GB is free`,
})
export const scanningCost: Cost = priced(prices.imageScan, {monthlyUsd: 0, note: scanningNote})
/** Of a connector's smallest size, which runs all the time; it does not always shrink again. */
export const connectorCost = (machines: number): Cost =>
  priced(prices.connectorMachine, {
    monthlyUsd: machines * prices.connectorMachine.usd,
    note: `${about(prices.connectorMachine)}, ${machines} of them at least, and it does not always shrink again`,
  })
/** Of instances that are kept warm; those beyond them are paid by what they do. */
export const runInstanceCost = (cpus: number, instances: number): Cost =>
  priced(prices.runCpu, {
    monthlyUsd: cpus * prices.runCpu.usd * instances,
    note: `${instances === 0 ? 'no instance is kept warm' : `${about(prices.runCpu)}, ${instances} of ${cpus} vCPU`}; requests are paid by use`,
  })
