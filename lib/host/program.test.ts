import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { beforeEach, describe, expect, test } from 'vitest'
import { needed as host, imageOf, useHostFolder } from './host.case.ts'

// Refusals only: what is done to containers is in swap.test.ts, and shown on an engine in test/host.
const { path, write, read, describe: describeHost, command, run } = useHostFolder()

const refused = async (parameters: Record<string, string>): Promise<string | undefined> => {
  const { code, stderr, verdict } = await run(parameters)
  expect([code, stderr, verdict?.exit, verdict?.result]).toEqual([22, '', 22, 'failed'])
  return verdict?.reason
}

const image = imageOf('a')

test('a service that this host does not have', async () => {
  expect(await refused({})).toMatch(/^this host has no service 'edge': there is no .*\/etc\/slipway\/edge\.env$/)
})

describe('what a parameter may not be, even where nobody checked it before', () => {
  test.each([
    ['Operation', 'destroy', "there is no operation 'destroy'"],
    ['Service', '../../root', 'the name of the service is not one'],
    ['Release', '$(touch x)', 'the name of the release is not one'],
    ['Version', '`touch x`', 'the content tag is not one'],
    ['Image', 'registry.test/shop/app:latest; touch x', 'the image is not a reference by digest'],
    ['Image', `registry.test/shop/app@sha256:${'a'.repeat(64)}\ntouch x`, 'the image is not a reference by digest'],
    ['Command', '[";touch x"]', 'the command is not base64 of at most 8,192 characters'],
    ['Command', 'A'.repeat(65_536), 'the command is not base64 of at most 8,192 characters'],
  ])('%s', async (name, value, reason) => {
    describeHost(host)
    expect(await refused({ [name]: value })).toBe(reason)
    expect(readdirSync(path()).toSorted()).toEqual(['bin', 'etc', 'run'])
  })
})

describe('a host file', () => {
  test.each([
    ['without a key that is needed', { REGION: 'eu-west-1', NETWORK: 'shop' }, /does not say REPOSITORY$/],
    ['with a key that is not one', { ...host, HEALTH_TIMOUT: '9' }, /begins with 'HEALTH_TIMOUT', which is no key of it$/],
    ['with a number that is none', { ...host, KEEP: '$(id)' }, /^KEEP in .* is '\$\(id\)'; it must be a whole number$/],
    ['with a port and no address of the proxy', { ...host, PORT: '8080' }, /says PORT and not PROXY_URL$/],
  ])('%s is refused', async (_, settings, reason) => {
    describeHost(settings)
    expect(await refused({})).toMatch(reason)
  })

  test('is data: nothing in it is evaluated', async () => {
    describeHost({ ...host, MEMORY: '$(touch x)', VOLUMES: '`touch y`' })
    await refused({ Image: 'x' })
    expect(readdirSync(path())).not.toContain('x')
  })
})

test('an engine that does not answer', async () => {
  describeHost(host)
  command('docker', 'exit 1')
  expect(await refused({ Image: image })).toBe('the Docker engine does not answer')
})

test('a verdict is given without Python, too', async () => {
  describeHost(host)
  command('docker', 'exit 1')
  command('python3', 'exit 127')
  expect(await refused({ Image: image })).toBe('the Docker engine does not answer')
})

test('nothing of a run is left in memory but its state', async () => {
  describeHost(host)
  command('docker', 'exit 1')
  await refused({ Image: image })
  expect(readdirSync(path('run/slipway-edge'))).toEqual([])
})

test('status of a host on which nothing was deployed takes no lock and leaves nothing', async () => {
  describeHost(host)
  const { code, verdict } = await run({ Operation: 'status', Release: 'none' })
  expect([code, verdict]).toMatchObject([0, { result: 'reported', active: '', running: false, holder: '' }])
  expect(readdirSync(path()).toSorted()).toEqual(['bin', 'etc', 'run'])
})

describe('the lock', () => {
  const state = () => path('var/lib/slipway/edge')
  const status = async () => (await run({ Operation: 'status', Release: 'none' })).verdict

  beforeEach(() => {
    describeHost(host)
    command('docker', 'exit 1')
    mkdirSync(state(), { recursive: true })
  })

  test('that cannot be asked for is no reason to wait for anybody', async () => {
    command('flock', 'exit 66')
    expect(await refused({ Image: image })).toMatch(/^the lock in .* could not be taken: flock ended with 66$/)
    command('flock', 'exit 0')
    rmSync(path('var/lib/slipway/edge/lock'))
    mkdirSync(path('var/lib/slipway/edge/lock'))
    expect(await refused({ Image: image })).toMatch(/^the lock in .* could not be opened/)
  })

  test('that is taken has a holder from its first moment: release and operation, which status says too', async () => {
    const born = readFileSync(`/proc/${process.pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[19]
    // The name comes a little after the lock.
    command('flock', `echo "r7 ${process.pid} ${born} run c-1" >${state()}/holder; exit 1`)
    const { code, verdict } = await run({ Image: image })
    expect([code, verdict]).toMatchObject([20, { result: 'busy', holder: 'r7', holder_operation: 'run' }])
    expect(await status()).toMatchObject({ holder: 'r7', holder_operation: 'run' })
  })

  test("whose holder has ended is nobody's, and its file stays", async () => {
    await refused({ Image: image })
    expect(read('var/lib/slipway/edge/holder')).toMatch(/^r1 \d+ \d+ deploy by-hand\n$/)
    expect(await status()).toMatchObject({ holder: '', holder_operation: '' })
  })

  test('is not needed to say what ran before, and of which image', async () => {
    write('var/lib/slipway/edge/previous', `r0 ${image}\n`)
    expect(await status()).toMatchObject({ previous: 'r0', previous_image: image })
    command('python3', 'exit 127')
    expect(await status()).toMatchObject({ previous: 'r0', previous_image: image, holder_operation: '' })
  })
})

describe('what is removed', () => {
  const removed = () =>
    read('removed')
      .split('\n')
      .filter((line) => line.includes('-rf'))

  beforeEach(() => {
    describeHost(host)
    command('docker', 'exit 1')
    command('rm', `echo "$@" >>${path('removed')}`)
    write('removed', '')
  })

  test('is nothing where no folder of its own could be made', async () => {
    write('run/slipway-edge', '')
    expect(await refused({ Image: image })).toMatch(/^no folder could be made in .*\/run\/slipway-edge$/)
    expect(removed()).toEqual([])
  })

  test('is the folder of this run and of those that were killed, and no other', async () => {
    const gone = path('run/slipway-edge/99999999.AbCdEf')
    for (const folder of [gone, path('run/slipway-edge/kept'), path(`run/slipway-edge/${process.pid}.AbCdEf`)])
      mkdirSync(folder, { recursive: true })
    await refused({ Image: image })
    expect(removed()).toEqual([`-rf ${gone}`, expect.stringMatching(/^-rf .*\/run\/slipway-edge\/\d+\.\w{6}$/)])
  })
})
