import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { expect, test } from 'vitest'
import type { Log } from '../runner/log.ts'
import { fenced } from './fence.ts'
import { requestLimits } from './request-limits.ts'
import type { ClientConfig, Session } from './session.ts'
import { patient } from './throttle.ts'

/** A session whose requests end here, with these answers in turn; the last one again and again. */
const sessionAnswering = (
  maxAttempts: number,
  ...answers: { statusCode: number; body: string }[]
): { session: Session; sent: () => number } => {
  let sent = 0
  const requestHandler = {
    handle: async () => {
      const answer = answers[Math.min(sent, answers.length - 1)]
      sent += 1
      return { response: { headers: {}, ...answer, body: Buffer.from(answer?.body ?? '') } }
    },
    ...requestLimits(1),
  }
  const credentials = async () => ({ accessKeyId: 'a', secretAccessKey: 's', sessionToken: '', expiration: new Date(2e12) })
  const make = <C>(Client: new (config: ClientConfig) => C): C =>
    new Client({ region: 'eu-west-1', credentials, maxAttempts, requestHandler })
  const facts = { account: '1', region: 'eu-west-1', requestTimeout: 1, guard: async () => undefined }
  return { session: { ...facts, client: make, clientWithoutRetry: make }, sent: () => sent }
}

const good = { statusCode: 200, body: '{}' }
const broken = { statusCode: 500, body: '{"__type":"InternalServerError"}' }
const throttled = { statusCode: 400, body: '{"__type":"ThrottlingException"}' }
const write = new PutParameterCommand({ Name: '/lock', Value: 'x' })
const read = new GetParameterCommand({ Name: '/lock' })

test('reads pass the fence, writes ask first and are not sent where they may not', async () => {
  const { session, sent } = sessionAnswering(3, good)
  const closed = (): never => {
    throw new Error('lost')
  }
  for (const client of [fenced(session, closed).client(SSMClient), fenced(session, closed).clientWithoutRetry(SSMClient)]) {
    await expect(client.send(write)).rejects.toThrow('lost')
    await client.send(read)
  }
  expect(sent()).toBe(2)
})

test('a write that the SDK repeats asks again before each attempt', async () => {
  const { session, sent } = sessionAnswering(3, broken)
  let left = 1
  const once = (): void => {
    left -= 1
    if (left < 0) throw new Error('lost meanwhile')
  }
  await expect(fenced(session, once).client(SSMClient).send(write)).rejects.toThrow('lost meanwhile')
  expect(sent()).toBe(1)
})

const lines: string[] = []
const log = { info: (line: string) => lines.push(line) } as unknown as Log
const clockOf = () => {
  let now = 0
  const sleep = async (milliseconds: number): Promise<void> => {
    now += milliseconds
  }
  return { now: () => now, monotonic: () => now, sleep }
}

test('a throttled call is sent again for longer than the SDK does, and one that failed otherwise is not', async () => {
  const { session, sent } = sessionAnswering(1, ...Array(7).fill(throttled), good)
  await patient(session, { clock: clockOf(), log }).client(SSMClient).send(write)
  expect(sent()).toBe(8)
  expect(lines).toEqual(['  AWS asks to slow down (PutParameter); sending it again'])
  const other = sessionAnswering(1, { statusCode: 400, body: '{"__type":"ValidationException"}' })
  await expect(patient(other.session, { clock: clockOf(), log }).client(SSMClient).send(write)).rejects.toThrow()
  expect(other.sent()).toBe(1)
})

test('a throttled call is given up after two minutes', async () => {
  const { session } = sessionAnswering(1, throttled)
  const clock = clockOf()
  await expect(patient(session, { clock, log }).clientWithoutRetry(SSMClient).send(write)).rejects.toMatchObject({
    name: 'ThrottlingException',
  })
  expect(clock.now()).toBeGreaterThan(100_000)
  expect(clock.now()).toBeLessThan(120_000)
})
