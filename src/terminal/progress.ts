import type {ListrDefaultRendererLogLevels, ListrLogLevels} from 'listr2'
import type {EngineEvent, Listener} from '../engine/event.ts'
import {block, printable} from '../reporters/printable.ts'
import {bullet} from '../wizard/lines.ts'
import {lookOf} from './look.ts'

/** Shows the engine's events while it works, on stderr: redrawn in a terminal, one line per change elsewhere. */
export type Progress = {
  listen: Listener
  /** Shows `title` with a count while `work` observes `total` items. */
  observing: <T>(title: string, total: number, work: () => Promise<T>) => Promise<T>
  close: () => Promise<void>
}

export type ProgressOptions = {live: boolean; quiet: boolean}

/** `live` redraws by listr2; without it every change is a plain line that stays. */
export const createProgress = ({live, quiet}: ProgressOptions): Progress => (quiet ? silent : live ? liveProgress() : plainProgress())

const silent: Progress = {listen: () => undefined, observing: (_title, _total, work) => work(), close: () => Promise.resolve()}

const titlesOf = (event: Extract<EngineEvent, {changes: unknown}>): string =>
  printable(event.changes.map((change) => change.title).join('; '))

const reason = (error: unknown): string => printable(error instanceof Error ? error.message : String(error))

const waitingLine = ({waiting}: Extract<EngineEvent, {type: 'waiting'}>): string =>
  printable(`waiting since ${waiting.since.toISOString().slice(11, 19)} UTC for ${waiting.what} (usually ${waiting.usually})`)

const plainProgress = (): Progress => {
  const say = (line: string) => process.stderr.write(`${line}\n`)
  const {columns} = lookOf(process.stderr)
  const told = (mark: string, text: string) => say(bullet(mark, text, 2, columns))
  let lastWait = ''
  return {
    listen: (event) => {
      if (event.type === 'changes-started') told('…', titlesOf(event))
      else if (event.type === 'changes-finished') told('✓', titlesOf(event))
      else if (event.type === 'changes-failed') told('✗', `${titlesOf(event)}: ${reason(event.error)}`)
      else if (event.type === 'waiting' && event.waiting.what !== lastWait) {
        lastWait = event.waiting.what
        say(block(waitingLine(event), 4, columns))
      }
    },
    observing: async (title, _total, work) => {
      say(`${title} …`)
      return work()
    },
    close: () => Promise.resolve(),
  }
}

/** One listr2 list at a time: observing and applying never overlap, and a list ends before anything is asked. */
const liveProgress = (): Progress => {
  type Task = {title: string; output: string}
  let task: Task | undefined
  let settle: {resolve: () => void; reject: (error: Error) => void} | undefined
  let running: Promise<void> = Promise.resolve()
  let counted = 0

  const begin = (title: string): void => {
    const done = new Promise<void>((resolve, reject) => (settle = {resolve, reject}))
    done.catch(() => undefined)
    const before = running
    running = (async () => {
      await before
      const {Listr, ListrLogger, ProcessOutput} = await import('listr2')
      const processOutput = new ProcessOutput(process.stderr, process.stderr)
      const list = new Listr<undefined>(
        [
          {
            title,
            task: async (_context, handle) => {
              task = handle
              await done
            },
          },
        ],
        {
          exitOnError: false,
          registerSignalListeners: false,
          rendererOptions: {logger: new ListrLogger<ListrDefaultRendererLogLevels>({processOutput}), collapseErrors: false},
          fallbackRendererOptions: {logger: new ListrLogger<ListrLogLevels>({processOutput})},
        },
      )
      await list.run()
      task = undefined
    })()
  }

  return {
    listen: (event) => {
      if (event.type === 'changes-started') begin(titlesOf(event))
      else if (event.type === 'changes-finished') settle?.resolve()
      else if (event.type === 'changes-failed') settle?.reject(new Error(`${titlesOf(event)}: ${reason(event.error)}`))
      else if (event.type === 'waiting' && task !== undefined) task.output = waitingLine(event)
      else if (event.type === 'item-finished' && task !== undefined) {
        counted++
        task.output = `${counted} read, last ${event.result.id}`
      }
    },
    observing: async (title, total, work) => {
      await running
      counted = 0
      begin(`${title} (${total} items)`)
      try {
        const done = await work()
        settle?.resolve()
        return done
      } catch (error) {
        // What was interrupted gets no tick.
        settle?.reject(new Error(`${title}: stopped before the end`))
        throw error
      } finally {
        await running
      }
    },
    close: () => running,
  }
}
