import {readFile} from 'node:fs/promises'
import {systemCode} from './store.ts'

/** When a process of this machine was started, as text that no later process with the same number has; null where that cannot be told. */
export const startOf = async (pid: number): Promise<string | null> => (await lookUp(pid))?.start ?? null

/** True when the process that was seen with that number and start still runs. */
export async function isRunning(pid: number, start: string | null): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (systemCode(error) === 'ESRCH') return false
  }
  const found = await lookUp(pid)
  if (found === undefined) return true
  return !found.ended && (start === null || found.start === start)
}

/** What /proc tells, where there is one. A process that has ended keeps its number until its parent asks for it. */
async function lookUp(pid: number): Promise<{start: string; ended: boolean} | undefined> {
  try {
    const [boot, line] = await Promise.all([readFile('/proc/sys/kernel/random/boot_id', 'utf8'), readFile(`/proc/${pid}/stat`, 'utf8')])
    // The name of the program stands in parentheses and may hold anything; after it come the state and, 20th, the start in clock ticks.
    const fields = line.slice(line.lastIndexOf(')') + 2).split(' ')
    const [state, ticks] = [fields[0], fields[19]]
    return ticks === undefined ? undefined : {start: `${boot.trim()}/${ticks}`, ended: state === 'Z' || state === 'X'}
  } catch {
    return undefined
  }
}
