import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['actions', 'infra', 'lib', 'local', 'test', 'scripts'].map((folder) => `${folder}/**/*.test.ts`),
    exclude: ['**/node_modules/**', '**/dist/**', '**/*.docker.test.ts', '**/*.long.test.ts', '**/*.live.test.ts'],
    // Most tests wait for processes: one worker, vitest's choice for two cores, would leave both of them idle half of the time.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    // Hundreds of files, most of them small: a process and all modules anew for each would be a fifth of the time.
    isolate: false,
    // For the processes that tests start: Node keeps what it has compiled, and the next start takes a third less.
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules', '.cache', 'compiled') },
    testTimeout: 60_000,
  },
})
