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
        return { Id, Values: [errors[dimensions['ExecutedVersion'] ?? ''] ?? 0] }
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

it('refuses an alarm that does not exist', async () => {
  const { log, clock } = { log: {} as never, clock: {} as never }
  const client = async () => ({ send: async () => ({ MetricAlarms: [] }) }) as unknown as CloudWatchClient
  await expect(healthOf({ alias: 'live', alarms: ['gone'], client }, { log, clock }).begin()).rejects.toThrow(
    "there is no alarm 'gone'",
  )
})
