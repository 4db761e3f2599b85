import {linkSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs'

/** Who holds a state file: its process, and when that process began (a reused pid is not the same process). */
const identity = (pid: number): string | undefined => {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return undefined
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''}`
  } catch {
    return `${pid} `
  }
}

const holder = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return undefined
  }
}

const alive = (held: string): boolean => {
  const pid = Number(held.split(' ')[0])
  return Number.isInteger(pid) && pid > 0 && identity(pid)?.trim() === held
}

const exists = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'EEXIST'

/**
 * Takes the state file for this process and answers what gives it back. A lock left by a process that no longer lives (kill -9) is taken
 * over; one that is held is an Error that names the process.
 */
export const lockStateFile = (stateFile: string): (() => void) => {
  const lock = `${stateFile}.lock`
  const mine = `${lock}.${process.pid}.${Date.now()}`
  writeFileSync(mine, `${identity(process.pid) ?? String(process.pid)}\n`)
  try {
    for (let attempt = 0; attempt < 20; attempt++) {
      try {
        // A link appears with its content, so nobody reads a lock that has no owner yet.
        linkSync(mine, lock)
        return () => rmSync(lock, {force: true})
      } catch (error) {
        if (!exists(error)) throw error
      }
      const held = holder(lock)
      if (held === undefined) continue
      if (alive(held))
        throw new Error(
          `${stateFile} is in use by another simulator (process ${held.split(' ')[0] ?? ''}). Stop it, or use another state file.`,
        )
      takeAway(lock, `${mine}.stale`)
    }
  } finally {
    rmSync(mine, {force: true})
  }
  throw new Error(`${stateFile} could not be locked: ${lock} keeps coming back.`)
}

const takeAway = (lock: string, aside: string): void => {
  try {
    renameSync(lock, aside)
    const held = holder(aside)
    // Another process may have taken the lock between the look and the rename: then it is put back.
    if (held !== undefined && alive(held)) linkSync(aside, lock)
    rmSync(aside, {force: true})
  } catch {
    // Somebody else took the stale lock away first.
  }
}
