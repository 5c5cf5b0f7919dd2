import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { useEngine } from '../../local/engine/engine.case.ts'
import { type HostWorld, startHostWorld, type WorldHost } from './world.ts'

useEngine()

let world: HostWorld
let host: WorldHost

const argv = (...words: string[]): string => Buffer.from(JSON.stringify(words)).toString('base64')

/** The environment of a program for which one command on this host does something else. */
const instead = async (name: string, script: string): Promise<Record<string, string>> => {
  const folder = join(host.root, `instead-of-${name}`)
  await mkdir(folder)
  await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  return { PATH: `${folder}:${host.environment['PATH']}` }
}

beforeAll(async () => {
  world = await startHostWorld()
  host = await world.host({ BAKE_SECONDS: '1', HEALTH_TIMEOUT: '60' })
})

afterAll(() => world?.close())

describe('a service behind the proxy', () => {
  test('its first deployment has no predecessor, and one that fails leaves nothing behind', async () => {
    const failed = await host.deploy('crash', 'r0')
    expect(failed.verdict, failed.stdout).toMatchObject({ exit: 24, active: '', running: false, digest: '' })
    expect(failed.verdict?.log.at(-1)).toBe('Error: no database')
    expect(failed.stdout.indexOf('\n')).toBeLessThan(2_000)
    expect(await host.containers('--all')).toEqual([])
    const first = await host.deploy('v1', 'r1', { version: 'v1' })
    expect(first.verdict, first.stdout).toMatchObject({ exit: 0, active: 'r1', previous: '', running: true, version: 'v1' })
    expect(await host.get('/')).toBe('v1')
  })

  test('it gets its parameters, which are in no output and in no file afterwards', async () => {
    expect(JSON.parse(await host.get('/environment'))).toMatchObject({ DATABASE_URL: 'hunter2hunter2' })
    await host.set({ HEALTH_TIMEOUT: '3' })
    const { verdict, stdout } = await host.deploy('sick', 'r2')
    await host.set({ HEALTH_TIMEOUT: '60' })
    expect(verdict).toMatchObject({ exit: 24, active: 'r1' })
    expect(verdict?.log).toContain('waiting for the database, password ***')
    expect(stdout).not.toContain('hunter2hunter2')
    expect(await readdir(join(host.root, 'run/slipway-edge'))).toEqual([])
  })

  test('an image that the registry does not have leaves everything as it is', async () => {
    const { verdict, stdout } = await host.start('deploy', {
      image: `${world.repository}@sha256:${'0'.repeat(64)}`,
      release: 'r3',
    })
    expect(verdict, stdout).toMatchObject({ exit: 23, phase: 'pull', active: 'r1', running: true })
    expect(verdict?.reason).toMatch(/^the image could not be pulled: .*not found/)
  })

  test.each([
    [
      'a registry that does not answer',
      'aws',
      'echo "Could not connect to the endpoint URL" >&2; exit 255',
      22,
      /cannot log in to .*: Could not connect/,
    ],
    [
      'a full disk',
      'df',
      'printf "Filesystem 1K Used Available\\n/dev/x 1000 990 10 99%% /\\n"',
      22,
      /^the disk of .* has 0 MB free; \d+ MB are needed$/,
    ],
  ])('%s leaves everything as it is', async (_, program, script, exit, reason) => {
    const { verdict, stdout } = await host.deploy('v2', 'r4', { env: await instead(program, script) })
    expect(verdict, stdout).toMatchObject({ exit, phase: 'preflight', active: 'r1', running: true })
    expect(verdict?.reason).toMatch(reason)
  })

  test('a candidate that needs more than its memory says so', async () => {
    await host.set({ MEMORY: '96m' })
    const { verdict, stdout } = await host.deploy('hungry', 'r5')
    await host.set({ MEMORY: '' })
    expect(verdict, stdout).toMatchObject({ exit: 24, active: 'r1' })
    expect(verdict?.reason).toMatch(/needed more than its memory of 96m and was killed$/)
  })

  test('a version that dies after the switch is switched back, with its last words', async () => {
    await host.set({ BAKE_SECONDS: '15' })
    const { verdict, stdout } = await host.deploy('dies', 'r6')
    await host.set({ BAKE_SECONDS: '1' })
    expect(verdict, stdout).toMatchObject({ exit: 25, phase: 'bake', active: 'r1', running: true })
    expect(verdict?.reason).toMatch(/it exited with code 1$/)
    expect(verdict?.log.join('\n')).toContain('lost the database')
    expect(await host.get('/')).toBe('v1')
  })

  test('only so many predecessors are kept, with their images; containers of others are not touched', async () => {
    const [other, stopped] = [`${host.name}-other`, `${host.name}-stopped`]
    for (const name of [other, stopped])
      await host.docker('run', '--detach', '--name', name, '--network', host.name, world.imageOf('v1'))
    await host.docker('stop', '-t', '0', stopped)
    for (const [variant, release] of [
      ['v2', 'p1'],
      ['v3', 'p2'],
      ['stubborn', 'p3'],
      ['v1', 'p4'],
    ] as const) {
      const { code, stdout } = await host.deploy(variant, release)
      expect(code, stdout).toBe(0)
      if (release === 'p4') expect(stdout).toContain('did not end within 3 s and was killed')
    }
    expect(await host.containers('--all')).toEqual(['p4', 'p3', 'p2'])
    expect(await host.docker('inspect', '--format', '{{.State.Status}}', other, stopped)).toBe('running\nexited')
    const images = await host.docker('image', 'ls', '--digests', '--format', '{{.Repository}}@{{.Digest}}')
    expect(images).toContain(world.imageOf('v3'))
    expect(images).not.toContain(world.imageOf('v2'))
    await host.docker('rm', '--force', other, stopped)
  })

  test('it goes back to any release that is kept, also one from its own slot, and by digest to one that is not', async () => {
    const kept = await host.start('rollback', { release: 'p2' })
    expect(kept.verdict, kept.stdout).toMatchObject({
      exit: 0,
      result: 'rolled-back',
      active: 'p2',
      previous: 'p4',
      digest: world.digests['v3'],
    })
    expect(await host.get('/')).toBe('v3')
    const pulled = await host.start('rollback', { release: 'p1', image: world.imageOf('v2'), version: 'v2' })
    expect(pulled.verdict, pulled.stdout).toMatchObject({ exit: 0, active: 'p1', digest: world.digests['v2'] })
    const missing = await host.start('rollback', { release: 'p0' })
    expect(missing.verdict).toMatchObject({ exit: 26, active: 'p1', running: true })
  })

  test('after a restart of the proxy, of the host, and without its container it serves again', async () => {
    await host.docker('restart', '-t', '1', `${host.name}-proxy`)
    const get = () => host.get('/').catch(() => '')
    await expect.poll(get, { timeout: 20_000 }).toBe('v2')
    await host.docker('stop', '-t', '1', `${host.name}-proxy`)
    expect((await host.deploy('v3', 'q1')).verdict).toMatchObject({ exit: 0, active: 'q1', running: true })
    let booted: unknown
    await host.reboot(async () => {
      booted = (await host.start('reconcile')).verdict
    })
    expect(booted).toMatchObject({ exit: 0, result: 'reconciled', active: 'q1', running: true })
    await host.docker('rm', '--force', `${host.name}-edge-q1`)
    expect((await host.start('status')).verdict).toMatchObject({ exit: 0, active: 'q1', digest: '', running: false })
    const anew = await host.start('reconcile')
    expect(anew.verdict, anew.stdout).toMatchObject({ exit: 0, active: 'q1', running: true, digest: world.digests['v3'] })
    expect(await host.get('/')).toBe('v3')
  })

  test('a host that lost its state goes on with what was committed', async () => {
    await rm(join(host.root, 'var/lib/slipway/edge'), { recursive: true })
    expect((await host.start('reconcile')).verdict).toMatchObject({ exit: 0, active: 'q1', running: true })
  })

  test('what cannot be brought back is said, and a new version is the remedy', async () => {
    await host.docker('rm', '--force', `${host.name}-edge-q1`)
    await writeFile(join(host.root, 'var/lib/slipway/edge/active'), `q1 ${world.repository}@sha256:${'0'.repeat(64)}\n`)
    const { verdict, stdout } = await host.start('reconcile')
    expect(verdict, stdout).toMatchObject({ exit: 21, active: 'q1', running: false })
    expect((await host.deploy('v1', 'q2')).verdict).toMatchObject({ exit: 0, active: 'q2', running: true })
    expect(await host.get('/')).toBe('v1')
  })
})

