import type {Clock} from '../engine/clock.ts'
import type {GcpError} from './gcp-error.ts'

/** Waits on the machine's own time. */
export const systemClock: Clock = {
  now: () => new Date(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      const aborted = () => {
        clearTimeout(timer)
        reject(signal?.reason instanceof Error ? signal.reason : new Error('aborted'))
      }
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', aborted)
        resolve()
      }, ms)
      if (signal?.aborted) return aborted()
      signal?.addEventListener('abort', aborted, {once: true})
    }),
}

/** Delay before try `n` (0-based), milliseconds: doubles from `first` up to `cap`. */
export const backoff = (n: number, first: number, cap: number): number => Math.min(cap, first * 2 ** Math.min(n, 30))

/** The same with full jitter above a floor of half, so that parallel readers spread but never spin. */
export const jittered = (n: number, first: number, cap: number): number => {
  const delay = backoff(n, first, cap)
  return delay / 2 + Math.random() * (delay / 2)
}

const passing = new Set([429, 500, 502, 503, 504])

/**
 * Whether the same call may succeed when it is sent again. `repeatable` says that sending it twice does no harm; without it only refusals
 * that reached nothing (429) are sent again.
 */
export const isPassing = (error: GcpError, repeatable: boolean): boolean => {
  if (error.kind === 'quota') return error.status === 429 || /rate/i.test(error.reason ?? '')
  if (!repeatable) return false
  return error.kind === 'network' || error.kind === 'timeout' || (error.status !== undefined && passing.has(error.status))
}
