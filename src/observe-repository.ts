import {Worker} from 'node:worker_threads'
import type {Context} from './checks/define-item.ts'
import {onExit} from './cleanup.ts'
import type {LeftOut} from './repo/files.ts'

export type Question = {number: number} & ({ask: 'observe'; item: string; context: Context} | {ask: 'left-out'})
export type Answer = {number: number; value: unknown; error?: string}

/** Reads the app repository for items of PART 2. */
export type RepositoryObserver = {
  /** What an item observes. @throws when the thread cannot go on: a repository too large for its memory, or a fault. */
  observe: (item: string, context: Context) => Promise<unknown>
  /** What was passed over so far. */
  leftOut: () => Promise<readonly LeftOut[]>
}

/**
 * Megabytes that reading may take. The young generation is small on purpose: V8's own choice would keep 60 MB more than parsing needs.
 */
const resourceLimits = {maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 12}

const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js'

/**
 * Opens the repository in a thread of its own, started with the first question: parsing thousands of files does not keep answers of
 * Google waiting, and a file that takes all memory ends that thread, not the run.
 */
export const openRepositoryObserver = (root: string): RepositoryObserver => {
  const waiting = new Map<number, {resolve: (value: unknown) => void; reject: (error: Error) => void}>()
  let count = 0
  let worker: Worker | undefined
  let ended: Error | undefined

  const end = (error: Error): void => {
    ended = error
    for (const {reject} of waiting.values()) reject(error)
    waiting.clear()
  }
  const start = (): Worker => {
    const made = new Worker(new URL(`repository-worker${extension}`, import.meta.url), {workerData: root, resourceLimits})
    made.on('message', ({number, value, error}: Answer) => {
      const asked = waiting.get(number)
      waiting.delete(number)
      if (error === undefined) asked?.resolve(value)
      else asked?.reject(new Error(error))
    })
    made.on('error', (error) =>
      end(
        error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
          ? new Error('the repository is larger than can be read')
          : asError(error),
      ),
    )
    made.on('exit', () => end(ended ?? new Error('reading the repository was stopped')))
    // A run that is over does not wait for what nobody asks for any more.
    made.unref()
    onExit(async () => {
      await made.terminate()
    })
    return made
  }
  const ask = (
    question: Omit<Extract<Question, {ask: 'observe'}>, 'number'> | Omit<Extract<Question, {ask: 'left-out'}>, 'number'>,
  ): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (ended !== undefined) return reject(ended)
      worker ??= start()
      worker.ref()
      count += 1
      const number = count
      const settled = () => {
        if (waiting.size === 0) worker?.unref()
      }
      waiting.set(number, {
        resolve: (value) => {
          settled()
          resolve(value)
        },
        reject: (error) => {
          settled()
          reject(error)
        },
      })
      worker.postMessage({...question, number})
    })

  return {
    observe: (item, context) => ask({ask: 'observe', item, context}),
    leftOut: async () => {
      if (worker === undefined || ended !== undefined) return []
      const value = await ask({ask: 'left-out'})
      return isLeftOut(value) ? value : []
    },
  }
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)))

const isLeftOut = (value: unknown): value is LeftOut[] => Array.isArray(value)
