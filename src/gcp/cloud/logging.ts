import type {JsonObject} from '../../engine/json.ts'

/** What checks read of Cloud Logging. */
export type LoggingReads = {
  /** Every sink of the project, `_Default` among them. */
  sinks(): Promise<LogSink[]>
  /** A bucket by its full name: `projects/p/locations/global/buckets/_Default`. */
  bucket(name: string): Promise<LogBucket | undefined>
  /** Whether the project has a log entry of one of these resource types since then. */
  hasEntries(resourceTypes: readonly string[], since: Date): Promise<boolean>
}

export type LogExclusion = {name: string; filter: string; disabled: boolean; whole: JsonObject}
export type LogSink = {
  name: string
  destination: string
  filter?: string | undefined
  disabled: boolean
  exclusions: readonly LogExclusion[]
}
export type LogBucket = {name: string; retentionDays: number; locked: boolean; lifecycleState?: string | undefined}
