import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Board } from '../lib/delivery/board/board.ts'
import type { Release } from '../lib/delivery/records.ts'
import { isChange } from '../local/aws/recorder.ts'
import { type SlipwayWorld, startSlipwayWorld } from './slipway-world.ts'

let world: SlipwayWorld
let first: string
beforeAll(async () => {
  world = await startSlipwayWorld()
  first = await world.build()
  await Promise.all(['dev', 'staging', 'prod'].map((environment) => world.run(environment, first)))
})
afterAll(() => world.close())

const board = async (): Promise<Board> => JSON.parse((await world.slipway('status', '--json')).stdout)

describe('slipway status', { timeout: 60_000 }, () => {
  it('shows what a delivery left, in each form', async () => {
    await world.record('dev', first)
    const text = await world.slipway('status')
    expect(text).toMatchObject({ exitCode: 0, stderr: '' })
    expect(text.stdout).toMatch(/^dev +rel-[0-9a-f]{16} .* octocat +level with dev +as recorded$/m)
    expect(text.stdout).toMatch(/^staging +none .* never delivered$/m)
    expect((await world.slipway('status', '--markdown')).stdout).toMatch(/^\| dev \| rel-[0-9a-f]{16} \|/m)
    const { environments, ready } = await board()
    expect(environments.map(({ environment, next }) => [environment, next.state])).toEqual([
      ['dev', 'none'],
      ['staging', 'ready'],
      ['prod', 'refused'],
    ])
    expect(ready).toEqual(['staging'])
  })

  it('says which identity an account needs', async () => {
    const { stdout, exitCode } = await world.bare('status', '--profile', 'shop-dev', '--fail-on', 'drift')
    expect(stdout).toMatch(/^dev +rel-/m)
    expect(stdout).toContain(
      '! staging: unreadable: staging could not be read: wrong account: these credentials belong to 222222222222',
    )
    expect(exitCode).toBe(5)
    const none = await world.bare('status')
    expect(none.exitCode).toBe(1)
    expect(none.stdout).toMatch(/^dev +unknown .* UNREADABLE$/m)
  })
})

describe('slipway deploy, rollback, resume', { timeout: 60_000 }, () => {
  const fast = ['--yes', '--poll-interval', '0.5s']
  const names = { image: '/shop/dev/api/image', release: '/shop/dev/release', hold: '/shop/dev/hold', lock: '/shop/dev/lock' }
  // Joined, because Biome takes the whole for a template that lost its backticks.
  const hostile = ['$(id >/tmp/slipway-was-here) `id` $', '{{ x }} ::error::y'].join('')
  let second: string
  const releases: Record<string, string> = {}
  const releaseOf = async (environment: string): Promise<Release> =>
    JSON.parse((await world.read(environment, `/shop/${environment}/release`)) ?? '{}')
  const runningIn = async (environment: string): Promise<string[]> => {
    const found = (await board()).environments.find((each) => each.environment === environment)
    return [...new Set(found?.services.flatMap(({ running }) => Object.keys(running)))]
  }

  beforeAll(async () => {
    releases['first'] = (await world.record('dev', first)).release
    world.commit({ 'app/Dockerfile': 'FROM scratch\nLABEL second=1\n' })
  })

  it('knows the environments', async () => {
    const unknown = await world.slipway('deploy', 'develop', ...fast)
    expect(unknown).toMatchObject({ exitCode: 2 })
    expect(unknown.stderr).toContain("there is no environment 'develop': one of dev, staging, prod")
  })

  it('tries without writing, asks before it writes, and then builds and delivers the head of the branch', async () => {
    second = world.willBuild()
    const mark = world.cloud.recorder.mark()
    const dry = await world.slipway('deploy', 'dev', '--dry-run')
    expect(dry).toMatchObject({ exitCode: 0, stderr: '' })
    expect(dry.stdout).toContain('dry run: would build app (src-')
    const no = await world.typing('n\n', 'deploy', 'dev')
    expect(no).toMatchObject({ exitCode: 3 })
    expect(no.stdout).toMatch(/build app \(src-\w+\) here, and bring it to dev \(account 222222222222\): api, worker\? \[y\/N\]/)
    expect(await world.slipway('deploy', 'dev')).toMatchObject({ exitCode: 3 })
    expect(writes(mark)).toEqual([])

    const done = await world.typing('yes\n', 'deploy', 'dev', '--poll-interval', '0.5s')
    expect(done.stdout).toContain('api: succeeded')
    expect(done).toMatchObject({ exitCode: 0, stderr: '' })
    expect(await runningIn('dev')).toEqual([second])
    const release = await releaseOf('dev')
    releases['second'] = release.release
    expect(release).toMatchObject({
      actor: 'root',
      previous: releases['first'],
      run: '',
      images: { app: { digest: second } },
    })
    expect(JSON.parse((await world.read('dev', names.lock)) ?? '')).toMatchObject({ state: 'released', purpose: 'deploy' })
  })

  it('rolls back to the release before and holds, until resume', async () => {
    const back = await world.slipway('rollback', 'dev', '--reason', hostile, ...fast)
    expect(back.stdout).toContain('rollback')
    expect(back).toMatchObject({ exitCode: 0, stderr: '' })
    expect(await runningIn('dev')).toEqual([first])
    expect(await releaseOf('dev')).toMatchObject({ release: releases['first'], kind: 'rollback', rejected: [releases['second']] })
    const hold = JSON.parse((await world.read('dev', names.hold)) ?? '')
    expect(hold).toMatchObject({
      state: 'held',
      release: releases['second'],
      reason: hostile,
      by: 'root',
    })
    const { stdout } = await world.slipway('status')
    expect(stdout).toMatch(/^dev .* rollback, HELD$/m)
    expect(stdout).toContain(`by root: ${hostile}`)
    expect(existsSync('/tmp/slipway-was-here')).toBe(false)

    const held = await world.slipway('deploy', 'dev', ...fast)
    expect(held.exitCode).toBe(3)
    expect(held.stdout).toContain('from here: npm run slipway -- resume dev')
    expect(await world.slipway('resume', 'dev', ...fast)).toMatchObject({ exitCode: 0 })
    expect(await world.read('dev', names.hold)).toBe('{"state":"none"}')
  })
})

const writes = (since: number): string[] =>
  world.cloud.recorder
    .calls({ since })
    .filter(isChange)
    .map(({ service, operation }) => `${service}:${operation}`)
