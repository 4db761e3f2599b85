/** Runs tasks with at most `width` at a time; a task that waits for another must not hold a place while it waits. */
export const createLimit = (width: number) => {
  let running = 0
  const waiting: (() => void)[] = []
  return async <T>(task: () => Promise<T>): Promise<T> => {
    if (running >= width) await new Promise<void>((resume) => waiting.push(resume))
    running++
    try {
      return await task()
    } finally {
      running--
      waiting.shift()?.()
    }
  }
}
