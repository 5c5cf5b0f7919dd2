import { expect, onTestFinished, test, vi } from 'vitest'
import { refuseUnfit } from '../actions/deploy-service/src/preflight.ts'
import { type Ec2World, IDS, startEc2World } from './ec2-world.ts'

const open = async (options: Parameters<typeof startEc2World>[0] = {}): Promise<Ec2World> => {
  const world = await startEc2World(options)
  onTestFinished(() => world.close())
  return world
}
const [A = '', B = '', C = ''] = IDS
const all = (tag: string) => ({ [A]: tag, [B]: tag, [C]: tag })

test('one host first, then the others; all of them proven', async () => {
  const world = await open()
  const result = await world.bring('v2')
  expect(result).toMatchObject({ outcome: 'succeeded', runningDigest: world.digests['v2'], previousDigest: world.digests['v1'] })
  expect(world.runs()).toEqual(all('v2'))
  expect(world.sent()).toEqual(['status abc', 'deploy a', 'deploy bc', 'status abc'])
  expect(result.hosts).toMatchObject([
    { id: A, before: world.digests['v1'], after: world.digests['v2'], verdict: 'deployed', drain: 0 },
    {},
    {},
  ])
})

test('the same digest again sends nothing but questions', async () => {
  const world = await open()
  expect(await world.bring('v1')).toMatchObject({ outcome: 'no-change', runningDigest: world.digests['v1'] })
  expect(world.sent()).toEqual(['status abc', 'status abc'])
})

test('the second host fails: the first goes back, the third is not touched, and that is proven', async () => {
  const world = await open()
  Object.assign(world.hosts[B] ?? {}, { unfit: '312 MB are free, the image needs 800 MB' })
  const result = await world.bring('v2', { over: { batch: 1 } })
  expect(result).toMatchObject({ outcome: 'failed-rolled-back', runningDigest: world.digests['v1'] })
  expect(result.reason).toMatch(/^i-0000000b exit 22: .*312 MB are free/)
  expect(result.causes).toMatchObject([{ count: 1, remedy: expect.stringContaining('disk'), container: 'edge' }])
  expect(world.runs()).toEqual(all('v1'))
  expect(world.sent().filter((order) => !order.startsWith('status'))).toEqual(['deploy a', 'deploy b', 'rollback a'])
  expect(world.hosts[C]?.swaps).toBeUndefined()
  expect(result.hosts?.map(({ id, verdict }) => [id, verdict])).toEqual([
    [A, 'rollback rolled-back'],
    [B, expect.stringContaining('exit 22')],
    [C, 'not touched'],
  ])
})

test('an unhealthy image stops at the first host, with its last lines', async () => {
  const world = await open()
  world.script('v2', { fails: 'unhealthy', log: ['starting', 'Error: no database'] })
  const result = await world.bring('v2')
  expect(result).toMatchObject({ outcome: 'failed-rolled-back', causes: [{ log: ['starting', 'Error: no database'] }] })
  expect(result.log).toContain('  | Error: no database')
  expect(world.sent().filter((order) => /^(deploy|rollback)/.test(order))).toEqual(['deploy a'])
})

test('a host whose rollback fails goes back by a deployment of the image that it ran', async () => {
  const world = await open()
  Object.assign(world.hosts[B] ?? {}, { unfit: 'docker does not answer' })
  world.script('v1', { fails: 'pull' })
  const result = await world.bring('v2', {
    over: { batch: 1 },
    onLine: (line) => {
      if (line.startsWith('  wave 2')) Object.assign(world.hosts[A] ?? {}, { previous: undefined })
      // The registry has it, but not at the first attempt.
      if (line.includes('rollback failed')) world.script('v1', {})
    },
  })
  expect(result.outcome).toBe('failed-rolled-back')
  expect(world.sent().slice(-3)).toEqual(['rollback a', 'deploy a', 'status abc'])
  expect(world.hosts[A]?.active).toMatchObject(world.placed('v1'))
})

test('a host that comes up in mid-wave ends on the new digest', async () => {
  const world = await open()
  const result = await world.bring('v2', {
    onLine: (line) => {
      if (!line.startsWith('  wave 2')) return
      world.launch('i-0000000d', { state: 'pending', pingStatus: undefined })
      setTimeout(() => world.fleet.change('i-0000000d', { state: 'running', pingStatus: 'Online' }), 300)
    },
  })
  expect(result.outcome).toBe('succeeded')
  expect(world.runs()).toEqual({ ...all('v2'), 'i-0000000d': 'v2' })
  expect(result.hosts?.[3]).toMatchObject({ id: 'i-0000000d', before: world.digests['v1'], after: world.digests['v2'] })
})

