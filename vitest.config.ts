import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['actions/**/*.test.ts', 'lib/**/*.test.ts', 'local/**/*.test.ts', 'test/**/*.test.ts', 'scripts/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', '**/*.docker.test.ts', '**/*.live.test.ts'],
    testTimeout: 20_000,
  },
})
