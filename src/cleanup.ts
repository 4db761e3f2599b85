const tasks: (() => Promise<void> | void)[] = []

/** Registers what must happen before the process ends: a server to close, a lock to release. Last registered, first done. */
export const onExit = (task: () => Promise<void> | void): void => {
  tasks.push(task)
}

/** Does all that was registered, once, even when one of them fails. */
export const dispose = async (): Promise<void> => {
  for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) {
    try {
      await task()
    } catch (error) {
      process.emitWarning(error instanceof Error ? error : String(error))
    }
  }
}
