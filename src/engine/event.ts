import type {PlannedChange} from './change.ts'
import type {ItemResult} from './result.ts'

/** Something that takes Google time: what is waited for, since when, and how long it usually takes. */
export type Waiting = {what: string; since: Date; usually: string}

/** What the engine tells while it works. Renderers listen; the engine prints nothing. */
export type EngineEvent =
  | {type: 'item-started'; id: string}
  | {type: 'item-finished'; result: ItemResult}
  /** Changes that are sent as one write: several only when they meet in one IAM policy. */
  | {type: 'changes-started'; changes: readonly PlannedChange[]}
  | {type: 'changes-finished'; changes: readonly PlannedChange[]}
  | {type: 'changes-failed'; changes: readonly PlannedChange[]; error: unknown}
  | {type: 'waiting'; waiting: Waiting}
  | {type: 'round-finished'; applied: number}

export type Listener = (event: EngineEvent) => void
