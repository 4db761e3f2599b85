import type {RunReads} from './cloud.ts'
import type {Reads} from './reads.ts'

/** Reads of Cloud Run. */
export const run = (_: Reads): RunReads => ({})
