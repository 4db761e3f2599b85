import {afterAll} from 'vitest'

const tasks: (() => Promise<void> | void)[] = []

/** Does `task` when the tests of the file are done; tests that run side by side cannot end each other's things. */
export const afterwards = (task: () => Promise<void> | void): void => {
  tasks.push(task)
}

afterAll(async () => {
  for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) await task()
})
