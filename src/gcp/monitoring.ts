import type {MonitoringReads} from './cloud.ts'
import type {Reads} from './reads.ts'

/** Reads of Cloud Monitoring. */
export const monitoring = (_: Reads): MonitoringReads => ({})
