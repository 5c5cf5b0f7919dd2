import { expect, test } from 'vitest'
import type { Session } from '../../../../../lib/aws/session.ts'
import { hostDocument } from '../../../../../lib/host/document.ts'
import type { HostVerdict } from '../../../../../lib/host/verdict.ts'
import type { Deployment, Running, WatchOptions } from '../../target.ts'
import type { PinnedFleet } from './fleet.ts'
import { createLedger } from './ledger.ts'
import { reconcile } from './perform.ts'
import { proveHosts } from './prove.ts'
import { restoreHosts } from './restore.ts'
import { ec2Target } from './target.ts'
import { watchDeployment } from './watch.ts'

const OLD = `sha256:${'a'.repeat(64)}`
const NEW = `sha256:${'b'.repeat(64)}`
const NEVER = Number.POSITIVE_INFINITY
const imageOf = (digest: string): string => `registry.invalid/app@${digest}`

type Command = { at: number; operation: string; ids: string[]; comment: string; cancelled?: number }
type Told = { lasts: number; verdict?: Partial<HostVerdict> }
type Input = Record<string, string> & { InstanceIds: string[]; Parameters: { Operation: [string] } }

/** Hosts on which an operation takes as long as is `told`, and that heed no cancellation. Waiting takes no time. */
const fleetOf = (ids: readonly string[], told: (operation: string, id: string) => Told, before: readonly string[] = []) => {
  let now = 0
  const commands: Command[] = []
  const earlier = before.map((id) => ({
    CommandId: id,
    Comment: `edge ours deploy ${id}`,
    Status: 'Cancelled',
    InstanceIds: [id],
  }))
  const outputOf = (operation: string, over: Partial<HostVerdict> = {}): string => {
    const state = { active: 'ours', previous: 'old', digest: NEW, image: imageOf(NEW), running: true, version: '' }
    const rest = { pending: '', holder: '', drain_s: 0, phases: {}, reason: '', log: [] }
    return JSON.stringify({ v: 1, operation, phase: 'done', result: 'reported', exit: 0, ...state, ...rest, ...over })
  }
  const invocationsOf = ({ CommandId }: Input) => {
    const { at, operation, ids: on, cancelled } = commands[Number(CommandId)] as Command
    return on.map((InstanceId) => {
      const { lasts, verdict } = told(operation, InstanceId)
      if (now < at + lasts) return { InstanceId, Status: cancelled === undefined ? 'InProgress' : 'Cancelling' }
      const Status = verdict?.exit ? 'Failed' : 'Success'
      const step = { Output: outputOf(operation, verdict), ResponseCode: verdict?.exit ?? 0 }
      return { InstanceId, Status, StatusDetails: Status, CommandPlugins: [step] }
    })
  }
  const agent = { PingStatus: 'Online', AgentVersion: '9.0.0.0', PlatformType: 'Linux' }
  const instances = ids.map((InstanceId) => ({ InstanceId, State: { Name: 'running' }, IamInstanceProfile: {} }))
  const answers: Record<string, (input: Input) => object> = {
    DescribeInstances: () => ({ Reservations: [{ Instances: instances }] }),
    DescribeInstanceInformation: () => ({ InstanceInformationList: ids.map((InstanceId) => ({ InstanceId, ...agent })) }),
    SendCommand: ({ InstanceIds, Parameters, Comment: comment = '' }) => {
      commands.push({ at: now, operation: Parameters.Operation[0], ids: InstanceIds, comment })
      return { Command: { CommandId: `${commands.length - 1}` } }
    },
    ListCommandInvocations: (input) => ({ CommandInvocations: invocationsOf(input) }),
    DescribeDocument: () => ({ Document: { DocumentVersion: '1', Hash: 'x', HashType: 'Sha256', Status: 'Active' } }),
    GetDocument: () => ({ Content: JSON.stringify(hostDocument('')) }),
    ListCommands: () => ({ Commands: earlier }),
    CancelCommand: ({ CommandId }) => Object.assign(commands[Number(CommandId)] ?? {}, { cancelled: now }),
  }
  const send = async ({ constructor: { name }, input }: { constructor: { name: string }; input: Input }) =>
    answers[name.replace(/Command$/, '')]?.(input)
  const onSleep: (() => void)[] = []
  const sleep = async (time: number): Promise<void> => {
    now += time
    for (const each of onSleep) each()
  }
  const silent = { info: () => undefined, warning: () => undefined, error: () => undefined }
  const fleet = {
    ...{ service: 'edge', document: 'slipway', tag: { key: 'service', value: 'edge' }, pin: { version: '1', hash: 'x' } },
    ...{ ec2: { send }, ssm: { send }, once: { send }, ledger: createLedger(), reached: new Set() },
    tools: { clock: { now: () => now, monotonic: () => now, sleep }, log: silent, pollInterval: 1_000 },
    latest: { at: -NEVER, seen: new Map() },
  } as unknown as PinnedFleet
  const sent = () => commands.map((each) => `${each.operation} ${each.ids.join('')}`)
  const session = { client: () => ({ send }), clientWithoutRetry: () => ({ send }) } as unknown as Session
  return { fleet, session, commands, sent, onSleep, time: () => now }
}