describe('the pre-deploy command', () => {
  test('runs in the new image with the environment and network of the service, and nothing in it is read by a shell', async () => {
    const words = ['console.log(process.argv[2], process.env.DATABASE_URL.length)', '$(reboot) `id` {{ssm:x}} \n; "\'']
    const { verdict, stdout } = await host.start('run', { image: world.imageOf('tool'), release: 'c1', command: argv(...words) })
    expect(verdict, stdout).toMatchObject({ exit: 0, result: 'ran', active: 'q2' })
    expect(verdict?.log.join('\n')).toContain('$(reboot) `id` {{ssm:x}}')
    expect(verdict?.log.join('\n')).toContain('14')
  })

  test('that fails is said with its code and its last words', async () => {
    const words = ["console.error('relation does not exist'); process.exit(5)"]
    const { verdict, stdout } = await host.start('run', { image: world.imageOf('tool'), release: 'c2', command: argv(...words) })
    expect(verdict, stdout).toMatchObject({
      exit: 27,
      reason: 'the command failed; it exited with code 5',
      log: ['relation does not exist'],
    })
    expect(await host.docker('ps', '--all', '--format', '{{.Names}}')).not.toContain('-run')
  })

  test.each([
    ['not base64 of JSON', 'aGVsbG8='],
    ['no list', 'e30='],
    ['an empty list', argv()],
  ])('is refused where it is %s', async (_, command) => {
    const { verdict } = await host.start('run', { image: world.imageOf('tool'), release: 'c3', command })
    expect(verdict).toMatchObject({ exit: 22, reason: 'the command is not a JSON array of words, in base64' })
  })
})
