import { defineConfig } from 'vitest/config'

/** The tests that need root or Docker; they share one engine, so they run one file after another. */
export default defineConfig({
  test: {
    include: ['**/*.docker.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', '.slipway/**'],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
})
