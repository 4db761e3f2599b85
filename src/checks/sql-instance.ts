import {sqlInstanceName} from '../changes/resource-names.ts'
import type {Config} from '../config/parameters.ts'
import {seen, type CloudEvidence} from '../engine/finding.ts'
import type {SqlInstance} from '../gcp/cloud.ts'

/** Whether it takes changes: one that is made, stopped, maintained or broken does not. */
export const isReady = ({state, settings}: SqlInstance): boolean => state === 'RUNNABLE' && settings.activationPolicy === 'ALWAYS'

/** What an item can ask of it: only an instance that runs answers for what is in it. */
export const readiness = (instance: SqlInstance | undefined): 'absent' | 'not ready' | 'ready' =>
  instance === undefined ? 'absent' : isReady(instance) ? 'ready' : 'not ready'

/** A row of evidence about a field of the configured instance. */
export const instanceRow = ({projectId, sqlInstance}: Config, field: string, expected: unknown, actual: unknown): CloudEvidence =>
  seen(sqlInstanceName(projectId, sqlInstance), field, expected, actual)