test('a host that is about to register is switched with the others', async () => {
  const world = await open()
  world.fleet.change(B, { pingStatus: undefined })
  setTimeout(() => world.fleet.change(B, { pingStatus: 'Online' }), 400)
  expect((await world.bring('v2')).outcome).toBe('succeeded')
  expect(world.runs()).toEqual(all('v2'))
})

test('an image must be built for every kind of host', async () => {
  const world = await open()
  world.fleet.change(B, { architecture: 'arm64' })
  const { target } = await world.bring('v1')
  const image = world.imageOf('v2')
  const wanted = [{ image, digest: world.digests['v2'] ?? '' }]
  const request = { name: 'edge', target, wanted, dependsOn: [], allowZero: false }
  const inspected = [{ request, running: await target.read(wanted), expected: {} }]
  const found = { digest: '', configType: undefined, platforms: [{ os: 'linux', architecture: 'amd64' }] }
  expect(() => refuseUnfit(inspected, new Map([[image, found]]))).toThrow('built for linux/amd64, the service needs linux/arm64')
})

test('a host that is terminated in mid-wave is left out', async () => {
  const world = await open()
  world.script('v2', { takes: 20_000 })
  const result = await world.bring('v2', {
    over: { batch: 1 },
    onLine: (line) => {
      if (line.startsWith('  wave 2')) setTimeout(() => world.fleet.change(B, { state: 'terminated' }), 50)
    },
  })
  expect(result).toMatchObject({ outcome: 'succeeded', hosts: [{}, { id: B, verdict: 'gone meanwhile' }, {}] })
  expect(world.runs()).toMatchObject({ [A]: 'v2', [C]: 'v2' })
})

test('hosts that cannot be deployed to are refused, with a sentence each, before anything is sent', async () => {
  const world = await open()
  world.fleet.change(A, { pingStatus: 'ConnectionLost' })
  world.fleet.change(B, { agentVersion: '3.2.2303.0' })
  world.fleet.change(C, { pingStatus: undefined, role: undefined })
  await expect(world.bring('v2')).rejects.toThrow(
    /i-0000000a is not online .*ConnectionLost.*; i-0000000b has the SSM agent 3\.2\.2303\.0.*; i-0000000c has no instance profile.*nothing was changed/,
  )
  for (const id of IDS) world.fleet.change(id, { state: 'stopped' })
  await expect(world.bring('v2')).rejects.toThrow('no host with the tag service=edge can be deployed to: i-0000000a is stopped')
  await expect(world.bring('v2', { over: { tag: { key: 'service', value: 'else' } } })).rejects.toThrow(
    'no host has the tag service=else',
  )
  expect(world.sent()).toEqual([])
})

test('a host that is not online is left out where that was asked for', async () => {
  const world = await open()
  world.fleet.change(B, { pingStatus: 'ConnectionLost' })
  const result = await world.bring('v2', { over: { offline: 'skip' } })
  expect(result.outcome).toBe('succeeded')
  expect(world.runs()).toEqual({ [A]: 'v2', [B]: 'v1', [C]: 'v2' })
  expect(result.hosts?.[1]).toMatchObject({ id: B, verdict: 'left out: not online' })
})

