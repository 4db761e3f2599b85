import {configDefaults, defineConfig} from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, 'test/slow/**', 'test/fixtures/**'],
    // oclif's runCommand captures the process streams; vitest's own interception would leave them empty.
    disableConsoleIntercept: true,
    // One core would be kept free by default: half of a small machine.
    maxWorkers: '100%',
    // A folder that cannot be made: no test may touch how Docker signs in on this machine.
    env: {DOCKER_CONFIG: '/dev/null/docker'},
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
