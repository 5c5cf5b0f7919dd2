import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Board } from '../lib/delivery/board/board.ts'
import type { Release } from '../lib/delivery/records.ts'
import { twoServices } from './reconcile-delivery-world.ts'
import { type SlipwayWorld, startSlipwayWorld } from './slipway-world.ts'

// Needs no Docker, but minutes: a whole life of three environments without GitHub.

const fast = ['--yes', '--poll-interval', '0.5s']

let world: SlipwayWorld
let first: string
let second: string
beforeAll(async () => {
  const configuration = twoServices()
  const { prod } = configuration.environments
  world = await startSlipwayWorld({
    ...configuration,
    environments: { ...configuration.environments, ...(prod && { prod: { ...prod, soak: '1h' } }) },
  })
  first = await world.build()
  await Promise.all(['dev', 'staging', 'prod'].map((environment) => world.run(environment, first)))
  await world.record('dev', first)
  world.commit({ 'app/Dockerfile': 'FROM scratch\nLABEL second=1\n' })
  second = await world.build()
}, 60_000)
afterAll(() => world.close())

const board = async (): Promise<Board> => JSON.parse((await world.slipway('status', '--json')).stdout)
const at = async (name: string) => (await board()).environments.find(({ environment }) => environment === name)
const running = async (name: string): Promise<string[]> => [
  ...new Set((await at(name))?.services.flatMap((service) => Object.keys(service.running))),
]
const release = async (environment: string): Promise<Release> =>
  JSON.parse((await world.read(environment, `/shop/${environment}/release`)) ?? '{}')

describe('without GitHub', { timeout: 120_000 }, () => {
  it('goes back when it is interrupted, and says so', async () => {
    const stopped = await world.interrupted('[api] ', 'deploy', 'dev', ...fast)
    expect(stopped.stdout).toContain('SIGINT received; stopping what was started, and going back')
    expect(stopped.exitCode).toBe(130)
    expect(await running('dev')).toEqual([first])
    expect((await at('dev'))?.lock).toBeUndefined()
  })

  it('tries a deployment of what is there, without writing', async () => {
    const dry = await world.slipway('deploy', 'dev', '--dry-run')
    expect(dry).toMatchObject({ exitCode: 0, stderr: '' })
    expect(dry.stdout).toContain('api: would deploy ')
    expect(await running('dev')).toEqual([first])
    expect((await release('dev')).images['app']?.digest).toBe(first)
  })

  it('delivers to dev, and promotes what dev has verified to staging, past its branch', async () => {
    expect(await world.slipway('deploy', 'dev', ...fast)).toMatchObject({ exitCode: 0, stderr: '' })
    const promoted = await world.slipway('promote', 'staging', ...fast)
    expect(promoted.stdout).toContain('is recorded')
    expect(promoted).toMatchObject({ exitCode: 0, stderr: '' })
    expect(await running('staging')).toEqual([second])
    expect(await at('staging')).toMatchObject({ next: { state: 'merge' }, branch: { position: 'ahead', ahead: 1 } })
    world.git('branch', '-f', 'staging', 'dev')
    expect(await at('staging')).toMatchObject({ next: { state: 'none' }, branch: { position: 'level' } })
  })

  it('waits for the soak time, and does not skip an environment', async () => {
    const young = await world.slipway('promote', 'prod', ...fast)
    expect(young.exitCode).toBe(4)
    expect(young.stdout).toMatch(/pending: soak: .*; nothing was changed/)
    const { previous = '' } = await release('dev')
    const skipping = await world.slipway('promote', 'prod', '--release', previous, ...fast)
    expect(skipping.exitCode).toBe(3)
    expect(skipping.stderr + skipping.stdout).toContain(previous)
  })

  it('refuses where the configuration differs, and says how it travels', async () => {
    const { services, ...rest } = twoServices()
    world.git('checkout', '-q', 'main')
    world.commit({ 'delivery.json': JSON.stringify({ ...rest, services: { api: services['api'] } }) })
    const differing = await world.slipway('promote', 'prod', ...fast)
    world.git('checkout', '-q', 'dev')
    expect(differing.exitCode).toBe(3)
    expect(differing.stdout).toContain('merge instead: gh pr create --base main --head staging')
  })

  it('refuses a rejected release after resume too', async () => {
    expect(await world.slipway('rollback', 'dev', ...fast)).toMatchObject({ exitCode: 0 })
    expect(await running('dev')).toEqual([first])
    expect(await world.slipway('resume', 'dev', ...fast)).toMatchObject({ exitCode: 0 })
    const rejected = await world.slipway('deploy', 'dev', ...fast)
    expect(rejected.exitCode).toBe(3)
    expect(rejected.stdout).toContain('a rejected release goes nowhere')
    expect((await at('dev'))?.hold).toBeUndefined()
  })

  it('goes back to a named release', async () => {
    const { release: target } = await release('dev')
    world.commit({ 'app/Dockerfile': 'FROM scratch\nLABEL third=1\n' })
    await world.build()
    expect(await world.slipway('deploy', 'dev', ...fast)).toMatchObject({ exitCode: 0 })
    expect((await world.slipway('rollback', 'dev', '--to', 'rel-0123456789abcdef', ...fast)).exitCode).toBe(3)
    expect(await world.slipway('rollback', 'dev', '--to', target, '--reason', 'slow', ...fast)).toMatchObject({ exitCode: 0 })
    expect(await release('dev')).toMatchObject({ release: target, kind: 'rollback', reason: 'slow' })
  })

  it('comes back by itself from an image that dies, with its cause', async () => {
    expect(await world.slipway('resume', 'dev', ...fast)).toMatchObject({ exitCode: 0 })
    world.commit({ 'app/Dockerfile': 'FROM scratch\nLABEL dies=1\n' })
    const digest = await world.build()
    world.script[digest] = { exitsWith: 7, exitsAfter: 1, logs: ['no such table: orders'] }
    const red = await world.slipway('deploy', 'dev', ...fast)
    expect(red.exitCode).toBe(1)
    expect(red.stdout).toContain('failed-rolled-back')
    expect(await running('dev')).toEqual([first])
  })

  it('holds by hand, with a reason that everybody reads', async () => {
    const held = await world.slipway('hold', 'prod', '--reason', 'audit until Monday', ...fast)
    expect(held).toMatchObject({ exitCode: 0 })
    expect((await world.slipway('status')).stdout).toMatch(/^‖ prod: held since .* by root: audit until Monday$/m)
    expect(await world.slipway('resume', 'prod', ...fast)).toMatchObject({ exitCode: 0 })
  })

  it('needs the identity of that environment alone to hold and resume, and that of the registry for images', async () => {
    const own = [...fast, '--profile', 'shop-dev']
    expect(await world.bare('hold', 'dev', '--reason', 'incident 12', ...own)).toMatchObject({ exitCode: 0, stderr: '' })
    expect(await world.bare('resume', 'dev', ...own)).toMatchObject({ exitCode: 0, stderr: '' })
    const deployed = await world.bare('deploy', 'dev', ...own)
    expect(deployed.exitCode).toBe(3)
    expect(deployed.stdout).toContain('name the profile for account 111111111111: --profile registry=NAME')
  })

  it('shows what somebody changed past the records', async () => {
    await world.change('staging', 'worker', first)
    const { exitCode, stdout } = await world.slipway('status', '--fail-on', 'drift')
    expect(exitCode).toBe(5)
    expect(stdout).toMatch(/^staging +worker +ecs +DRIFT/m)
  })
})
