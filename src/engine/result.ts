import type {Change} from './change.ts'
import type {Finding} from './finding.ts'

/** The outcome of one item in one run. */
export type ItemResult = {
  id: string
  finding: Finding
  /** The items that block it, with `blocked`. */
  blockedBy: readonly string[]
  /** What would make it hold; empty when it holds or nothing can be planned. `expected`: planned for a state not observed yet. */
  changes: readonly Change[]
  expected: boolean
  /** Of an item that could not be read yet: what only a person can do is needed for it too, as far as the configuration tells. */
  foreseen?: Finding
  observedAt: Date
  durationMs: number
  /** False for an item that has no code yet: it is counted apart. */
  built: boolean
}
