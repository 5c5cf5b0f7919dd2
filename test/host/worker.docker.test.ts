import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { useEngine } from '../../local/engine/engine.case.ts'
import { type HostWorld, startHostWorld } from './world.ts'

useEngine()

let world: HostWorld

beforeAll(async () => {
  world = await startHostWorld()
})

afterAll(() => world?.close())

describe('a worker, which has no port', () => {
  test.each(['overlap', 'stop-first'])(
    'is replaced by %s once the new one has run for a while, and kept where that ends',
    async (replace) => {
      const worker = await world.host({ PORT: '', SMOKE_PATHS: '', RUNNING_SECONDS: '3', BAKE_SECONDS: '1', REPLACE: replace })
      expect((await worker.deploy('hangs', 'w1')).verdict).toMatchObject({ exit: 0, active: 'w1', running: true })
      const failed = await worker.deploy('crash', 'w2')
      expect(failed.verdict, failed.stdout).toMatchObject({ exit: 24, active: 'w1', running: true })
      expect((await worker.deploy('v1', 'w3')).verdict).toMatchObject({ exit: 0, active: 'w3', previous: 'w1', running: true })
      expect(await worker.containers()).toEqual(['w3'])
      const back = await worker.start('rollback', { release: 'w1' })
      expect(back.verdict, back.stdout).toMatchObject({ exit: 0, active: 'w1', running: true })
      expect(await worker.restarting()).toEqual(['w1'])
    },
  )

  test('that was being stopped for another when the program was killed runs again, and for good', async () => {
    const settings = { PORT: '', SMOKE_PATHS: '', RUNNING_SECONDS: '1', BAKE_SECONDS: '1', REPLACE: 'stop-first' }
    const worker = await world.host({ ...settings, STOP_TIMEOUT: '8' })
    expect((await worker.deploy('stubborn', 'w1')).verdict).toMatchObject({ exit: 0, active: 'w1' })
    // The engine goes on stopping it by itself for eight seconds.
    const whileStopping = () => worker.state('stopping').then((found) => found && sleep(1_000, found))
    expect((await worker.deploy('v1', 'w2', { killWhen: whileStopping })).signal).toBe('SIGKILL')
    const { verdict, stdout } = await worker.start('reconcile')
    expect(verdict, stdout).toMatchObject({ exit: 0, active: 'w1', running: true })
    await sleep(9_000)
    expect((await worker.start('status')).verdict).toMatchObject({ active: 'w1', running: true })
    expect(await worker.restarting()).toEqual(['w1'])
  })
})