const running = (...ids: string[]): Running => ({
  ...{ revision: '', images: { edge: imageOf(OLD) }, digests: { edge: OLD }, deployments: [], count: ids.length, settled: false },
  hosts: ids.map((id) => ({ id, release: 'old', image: imageOf(OLD), digest: OLD })),
})
const isBack: Partial<HostVerdict> = { active: 'old', digest: OLD, image: imageOf(OLD), result: 'rolled-back' }
const prove = (fleet: PinnedFleet, deadline?: number) =>
  proveHosts(fleet, { edge: NEW }, new Map(), 'reader', undefined, deadline === undefined ? {} : { deadline })

test('a host that does not answer costs a proof no more than its deadline, and no grace like that of a change', async () => {
  const { fleet, sent, time } = fleetOf(['a'], () => ({ lasts: NEVER }))
  expect(await prove(fleet, 90_000)).toMatchObject({ proven: false, problem: expect.stringContaining('a: ') })
  expect(time()).toBeLessThan(100_000)
  expect(sent()).toEqual(['status a'])
})

test('a proof of what ran before ends with the post step', async () => {
  const { fleet, session, time } = fleetOf(['a'], () => ({ lasts: NEVER }))
  const target = await ec2Target(session, fleet.tools, {
    kind: 'ec2',
    service: 'edge',
    document: 'x',
    tag: fleet.tag,
    run: '7 1',
  })
  const proof = await target.prove({ edge: OLD }, new Map(), running('a'), { deadline: 20_000 })
  expect(proof).toMatchObject({ proven: false })
  expect(time()).toBeLessThan(30_000)
})

test('hosts are asked once, though the time of the proof is over, and a right answer counts', async () => {
  const { fleet, sent } = fleetOf(['a'], () => ({ lasts: 2_000 }))
  expect(await prove(fleet, -1)).toEqual({ proven: true, digest: NEW })
  expect(sent()).toEqual(['status a'])
})

test('putting a host in order may end in its own time, which is a little longer than that for letting go', async () => {
  const { fleet, commands } = fleetOf(['a'], () => ({ lasts: 115_000 }))
  const seen = await reconcile(fleet, ['a'], 'ours', 90_000)
  expect(seen.get('a')).toMatchObject({ verdict: { digest: NEW } })
  expect(commands[0]?.cancelled).toBeUndefined()
})

test('putting a host in order that hangs is ended soon after the time for letting go', async () => {
  const { fleet, commands } = fleetOf(['a'], () => ({ lasts: NEVER }))
  expect((await reconcile(fleet, ['a'], 'ours', 90_000)).get('a')).toMatchObject({ trouble: expect.any(String) })
  expect(commands[0]?.cancelled).toBeLessThan(135_000)
})