test('another document than this version knows is refused, and one that changes meanwhile is not run', async () => {
  const world = await open()
  const { content } = world.documents.get('222222222222', 'eu-west-1', 'shop-dev-deploy')
  const changed = { ...JSON.parse(content), description: 'changed' }
  const put = (value: object) =>
    world.documents.put({ account: '222222222222', region: 'eu-west-1', name: 'shop-dev-deploy', content: value })
  const result = await world.bring('v2', {
    over: { batch: 1 },
    onLine: (line) => {
      // The version stays where it is: only the version that was read is asked for.
      if (line.startsWith('  wave 2')) put(changed)
    },
  })
  expect(result.outcome).toBe('succeeded')
  await expect(world.bring('v3')).rejects.toThrow(
    /version 2 of the SSM document 'shop-dev-deploy' is not the one .*\(description differs\); nothing was changed\. Create or update the document \(docs\//,
  )
  await expect(world.bring('v3', { over: { document: 'missing' } })).rejects.toThrow("there is no SSM document 'missing'")
})

test('a cancelled deployment ends what is in flight and takes back what it has switched', async () => {
  const world = await open()
  const cancelled = new AbortController()
  const result = await world.bring('v2', {
    signal: cancelled.signal,
    onLine: (line) => {
      if (!line.startsWith('  wave 2')) return
      world.script('v2', { hangs: true })
      setTimeout(() => cancelled.abort(), 100)
    },
  })
  expect(result).toMatchObject({ outcome: 'cancelled', runningDigest: world.digests['v1'] })
  expect(world.runs()).toEqual(all('v1'))
  expect(world.cloud.recorder.calls().filter(({ operation }) => operation === 'CancelCommand')).toHaveLength(1)
  expect(world.sent().filter((order) => !order.startsWith('status'))).toEqual([
    'deploy a',
    'deploy bc',
    'reconcile bc',
    'rollback a',
  ])
})

test('a deployment that is not done in time is stopped in the same way', async () => {
  const world = await open()
  world.script('v2', { hangs: true })
  const result = await world.bring('v2', { limits: { timeout: 500 } })
  expect(result).toMatchObject({ outcome: 'timed-out', runningDigest: world.digests['v1'] })
  expect(world.runs()).toEqual(all('v1'))
})

test('a command whose answer got lost is found, and not sent twice', async () => {
  const world = await open()
  world.cloud.faults.set([{ call: 'ssm:SendCommand', nth: 2, then: 'reset-after-apply' }])
  expect((await world.bring('v2')).outcome).toBe('succeeded')
  expect(world.sent().filter((order) => order.startsWith('deploy'))).toEqual(['deploy a', 'deploy bc'])
})

test('a command that was not taken is sent again', async () => {
  const world = await open()
  world.cloud.faults.set([{ call: 'ssm:SendCommand', nth: 2, then: 'error-500' }])
  const result = await world.bring('v2')
  expect(result.outcome).toBe('succeeded')
  expect(Object.values(world.hosts).map(({ swaps }) => swaps)).toEqual([1, 1, 1])
})

test('a verdict that the list has cut is read in full; without one nothing is green', async () => {
  const world = await open()
  const host = world.hosts[A] ?? {}
  host.prints = (verdict) => verdict.replace('"log":[]', `"log":["${'x'.repeat(3_000)}"]`)
  expect((await world.bring('v2')).outcome).toBe('succeeded')
  let isFirst = true
  host.prints = (verdict) => {
    if (!verdict.includes('"operation":"deploy"') || !isFirst) return verdict
    isFirst = false
    return 'all went well\n'
  }
  const result = await world.bring('v3', { run: '8 1' })
  expect(result.outcome).toBe('failed-rolled-back')
  expect(result.reason).toContain('i-0000000a the command ended as success with 0, and the host gave no verdict')
  expect(world.runs()).toEqual(all('v2'))
})

test('of two deployments one wins, and the other says who', async () => {
  const world = await open()
  const results = await Promise.all([world.bring('v2'), world.bring('v3', { run: '8 2' })])
  expect(results.map(({ outcome }) => outcome).toSorted()).toEqual(['succeeded', 'superseded'])
  const [won, lost] = results.toSorted((one) => (one.outcome === 'succeeded' ? -1 : 1))
  expect(new Set(Object.values(world.runs()))).toEqual(new Set([won?.digest === world.digests['v2'] ? 'v2' : 'v3']))
  expect(lost?.reason).toMatch(/replaced in flight by run [78] \(attempt [12], release [78]-[12]-[0-9a-f]{12}\)/)
})

test('a deployment that somebody else was making is waited for and replaced, or refused where that was asked for', async () => {
  const world = await open()
  const host = world.hosts[A] ?? {}
  host.holder = '6-1-0123456789ab'
  await expect(world.bring('v2', { limits: { inProgress: 'fail' } })).rejects.toThrow('is being deployed by run 6 (attempt 1')
  const onLine = (line: string): void => {
    if (line.endsWith('it is asked again')) host.holder = undefined
  }
  const result = await world.bring('v2', { onLine })
  expect(result.outcome).toBe('succeeded')
  expect(result.log).toContain('  i-0000000a: 6-1-0123456789ab holds its lock; it is asked again')
})

test('a deployment of the same image that did not end is followed, and goes back as a whole', async () => {
  const world = await open()
  const release = `6-1-${world.digests['v2']?.slice(7, 19)}`
  world.hosts[A] = { active: world.placed('v2', release), previous: world.placed('v1') }
  Object.assign(world.hosts[B] ?? {}, { holder: release, unfit: 'docker does not answer' })
  const free = (): object => Object.assign(world.hosts[B] ?? {}, { holder: undefined })
  const result = await world.bring('v2', { onLine: (line) => line.includes('following run') && setTimeout(free, 300) })
  expect(result.log).toContainEqual(expect.stringContaining('the hosts do not run the same'))
  // What the other run has sent is not this run's to cancel.
  expect(result.deployment).toBe(`7-1-${world.digests['v2']?.slice(7, 19)}`)
  expect(result.log).toContainEqual(expect.stringContaining(`following run 6 (attempt 1, release ${release})`))
  expect(result).toMatchObject({ outcome: 'failed-rolled-back', runningDigest: world.digests['v1'] })
  expect(world.runs()).toEqual(all('v1'))
})

test('hosts on which nothing ran have nothing to go back to', async () => {
  const world = await open()
  for (const id of IDS) world.hosts[id] = {}
  world.script('v2', { fails: 'exits' })
  expect(await world.bring('v2')).toMatchObject({ outcome: 'failed-rolled-back', runningDigest: '' })
  world.script('v2', {})
  Object.assign(world.hosts[B] ?? {}, { unfit: 'docker does not answer' })
  const result = await world.bring('v2', { over: { batch: 1 } })
  expect(result.outcome).toBe('failed-not-rolled-back')
  expect(result.reason).toContain('i-0000000a: nothing ran on it before')
})

test('a host that answers with another content tag is red before it gets a request', async () => {
  const world = await open()
  world.script('v2', { version: 'src-other' })
  const result = await world.bring('v2', { over: { version: 'src-2' } })
  expect(result).toMatchObject({ outcome: 'failed-rolled-back' })
  expect(result.reason).toContain("/version answers 'src-other' and not 'src-2'")
  expect(world.runs()).toEqual(all('v1'))
})

test('as an action: the pre-deploy command runs once on one host, and the job summary has a line for each host', async () => {
  const world = await open()
  const step = await world.start(world.inputs('v2', { 'pre-deploy': '["node", "dist/migrate.js"]' })).done
  expect(step.log).toContain('edge: succeeded')
  expect(step.exitCode).toBe(0)
  expect(step.outputs).toMatchObject({ outcome: 'succeeded', 'running-digest': world.digests['v2'] })
  expect(world.sent().slice(0, 4)).toEqual(['status abc', 'run a', 'deploy a', 'deploy bc'])
  const [before, after] = ['v1', 'v2'].map((tag) => world.digests[tag]?.slice(7, 19))
  expect(step.summary).toContain('| host | before | after | verdict | phases | drain |')
  expect(step.summary).toMatch(new RegExp(`\\| ${C} \\| \`${before}\` \\| \`${after}\` \\| deployed \\|`))
})

test('as an action: a pre-deploy command that fails touches no service, and shows its last lines', async () => {
  const world = await open()
  world.script('v2', { commandExits: 3, log: ['no such table'] })
  const step = await world.start(world.inputs('v2', { 'pre-deploy': '["migrate"]' })).done
  expect(step.outputs).toMatchObject({ outcome: 'failed-rolled-back' })
  expect(step.outputs['reason']).toMatch(
    /pre-deploy command failed, so no service was touched: i-0000000a: exit 27: .* exit code 3/,
  )
  expect(step.log).toContain('| no such table')
  expect(world.sent()).toEqual(['status abc', 'run a'])
})

test('as an action: the post step of a killed run ends what is in flight and takes back what was switched', async () => {
  const world = await open()
  world.script('v2', { takes: 1_000 })
  const running = world.start(world.inputs('v2'))
  await running.printed('wave 2 of 2')
  world.script('v2', { hangs: true })
  await vi.waitFor(() => expect(world.sent().at(-1)).toBe('deploy bc'), { timeout: 30_000 })
  running.process.kill('SIGKILL')
  const { state } = await running.done
  expect(world.runs()).toEqual({ [A]: 'v2', [B]: 'v1', [C]: 'v1' })
  const post = await world.start(world.inputs('v2'), {}, state).done
  expect(post.log).toContain('edge: cancelled: what ran before is running again')
  expect(post.summary).toMatch(/\| edge \| ⏹️ cancelled \|/)
  expect(post.summary).toMatch(/\| i-0000000b \| `[0-9a-f]{12}` \| `[0-9a-f]{12}` \| reconciled \|/)
  expect(world.runs()).toEqual(all('v1'))
  expect(Object.values(world.hosts).map(({ holder }) => holder)).toEqual([undefined, undefined, undefined])
})
