import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { type Engine, ensureEngine } from './engine.ts'

const home = join(import.meta.dirname, '..', '..', '.slipway')

/** For a file of tests that call docker: the machine's engine, or the clone's own for as long as the file runs. */
export const useEngine = (): void => {
  let engine: Engine
  const before = { ...process.env }
  beforeAll(async () => {
    engine = await ensureEngine({ home, say: (line) => console.error(line), install: true })
    Object.assign(process.env, engine.env)
  }, 300_000)
  afterAll(async () => {
    await engine?.stop()
    for (const name of Object.keys(engine?.env ?? {})) {
      if (before[name] === undefined) delete process.env[name]
      else process.env[name] = before[name]
    }
  }, 60_000)
}
