import { defineConfig } from 'vitest/config'

/** What is tried on AWS itself, when someone names an account on purpose. Never part of another run. */
export default defineConfig({ test: { include: ['**/*.live.test.ts'], exclude: ['**/node_modules/**'], fileParallelism: false } })
