import type {Cost} from '../engine/change.ts'

/** A price in US dollars as it was known on a date, not fetched; `source` is the page that has today's. */
export type Price = {usd: number; per: string; asOf: string; source: string}

export const prices = {
  secretVersion: {usd: 0.06, per: 'active version a month', asOf: '2026-11-22', source: 'https://cloud.google.com/secret-manager/pricing'},
  flowLogs: {usd: 0.5, per: 'GiB of generated logs', asOf: '2026-11-22', source: 'https://cloud.google.com/vpc/network-pricing'},
  standardStorage: {usd: 0.02, per: 'GB a month', asOf: '2026-11-22', source: 'https://cloud.google.com/storage/pricing'},
  imageScan: {usd: 0.26, per: 'pushed image', asOf: '2026-11-22', source: 'https://cloud.google.com/artifact-analysis/pricing'},
} as const satisfies Record<string, Price>

const about = ({usd, per}: Price): string => `about $${usd.toFixed(2)} per ${per}`

export const secretVersionCost: Cost = {
  monthlyUsd: prices.secretVersion.usd,
  note: `${about(prices.secretVersion)}; the first six of a billing account are free`,
}
export const flowLogsCost: Cost = {monthlyUsd: prices.flowLogs.usd, note: `${about(prices.flowLogs)}; one GiB a month assumed`}
export const stateBucketCost: Cost = {
  monthlyUsd: prices.standardStorage.usd,
  note: `${about(prices.standardStorage)}; a state with its old versions is far less than one`,
}
export const scanningNote = `container scanning is billed ${about(prices.imageScan)}`
