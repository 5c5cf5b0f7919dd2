import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['actions', 'infra', 'lib', 'local', 'test', 'scripts'].map((folder) => `${folder}/**/*.test.ts`),
    exclude: ['**/node_modules/**', '**/dist/**', '**/*.docker.test.ts', '**/*.live.test.ts'],
    // Most tests wait for processes: one worker, vitest's choice for two cores, would leave both of them idle half of the time.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 20_000,
  },
})
