import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { engineEnv, startEngine, stopEngine } from '../../local/engine/daemon.ts'
import { type Engine, ensureEngine } from '../../local/engine/engine.ts'
import { enginePlace } from '../../local/engine/place.ts'
import { startHostWorld } from './world.ts'

/**
 * The engine restarts under the host. Where the engine is one of our own, a second one is started for it; the machine's own is
 * restarted in CI only, where nobody else uses it.
 */
const home = join(import.meta.dirname, '../../.slipway')
const folder = mkdtempSync('/tmp/slipway-engine-')
const place = enginePlace(folder)
const before = { ...process.env }
let engine: Engine

const answers = (): boolean => {
  try {
    execFileSync('docker', ['version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

const restartSystemEngine = (): void => {
  execFileSync('sudo', ['-n', 'systemctl', 'restart', 'docker'])
}

const restartOwnEngine = async (): Promise<void> => {
  const pid = Number(readFileSync(`${place.run}/dockerd.pid`, 'utf8'))
  const [program = '', ...args] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1)
  process.kill(pid)
  await expect.poll(answers, { timeout: 60_000 }).toBe(false)
  await expect.poll(() => alive(pid), { timeout: 60_000 }).toBe(false)
  spawn(program, args, { detached: true, stdio: 'ignore', cwd: '/' }).unref()
}

const alive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

beforeAll(async () => {
  engine = await ensureEngine({ home, say: console.error, install: true })
  if (engine.kind === 'private') {
    mkdirSync(dirname(place.programs), { recursive: true })
    symlinkSync(enginePlace(home).programs, place.programs)
    await startEngine(place, false)
    Object.assign(process.env, engineEnv(place))
  }
}, 300_000)

afterAll(async () => {
  if (engine.kind === 'private') await stopEngine(place)
  await engine.stop()
  rmSync(folder, { recursive: true, force: true })
  process.env = before
}, 120_000)

test('after a restart of the engine the committed version serves by itself, and is replaced as before', async ({ skip }) => {
  if (engine.kind === 'system' && !process.env['CI']) skip('the engine of this machine belongs to its user')
  const world = await startHostWorld()
  try {
    const host = await world.host({ BAKE_SECONDS: '1' })
    for (const [variant, release] of [
      ['v1', 'r1'],
      ['v2', 'r2'],
    ] as const)
      expect((await host.deploy(variant, release)).verdict).toMatchObject({ exit: 0, active: release })
    const killed = await host.deploy('v3', 'r3', { env: { SLIPWAY_FAULT: 'routed' } })
    expect(killed.signal).toBe('SIGKILL')
    await (engine.kind === 'private' ? restartOwnEngine() : restartSystemEngine())
    await expect.poll(answers, { timeout: 60_000 }).toBe(true)
    await expect.poll(() => host.get('/').catch(() => ''), { timeout: 60_000 }).toBe('v2')
    expect(await host.containers()).toEqual(['r2'])
    expect((await host.start('status')).verdict).toMatchObject({ active: 'r2', running: true, pending: 'r3' })
    expect((await host.deploy('v3', 'r3')).verdict).toMatchObject({ exit: 0, active: 'r3', previous: 'r2', running: true })
    expect(await host.get('/')).toBe('v3')
  } finally {
    await world.close()
  }
})
