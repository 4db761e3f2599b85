/** Time as a dependency, so that waits and ages are decided by whoever runs the engine. */
export type Clock = {
  now: () => Date
  /** Resolves after `ms`; rejects with the signal's reason when it is aborted. */
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>
}
