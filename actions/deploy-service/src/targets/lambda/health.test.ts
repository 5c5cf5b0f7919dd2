import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import { expect, it } from 'vitest'
import { healthOf } from './health.ts'

type State = 'OK' | 'ALARM'

const denied = Object.assign(new Error('not authorized'), { name: 'AccessDeniedException' })

/** CloudWatch with these alarms, which may change, and these errors by version; null where they may not be read. */
const cloudWatch = (alarms: Record<string, State>, errors: Record<string, number> | null = {}) => {
  const said: string[] = []
  const answer = async ({ input }: { input: Record<string, unknown> }) => {
    const { AlarmNames, MetricDataQueries = [] } = input as {
      AlarmNames?: string[]
      MetricDataQueries?: { Id: string; MetricStat: { Metric: { Dimensions: { Name: string; Value: string }[] } } }[]
    }
    if (AlarmNames)
      return {
        MetricAlarms: AlarmNames.filter((name) => name in alarms).map((name) => ({ AlarmName: name, StateValue: alarms[name] })),
      }
    if (errors === null) throw denied
    return {
      MetricDataResults: MetricDataQueries.map(({ Id, MetricStat }) => {
        const dimensions = Object.fromEntries(MetricStat.Metric.Dimensions.map(({ Name, Value }) => [Name, Value]))
        expect(dimensions).toMatchObject({ FunctionName: 'events', Resource: 'events:live' })
        return { Id, StatusCode: 'Complete', Values: [errors[dimensions['ExecutedVersion'] ?? ''] ?? 0] }
      }),
    }
  }
  const say = (line: string) => said.push(line)
  const log = { warning: say, notice: say } as never
  const clock = { now: () => 120_000, monotonic: () => 0, sleep: async () => undefined }
  const client = async () => ({ send: answer }) as unknown as CloudWatchClient
  return { said, health: healthOf({ alias: 'live', alarms: Object.keys(alarms), client }, { log, clock }) }
}

const versions = [{ name: 'events', version: '2' }]

it('names the alarms that go off, and not one that was ringing before until it has ended and goes off again', async () => {
  const alarms: Record<string, State> = { errors: 'OK', slow: 'ALARM' }
  const { health, said } = cloudWatch(alarms)
  await health.begin()
  expect(said).toEqual([expect.stringContaining("the alarm 'slow' is in ALARM before any traffic is moved")])
  expect(await health.problem(versions, 0)).toBeUndefined()
  alarms['slow'] = 'OK'
  expect(await health.problem(versions, 0)).toBeUndefined()
  alarms['slow'] = 'ALARM'
  alarms['errors'] = 'ALARM'
  expect(await health.problem(versions, 0)).toBe('the alarms fired: errors, slow')
})

it('counts errors of the new version', async () => {
  const { health } = cloudWatch({}, { 1: 7, 2: 3 })
  await health.begin()
  expect(await health.problem(versions, 0)).toBe('CloudWatch counts errors: 3 of version 2 of events')
})

it('does without errors where they may not be read, which is said once', async () => {
  const { health, said } = cloudWatch({}, null)
  expect([await health.problem(versions, 0), await health.problem(versions, 0)]).toEqual([undefined, undefined])
  expect(said).toHaveLength(1)
})

it('takes an alarm that is deleted while it is looked at for a reason to go back', async () => {
  const alarms: Record<string, State> = { errors: 'OK' }
  const { health } = cloudWatch(alarms)
  await health.begin()
  delete alarms['errors']
  expect(await health.problem(versions, 0)).toBe("there is no alarm 'errors'")
  expect(await health.missing()).toBe("there is no alarm 'errors'")
})

it.each([
  ['InternalError', [{ Id: 'errors0', StatusCode: 'InternalError' }], 'InternalError'],
  ['part of the data', [{ Id: 'errors0', StatusCode: 'PartialData', Values: [0] }], 'InternalError'],
  ['Forbidden', [{ Id: 'errors0', StatusCode: 'Forbidden', Messages: [{ Code: 'NotYours', Value: 'no' }] }], 'Forbidden'],
  ['nothing', [], 'InternalError'],
])('does not take %s for no errors', async (_, MetricDataResults, name) => {
  const clock = { now: () => 120_000, monotonic: () => 0, sleep: async () => undefined }
  const client = async () => ({ send: async () => ({ MetricDataResults }) }) as unknown as CloudWatchClient
  const { problem } = healthOf({ alias: 'live', alarms: [], client }, { log: {} as never, clock })
  await expect(problem(versions, 0)).rejects.toMatchObject({
    name,
    message: expect.stringContaining('could not tell the errors'),
  })
})

it('asks for the alarms of all pages', async () => {
  const client = async () => {
    const send = async ({ input }: { input: { NextToken?: string } }) =>
      input.NextToken === undefined
        ? { MetricAlarms: [{ AlarmName: 'one', StateValue: 'OK' }], NextToken: 'more' }
        : { CompositeAlarms: [{ AlarmName: 'two', StateValue: 'OK' }] }
    return { send } as unknown as CloudWatchClient
  }
  const { missing } = healthOf({ alias: 'live', alarms: ['one', 'two'], client }, { log: {} as never, clock: {} as never })
  expect(await missing()).toBeUndefined()
})

it('refuses an alarm that does not exist', async () => {
  const { log, clock } = { log: {} as never, clock: {} as never }
  const client = async () => ({ send: async () => ({ MetricAlarms: [] }) }) as unknown as CloudWatchClient
  await expect(healthOf({ alias: 'live', alarms: ['gone'], client }, { log, clock }).begin()).rejects.toThrow(
    "there is no alarm 'gone'",
  )
})
