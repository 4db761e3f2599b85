import type {CloudEvidence, Evidence} from '../engine/finding.ts'

/** True for evidence read in Google Cloud, false for evidence from a file. */
export const isCloudEvidence = (row: Evidence): row is CloudEvidence => 'resource' in row
