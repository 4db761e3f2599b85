/** What checks read of Cloud Monitoring. */
export type MonitoringReads = Record<never, never>
