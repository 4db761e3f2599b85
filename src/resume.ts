import {z} from 'zod'
import {resumeOperation} from './gcp/execute.ts'
import {pendingOperations, type Journal} from './records/journal.ts'
import type {Run} from './run-context.ts'
import type {SetupDialogue} from './setup.ts'

const startedLine = z.object({
  change: z.string(),
  item: z.string(),
  operation: z.object({kind: z.string(), name: z.string(), url: z.string()}),
})

/**
 * Waits for operations that an interrupted run started and whose end is not in the journal, and writes their end down. They are not
 * repeated: what they made is found by the next observation, and a change that is still wanted then is found to exist when it is sent.
 */
export const finishInterrupted = async ({
  run,
  journal,
  dialogue,
  signal,
}: {
  run: Run
  journal: Journal
  dialogue: Pick<SetupDialogue, 'listen' | 'remark'>
  signal: AbortSignal
}): Promise<void> => {
  for (const line of pendingOperations(journal.past)) {
    const started = startedLine.safeParse(line)
    if (!started.success) continue
    const {change, item, operation} = started.data
    dialogue.remark(`an earlier run was interrupted while it waited for ${change}: waiting for its end`)
    try {
      await resumeOperation(run.applying, operation, {notify: (waiting) => dialogue.listen({type: 'waiting', waiting}), signal})
      await journal.append('outcome', {change, item, ok: true, resumed: true})
    } catch (error) {
      signal.throwIfAborted()
      await journal.append('outcome', {
        change,
        item,
        ok: false,
        resumed: true,
        error: error instanceof Error ? error.message : String(error),
      })
    }
  }
}
