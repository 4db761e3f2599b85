import type {LoggingReads} from './cloud.ts'
import type {Reads} from './reads.ts'

/** Reads of Cloud Logging. */
export const logging = (_: Reads): LoggingReads => ({})
