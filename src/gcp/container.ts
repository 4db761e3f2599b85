import type {ContainerReads} from './cloud.ts'
import type {Reads} from './reads.ts'

/** Reads of Kubernetes Engine. */
export const container = (_: Reads): ContainerReads => ({})
