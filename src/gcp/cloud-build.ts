import type {CloudBuildReads} from './cloud.ts'
import type {Reads} from './reads.ts'

/** Reads of Cloud Build. */
export const cloudBuild = (_: Reads): CloudBuildReads => ({})
