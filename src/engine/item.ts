import type {Change} from './change.ts'
import type {Finding} from './finding.ts'

/**
 * One item's behaviour. Its words are in checklist.yaml under the same id.
 * `Sources` is what may be read, `Context` what is given (configuration, time); both belong to the application, not to the engine.
 */
export type Item<Sources, Context, Observed = unknown> = {
  /** Excluded by configuration alone: the finding (`not_applicable`), else undefined. Nothing is read then. */
  excluded?(context: Context): Finding | undefined
  /** Reads, and only reads. Throws what the source throws; the engine turns that into `unknown`. */
  observe(sources: Sources, context: Context): Promise<Observed>
  /** Judges. Pure. */
  evaluate(observed: Observed, context: Context): Finding
  /** Changes that make it hold; empty when nothing can or need be done. Pure. Asked for fail, warn and manual. */
  plan?(observed: Observed, context: Context): Change[]
  /** What would be observed where its needs have only just been met (a new project): lets a plan be shown before it can be read. */
  fresh?(context: Context): Observed
}