test('putting a host in order ends with the limit of everything, and with the signal', async () => {
  const limited = fleetOf(['a'], () => ({ lasts: NEVER }))
  await reconcile(limited.fleet, ['a'], 'ours', 90_000, { deadline: 60_000 })
  expect(limited.commands[0]?.cancelled).toBeLessThan(62_000)
  const { fleet, commands, onSleep, time } = fleetOf(['a'], () => ({ lasts: NEVER }))
  const cancel = new AbortController()
  onSleep.push(() => time() > 20_000 && cancel.abort())
  await reconcile(fleet, ['a'], 'ours', 90_000, { signal: cancel.signal })
  expect(commands[0]?.cancelled).toBeLessThan(23_000)
  expect([...(await reconcile(fleet, ['a'], 'ours', 90_000, { signal: cancel.signal }))]).toEqual([])
  expect(commands).toHaveLength(1)
})

test('hosts go back, the one that was left half done when it is in order', async () => {
  let isPending = true
  const { fleet, sent, commands } = fleetOf(['a', 'b'], (operation, id) => {
    if (operation === 'rollback') return { lasts: 20_000, verdict: isBack }
    if (operation === 'status') return { lasts: 1_000, verdict: isPending && id === 'b' ? { pending: 'ours' } : {} }
    isPending = false
    return { lasts: 115_000 }
  })
  expect(await restoreHosts(fleet, running('a', 'b'), 'ours', 200_000)).toBeUndefined()
  expect(sent()).toEqual(['status ab', 'reconcile b', 'status ab', 'rollback ab'])
  expect(commands.some(({ cancelled }) => cancelled !== undefined)).toBe(false)
})

test('no host is sent a way back that would be ended at once, and each of them is named', async () => {
  const { fleet, sent } = fleetOf(['a', 'b'], () => ({ lasts: 5_000 }))
  const trouble = await restoreHosts(fleet, running('a', 'b'), 'ours', 3_000)
  expect(trouble).toBe('not every host is back: the time is over, and nothing more was sent to a, b')
  expect(sent()).toEqual(['status ab'])
})

test('a way back that is ended with the time is neither put in order nor begun in another way', async () => {
  const { fleet, sent } = fleetOf(['a', 'b'], (operation, id) =>
    operation === 'rollback' && id === 'a' ? { lasts: NEVER } : { lasts: 1_000, verdict: operation === 'rollback' ? isBack : {} },
  )
  const trouble = await restoreHosts(fleet, running('a', 'b'), 'ours', 60_000)
  expect(trouble).toMatch(/nothing more was sent to a; a: the command did not end/)
  expect(sent()).toEqual(['status ab', 'rollback ab'])
})

test('a host that does not answer leaves the others half of the time to go back', async () => {
  const { fleet, sent } = fleetOf(['a', 'b'], (operation, id) =>
    operation === 'status' && id === 'a' ? { lasts: NEVER } : { lasts: 20_000, verdict: operation === 'rollback' ? isBack : {} },
  )
  expect(await restoreHosts(fleet, running('a', 'b'), 'ours', 80_000)).toMatch(/^not every host is back: a: /)
  expect(sent()).toEqual(['status ab', 'rollback b'])
})

const stop = (fleet: PinnedFleet, limits: Pick<WatchOptions, 'deadline' | 'leaveAtDeadline'>) => {
  const deployment: Deployment = { id: 'ours', revision: imageOf(NEW), previous: running('a'), startedAt: 0 }
  return watchDeployment(fleet, deployment, { signal: AbortSignal.abort(), failFast: undefined, ...limits })
}

test('what is stopped is not waited for twice as long as it may take to be put in order', async () => {
  const { fleet, time } = fleetOf(['a'], (operation) => ({ lasts: operation === 'status' ? 1_000 : NEVER }), ['a'])
  expect((await stop(fleet, { deadline: 0 })).end).toMatchObject({ state: 'cancelled', restored: false })
  expect(time()).toBeLessThan(200_000)
})

test('a post step waits no longer for what it stops than it lasts', async () => {
  const { fleet, time, commands } = fleetOf(['a'], () => ({ lasts: NEVER }), ['a'])
  await stop(fleet, { deadline: 60_000, leaveAtDeadline: true })
  expect(commands.find(({ operation }) => operation === 'reconcile')?.cancelled).toBeLessThan(62_000)
  expect(time()).toBeLessThan(125_000)
})
