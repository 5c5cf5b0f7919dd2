import { expect, it } from 'vitest'
import type { Functions } from './functions.ts'
import { FREE, paceOf } from './pace.ts'
import { proveFunctions } from './prove.ts'
import { returnLatest } from './restore.ts'
import { updateCode } from './update.ts'

const OURS = 'sha256:new'

/** A function without an alias, whose unpublished code is `new`; an update to another image lasts so long. */
const slow = (milliseconds: number, states: Record<string, string> = {}) => {
  let now = 0
  let end = 0
  let digest = 'new'
  const said: string[] = []
  const sent: string[] = []
  const send = async ({ constructor: { name }, input }: { constructor: { name: string }; input: Record<string, string> }) => {
    sent.push(name)
    if (name === 'GetAliasCommand') throw Object.assign(new Error('none'), { name: 'ResourceNotFoundException' })
    if (name === 'UpdateFunctionCodeCommand') {
      digest = (input['ImageUri'] ?? '').replace(/^.*:/, '')
      end = now + milliseconds
    }
    const LastUpdateStatus = now < end ? 'InProgress' : 'Successful'
    return { Configuration: { CodeSha256: digest, RevisionId: `${end}`, State: 'Active', LastUpdateStatus, ...states } }
  }
  const say = (line: string) => said.push(line)
  const clock = {
    now: () => now,
    monotonic: () => now,
    sleep: async (time: number) => {
      now += time
    },
  }
  const functions = { lambda: { send }, once: { send }, alias: 'live' } as unknown as Functions
  const tools = { clock, pollInterval: 1_000, log: { info: say, warning: say } as never }
  return { work: { functions, tools, pace: paceOf(tools, FREE) }, said, sent, time: () => now }
}

const given = (version?: string) => ({
  before: { events: { latest: 'app@sha256:old', ...(version !== undefined && { version }) } },
  ours: { digest: OURS, architecture: 'amd64' },
  isSent: () => true,
})

it('waits for the unpublished code as long as a rollback may take, where it is what serves', async () => {
  const { work, time } = slow(200_000)
  expect(await returnLatest(work, { ...given(), deadline: 600_000 })).toBeUndefined()
  expect(time()).toBeGreaterThanOrEqual(200_000)
})

it('is in trouble where that does not end in time, and says that it was sent', async () => {
  const { work } = slow(200_000)
  const trouble = await returnLatest(work, { ...given(), deadline: 100_000 })
  expect(trouble).toBe('$LATEST of events was sent back to sha256:old, and that has not ended: its time is over')
})

it('keeps nobody waiting for it behind an alias that has gone back', async () => {
  const { work, time, said } = slow(200_000)
  expect(await returnLatest(work, { ...given('1'), deadline: 600_000 })).toBeUndefined()
  expect(time()).toBeLessThan(40_000)
  expect(said.at(-1)).toContain('its alias does not serve that')
})

it('leaves code alone that somebody else has brought', async () => {
  const { work, sent } = slow(0)
  expect(await returnLatest(work, { ...given(), isSent: () => false, deadline: 1 })).toBeUndefined()
  expect(sent).toEqual([])
})

it('proves no digest of code that is still being updated', async () => {
  const { work } = slow(0, { LastUpdateStatus: 'InProgress' })
  const expectation = { aliases: new Map(), unaliased: new Set(['events']), smokeOf: () => undefined }
  expect(await proveFunctions(work, { expected: { events: OURS }, ...expectation })).toEqual({
    proven: false,
    problem: 'events:$LATEST is not ready: State Active, LastUpdateStatus InProgress',
  })
})

it('asks no more than once again when the time of a proof is over', async () => {
  const { work, time } = slow(0)
  const throttled = async (): Promise<never> => {
    await work.tools.clock.sleep(50_000)
    throw Object.assign(new Error('Rate exceeded'), { name: 'TooManyRequestsException' })
  }
  const functions = { ...work.functions, lambda: { send: throttled } } as unknown as Functions
  const pace = paceOf(work.tools, { ...FREE, deadline: 30_000 })
  const expectation = { aliases: new Map(), unaliased: new Set(['events']), smokeOf: () => undefined }
  const proof = await proveFunctions({ ...work, functions, pace }, { expected: { events: OURS }, ...expectation })
  expect(proof).toMatchObject({ proven: false, problem: expect.stringContaining('events: its time is over') })
  expect(time()).toBeLessThan(60_000)
})

/** A proof whose reads each take so long, and end in this way. */
const proofOf = async (deadline: number, send: () => Promise<object>, each: number) => {
  const { work, time } = slow(0)
  const late = async (): Promise<object> => {
    await work.tools.clock.sleep(each)
    return send()
  }
  const functions = { ...work.functions, lambda: { send: late } } as unknown as Functions
  const pace = paceOf(work.tools, { ...FREE, deadline })
  const expectation = { aliases: new Map(), unaliased: new Set(['events']), smokeOf: () => undefined }
  const proof = await proveFunctions({ ...work, functions, pace }, { expected: { events: OURS }, ...expectation })
  return { proof, time: time() }
}

it('begins no further proof when its time is over, though the first failure came before that', async () => {
  const throttled = () => Promise.reject(Object.assign(new Error('Rate exceeded'), { name: 'TooManyRequestsException' }))
  const { proof, time } = await proofOf(120_000, throttled, 50_000)
  expect(proof).toMatchObject({ proven: false, problem: expect.stringContaining('Rate exceeded') })
  expect(time).toBeLessThan(155_000)
})

it('says what was found last when answers come late, and are wrong', async () => {
  const old = { Configuration: { CodeSha256: 'old', State: 'Active', LastUpdateStatus: 'Successful' }, FunctionVersion: '7' }
  const { proof, time } = await proofOf(30_000, async () => old, 40_000)
  expect(proof).toEqual({ proven: false, digest: 'sha256:old', problem: `events:7 runs sha256:old, expected ${OURS}` })
  expect(time).toBe(80_000)
})

it('takes a right answer that comes late', async () => {
  const right = { Configuration: { CodeSha256: 'new', State: 'Active', LastUpdateStatus: 'Successful' }, FunctionVersion: '8' }
  expect((await proofOf(30_000, async () => right, 40_000)).proof).toEqual({ proven: true, digest: OURS })
})

it('sends an image once, whatever state that leads to', async () => {
  const { work, sent, said } = slow(0, { State: 'Unheard', StateReasonCode: 'Of' })
  const pace = paceOf(work.tools, { ...FREE, deadline: 30_000 })
  const known = {
    version: '$LATEST',
    digest: OURS,
    image: '',
    revisionId: '0',
    state: 'Active',
    update: 'Successful',
    configuration: {},
  }
  const target = { image: 'app@sha256:old', digest: 'sha256:old', architecture: 'amd64' }
  await expect(updateCode({ ...work, pace }, 'events', target, known, () => undefined)).rejects.toThrow('its time is over')
  expect(sent.filter((name) => name === 'UpdateFunctionCodeCommand')).toHaveLength(1)
  expect(said.at(-1)).toBe('  events: waiting, State Unheard, LastUpdateStatus Successful (Of)')
})
