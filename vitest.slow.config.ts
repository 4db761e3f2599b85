import {defineConfig} from 'vitest/config'

/** What needs another program and minutes: `npm run test:slow`. The first word of a file's name is the program that it needs. */
export default defineConfig({
  test: {
    include: ['test/slow/*.test.ts'],
    disableConsoleIntercept: true,
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
})
