import { describe, expect, test } from 'vitest'
import { imageOf, useHostFolder, worker } from './host.case.ts'

// What goes wrong between two commands to an engine, where no real one can be made to do so. The rest is in test/host.
const { read, write, describe: describeHost, engine, run } = useHostFolder()

const [one, two, three] = ['a', 'b', 'c'].map(imageOf) as [string, string, string]
const exclusive = { ...worker, REPLACE: 'stop-first' }

/** `r1` is active, and `r0` was before it. */
const serving = (settings: Record<string, string>, more: Record<string, string> = {}): void => {
  describeHost(settings)
  engine(
    { r1: `running unless-stopped ${one}`, r0: `exited no ${three}`, ...more },
    { active: `r1 ${one}`, previous: `r0 ${three}`, committed: 'r0\nr1' },
  )
}

const commands = (...names: string[]): string[] =>
  read('docker.log')
    .split('\n')
    .filter((line) => names.some((name) => line.startsWith(`${name} `)))

const container = (release: string): string => read(`containers/edge-${release}`).trim()
const record = (file: string): string => read(`var/lib/slipway/edge/${file}`).trim()

const deploy = (more: Record<string, string> = {}) => run({ Image: two, Release: 'r2' }, more)
const reconcile = () => run({ Operation: 'reconcile', Release: 'none' })

test('a worker is replaced', async () => {
  serving(exclusive)
  expect((await deploy()).verdict).toMatchObject({ exit: 0, active: 'r2', previous: 'r1', previous_image: one, running: true })
  expect([container('r1'), container('r2')]).toEqual([`exited no ${one}`, `running unless-stopped ${two}`])
})

describe('a worker that was stopped for the new one runs again', () => {
  test.each([
    ['cannot be started', '[[ $1 != run ]] || exit 125', 23],
    ['is at its start when the program is told to end', '[[ $1 != run ]] || kill -TERM $PPID', 23],
    ['ended', '[[ "$*" != *"State.Running"*edge-r2 ]] || exit 1', 24],
  ])('where that %s', async (_, hook, exit) => {
    serving({ ...exclusive, RUNNING_SECONDS: '1' })
    write('hook', hook)
    const { verdict, stdout } = await deploy()
    expect(verdict, stdout).toMatchObject({ exit, active: 'r1', running: true })
    expect(container('r1')).toBe(`running unless-stopped ${one}`)
    expect(() => container('r2')).toThrow('ENOENT')
  })

  test('where the kept one that it was to go back to does not start', async () => {
    serving(exclusive)
    write('hook', '[[ "$*" != "start edge-r0" ]] || exit 1')
    expect((await run({ Operation: 'rollback', Release: 'r0' })).verdict).toMatchObject({ exit: 23, active: 'r1', running: true })
  })

  test('and where even that does not start, nobody says that it serves', async () => {
    serving(exclusive)
    write('hook', '[[ $1 != run && $1 != start ]] || exit 1')
    const { verdict } = await deploy()
    expect(verdict).toMatchObject({ exit: 21, running: false })
    expect(verdict?.reason).toContain('r1, which was stopped for it, does not start')
  })

  test('where the program was killed while the engine was stopping it: that is waited for first', async () => {
    serving(exclusive)
    expect((await deploy({ SLIPWAY_FAULT: 'stopping' })).code).toBe('SIGKILL')
    expect((await reconcile()).verdict).toMatchObject({ exit: 0, active: 'r1', running: true })
    expect(commands('stop', 'start')).toEqual(['stop -t 10 edge-r1', 'start edge-r1'])
    expect(() => record('stopping')).toThrow('ENOENT')
  })

  test('and not beside what a killed deployment had started in its place', async () => {
    serving(exclusive)
    await deploy({ SLIPWAY_FAULT: 'started' })
    await reconcile()
    expect(commands('rm', 'start').slice(-2)).toEqual(['rm --force --volumes edge-r2', 'start edge-r1'])
  })
})

describe('a commit', () => {
  test.each(['restarts', 'rests', 'remembered', 'predecessor'])('killed at %s is as if it had not begun', async (point) => {
    serving(worker)
    expect((await deploy({ SLIPWAY_FAULT: point })).code).toBe('SIGKILL')
    const { verdict } = await reconcile()
    expect(verdict).toMatchObject({ exit: 0, active: 'r1', previous: 'r0', previous_image: three, running: true })
    expect(container('r1')).toBe(`running unless-stopped ${one}`)
    if (point === 'remembered' || point === 'predecessor') expect(container('r2')).toBe(`exited no ${two}`)
  })

  test('killed when it is on record is done', async () => {
    serving(worker)
    await deploy({ SLIPWAY_FAULT: 'activated' })
    expect((await reconcile()).verdict).toMatchObject({ exit: 0, active: 'r2', previous: 'r1', running: true, pending: '' })
    expect([container('r1'), container('r2')]).toEqual([`exited no ${one}`, `running unless-stopped ${two}`])
  })

  test('that cannot be written leaves the predecessor what it was', async () => {
    serving(worker)
    write('var/lib/slipway/edge/active.new/x', '')
    expect((await deploy()).verdict).toMatchObject({ exit: 25, active: 'r1', previous: 'r0', running: true })
    expect(record('previous')).toBe(`r0 ${three}`)
  })
})

describe('where nothing is on record', () => {
  const found = (containers: Record<string, string>, state: Record<string, string> = {}): void => {
    describeHost(worker)
    engine(containers, state)
  }

  test.each([
    ['two were committed', 'unless-stopped', 'unless-stopped'],
    ['none was', 'no', 'no'],
  ])('and of two that run %s, neither is touched', async (_, first, second) => {
    found({ r1: `running ${first} ${one}`, r2: `running ${second} ${two}` })
    const { verdict } = await run({ Image: three, Release: 'r3' })
    expect(verdict).toMatchObject({ exit: 21, phase: 'reconcile', active: '' })
    expect(verdict?.reason).toMatch(/more than one container does: edge-r1 edge-r2; stop all but one/)
    expect(commands('stop', 'rm', 'run', 'start')).toEqual([])
  })

  test('the only one that runs is taken, and made to start with the host', async () => {
    found({ r1: `running no ${one}` })
    expect((await reconcile()).verdict).toMatchObject({ exit: 0, active: 'r1', running: true })
    expect(container('r1')).toBe(`running unless-stopped ${one}`)
  })

  test('the candidate of a first deployment that was killed is none of those', async () => {
    found({})
    await run({ Image: one }, { SLIPWAY_FAULT: 'started' })
    expect(container('r1')).toBe(`running no ${one}`)
    expect((await reconcile()).verdict).toMatchObject({ exit: 0, active: '' })
    expect(() => container('r1')).toThrow('ENOENT')
  })
})

test('an engine that does not say how the command ended has its own words', async () => {
  serving(worker)
  write('hook', '[[ $1 != wait ]] || exit 1')
  const Command = Buffer.from('["migrate"]').toString('base64')
  const { verdict } = await run({ Operation: 'run', Image: two, Release: 'r2', Command })
  expect(verdict).toMatchObject({ exit: 27, reason: expect.stringMatching(/^the engine did not say how the command ended/) })
})

test('an image that another service of the host has pulled stays', async () => {
  serving({ ...worker, KEEP: '0' })
  write('var/lib/slipway/edge/images', `${imageOf('d')}\n${imageOf('e')}\n`)
  write('var/lib/slipway/other/images', `${imageOf('d')}\n`)
  await deploy()
  expect(commands('image rm')).toEqual([`image rm ${imageOf('e')}`])
})
