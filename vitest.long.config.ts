import { defineConfig } from 'vitest/config'

/** The tests that take minutes and need no Docker: matrices, workflow files run by act. One file after another. */
export default defineConfig({
  test: {
    include: ['**/*.long.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', '.slipway/**'],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
})
