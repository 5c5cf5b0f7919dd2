import { afterEach, expect, test } from 'vitest'
import { hostDocument } from '../lib/host/document.ts'
import { EXITS, parseVerdict } from '../lib/host/verdict.ts'
import { ids, startHosts } from '../local/aws/ssm/hosts.case.ts'
import { type ScriptedHost, type ScriptedImage, scriptedHosts } from '../local/aws/ssm/scripted-hosts.ts'
import { scaledTime } from '../local/time.ts'

const registry = '111111111111.dkr.ecr.eu-west-1.amazonaws.com'
const imageOf = (letter: string): string => `${registry}/shop/app@sha256:${letter.repeat(64)}`
const factor = 200

let world: Awaited<ReturnType<typeof startHosts>>
afterEach(() => world.close())

const [first = ''] = ids

/** A host that runs release r1 of image a, had r0 of image 0, and knows how image b behaves. */
const start = async (b: ScriptedImage = {}, more: Partial<ScriptedHost> = {}) => {
  const host: ScriptedHost = {
    active: { release: 'r1', image: imageOf('a'), version: 'src-a' },
    previous: { release: 'r0', image: imageOf('0') },
    ...more,
  }
  const executor = scriptedHosts(scaledTime(factor), { [first]: host }, { [`sha256:${'b'.repeat(64)}`]: b })
  world = await startHosts(executor, { document: hostDocument(registry), factor })
  const send = (Operation: string, given: Record<string, string> = {}) => {
    const parameters = { Operation, Service: 'edge', Release: 'r2', ...given }
    return world.send({ Parameters: Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, [value]])) })
  }
  const run = async (Operation: string, given: Record<string, string> = {}) => {
    const CommandId = await send(Operation, given)
    await world.ended(CommandId)
    const { ResponseCode, StandardOutputContent = '' } = await world.output(CommandId)
    const verdict = parseVerdict(StandardOutputContent)
    expect(ResponseCode).toBe(verdict?.exit)
    expect(EXITS[ResponseCode ?? -1]).toBeDefined()
    return verdict
  }
  return { host, send, run }
}

const b = { Image: imageOf('b') }

test.each<[string, string, Record<string, string>, ScriptedImage, [string, number, string]]>([
  ['deploys another image', 'deploy', b, {}, ['deployed', 0, 'r2']],
  ['has nothing to do for the image that runs', 'deploy', { Image: imageOf('a') }, {}, ['noop', 0, 'r1']],
  ['cannot pull', 'deploy', b, { fails: 'pull' }, ['failed', 23, 'r1']],
  ['cannot start', 'deploy', b, { fails: 'start' }, ['failed', 23, 'r1']],
  ['sees a container end', 'deploy', b, { fails: 'exits' }, ['failed', 24, 'r1']],
  ['sees one that is not healthy', 'deploy', b, { fails: 'unhealthy' }, ['failed', 24, 'r1']],
  ['sees another content tag', 'deploy', { ...b, Version: 'src-b' }, { version: 'src-x' }, ['failed', 24, 'r1']],
  ['switches back', 'deploy', b, { fails: 'bake' }, ['failed', 25, 'r1']],
  ['goes back to a release that it kept', 'rollback', { Release: 'r0' }, {}, ['rolled-back', 0, 'r0']],
  ['goes back to an image that it has not kept', 'rollback', { ...b, Release: 'r9' }, {}, ['rolled-back', 0, 'r9']],
  ['does not go back twice', 'rollback', { Release: 'r1' }, {}, ['noop', 0, 'r1']],
  ['has no such release', 'rollback', { Release: 'r9' }, {}, ['failed', 26, 'r1']],
  ['runs a command', 'run', b, {}, ['ran', 0, 'r1']],
  ['sees a command fail', 'run', b, { commandExits: 3 }, ['failed', 27, 'r1']],
  ['says what runs', 'status', {}, {}, ['reported', 0, 'r1']],
  ['puts itself in order', 'reconcile', {}, {}, ['reconciled', 0, 'r1']],
])('a scripted host %s', async (_, operation, given, image, [result, exit, active]) => {
  const { run } = await start(image)
  expect(await run(operation, given)).toMatchObject({ result, exit, active, running: true, operation })
})

test('a scripted host lets one operation in at a time, and says which', async () => {
  const { run, send } = await start({ hangs: true })
  const CommandId = await send('deploy', b)
  await world.reaches(CommandId, 'InProgress')
  expect(await run('deploy', { ...b, Release: 'r3' })).toMatchObject({ result: 'busy', exit: 20, holder: 'r2' })
  expect(await run('status')).toMatchObject({ result: 'reported', holder: 'r2', active: 'r1' })
})

test('a cancel leaves what a kill leaves: the old release, and no lock', async () => {
  const { host, run, send } = await start({ hangs: true })
  const CommandId = await send('deploy', b)
  await world.reaches(CommandId, 'InProgress')
  await world.ssm.cancelCommand({ CommandId })
  expect((await world.ended(CommandId)).details).toEqual(['Cancelled'])
  expect(host).toMatchObject({ active: { release: 'r1' }, holder: undefined })
  expect(await run('reconcile')).toMatchObject({ result: 'reconciled', active: 'r1' })
})

test('an unfit host and a silent one are told apart', async () => {
  const { host, run } = await start({}, { unfit: '300 MB are free, 1024 are needed' })
  expect(await run('deploy', b)).toMatchObject({ exit: 22, reason: '300 MB are free, 1024 are needed' })
  Object.assign(host, { unfit: undefined, prints: () => '' })
  const parameters = { Operation: ['status'], Service: ['edge'] }
  const CommandId = await world.send({ Parameters: parameters })
  await world.ended(CommandId)
  expect(parseVerdict((await world.output(CommandId)).StandardOutputContent ?? '')).toBeUndefined()
})

test('a program may outlive its command, and says so while it does', async () => {
  const { host, run, send } = await start({ takes: 20_000 }, { outlives: 1_000 })
  const CommandId = await send('deploy', b)
  expect((await world.ended(CommandId)).details).toEqual(['Success'])
  expect(await run('status')).toMatchObject({ holder: 'r2', holder_operation: 'deploy', active: 'r1' })
  expect(await run('reconcile')).toMatchObject({ exit: 20, holder: 'r2' })
  await expect.poll(() => host.active?.release).toBe('r2')
  expect(await run('status')).toMatchObject({ holder: '', holder_operation: '', previous_image: imageOf('a') })
})

test('what is ill is made anew, and a host may be beyond mending', async () => {
  const { run } = await start({}, { isIll: true, broken: 'the proxy does not answer' })
  expect(await run('deploy', { Image: imageOf('a'), Release: 'r1' })).toMatchObject({ result: 'deployed', active: 'r1.again' })
  expect(await run('reconcile')).toMatchObject({ exit: 21, result: 'failed' })
})
