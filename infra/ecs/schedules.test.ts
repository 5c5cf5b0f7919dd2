import { describe, expect, it } from 'vitest'
import { waitOf } from '../../lib/delivery/ecs-schedules.ts'
import { type Moment, type Ran, runSchedule } from './schedule-world.case.ts'

const ran = ({ calls }: Ran): unknown[] =>
  calls.filter(({ action }) => action === 'ecs:runTask').map(({ asked }) => asked['TaskDefinition'])
const told = ({ calls }: Ran): unknown[] =>
  calls.filter(({ action }) => action === 'sqs:sendMessage').map(({ asked }) => JSON.parse(String(asked['MessageBody'])))

const stands = { state: 'COMPLETED', digest: 'a' }
const comes = { state: 'IN_PROGRESS', digest: 'b' }
const failed = { state: 'FAILED', digest: 'b' }

describe('a scheduled command runs what was proven', () => {
  it.each<[string, Moment[], string, number?]>([
    ['at rest', [{ deployments: [stands] }], 'rev-a'],
    ['while a new image comes', [{ deployments: [comes, stands] }], 'rev-a'],
    ['while a new image has failed', [{ deployments: [failed, stands] }], 'rev-a'],
    [
      'while infrastructure brings other variables',
      [{ deployments: [{ ...stands, state: 'IN_PROGRESS', revision: 'rev-a2' }, stands] }],
      'rev-a',
    ],
    ['of a service that has no tasks between the runs', [{ deployments: [{ ...stands, tasks: 0 }] }], 'rev-a'],
    [
      'where a partial release leaves out the service, which kept its image',
      [{ deployments: [stands], release: { services: { web: 'app' }, partial: true } }],
      'rev-a',
    ],
    [
      'when ECS is done and we are: not before the record says so',
      [{ deployments: [{ ...comes, state: 'COMPLETED' }] }, { at: 100, recorded: 'b' }],
      'rev-b',
      100,
    ],
    [
      'when the way back has ended, and not the image that failed',
      [{ deployments: [{ ...stands, state: 'IN_PROGRESS' }, failed] }, { at: 200, deployments: [stands] }],
      'rev-a',
      200,
    ],
  ])('%s', async (_, moments, revision, after = 0) => {
    const result = await runSchedule(moments)
    expect([result.state, ran(result)]).toEqual(['Ran', [revision]])
    expect(result.seconds).toBeGreaterThan(after)
    expect(result.seconds).toBeLessThan(after + 100)
  })

  it('in the network and capacity of the service, under its own name, once however often it is called', async () => {
    const [one, other] = [await runSchedule([{ deployments: [stands] }]), await runSchedule([{ deployments: [stands] }])]
    const asked = (result: Ran) => result.calls.find(({ action }) => action === 'ecs:runTask')?.asked
    expect(asked(one)).toEqual({
      Cluster: 'shop-dev',
      TaskDefinition: 'rev-a',
      Count: 1,
      ClientToken: expect.stringMatching(/^[0-9a-f]{64}$/),
      StartedBy: 'schedule/api/clean-up',
      NetworkConfiguration: { AwsvpcConfiguration: { Subnets: ['subnet-1', 'subnet-2'], SecurityGroups: ['sg-1'] } },
      CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE', Weight: 1 }],
      EnableECSManagedTags: true,
      PropagateTags: 'TASK_DEFINITION',
      Overrides: { ContainerOverrides: [{ Name: 'api', Command: ['clean', 'up'] }] },
    })
    expect(asked(other)).toEqual(asked(one))
    const later = await runSchedule([{ deployments: [stands] }], { run: { at: '2026-11-21T09:00:00Z' } })
    expect(asked(later)?.['ClientToken']).not.toBe(asked(one)?.['ClientToken'])
  })

  it('with the same token where AWS has to be asked twice', async () => {
    const result = await runSchedule([{ deployments: [stands] }], { fails: [['ecs:runTask', 'Ecs.ServerException']] })
    const tokens = result.calls.filter(({ action }) => action === 'ecs:runTask').map(({ asked }) => asked['ClientToken'])
    expect([result.state, tokens.length, new Set(tokens).size]).toEqual(['Ran', 2, 1])
  })
})

describe('a scheduled command does not run, and nothing has failed', () => {
  it.each<[string, Moment, string]>([
    ['before the first delivery is proven', { deployments: [stands], release: {} }, 'NothingProvenYet'],
    [
      'before the first delivery of this service',
      { deployments: [stands], release: { services: { web: 'app' } } },
      'NothingProvenYet',
    ],
    ['without a record', { deployments: [stands], recorded: '' }, 'NothingProvenYet'],
    [
      'where the first delivery was partial and left it out',
      { deployments: [{ ...stands, tasks: 0 }], release: { services: { web: 'app' }, partial: true } },
      'NothingProvenYet',
    ],
    ['while it still runs', { deployments: [stands], running: true }, 'StillRunning'],
  ])('%s', async (_, moment, state) => {
    const result = await runSchedule([moment])
    expect([result.state, ran(result), told(result)]).toEqual([state, [], []])
  })

  it('where it was started before, of another revision', async () => {
    const result = await runSchedule([{ deployments: [stands] }], { fails: [['ecs:runTask', 'Ecs.ConflictException']] })
    expect([result.state, told(result)]).toEqual(['StillRunning', []])
  })
})

describe('a scheduled command fails, and leaves word of it', () => {
  it.each<[string, Parameters<typeof runSchedule>[1], string, string | RegExp]>([
    ['where it exits with another code than 0', { task: { exitCode: 3 } }, 'CommandFailed', /^it exited with 3: Essential/],
    [
      'where its container never starts',
      { task: { exitCode: -1, reason: 'CannotPullContainerError' } },
      'CommandFailed',
      'it never ran: CannotPullContainerError',
    ],
    ['where ECS starts no task', { task: { neverStarts: 'RESOURCE:CPU' } }, 'NotStarted', /: RESOURCE:CPU$/],
    [
      'where AWS refuses',
      { fails: Array(5).fill(['ecs:listTasks', 'Ecs.AccessDeniedException']) },
      'Ecs.AccessDeniedException',
      /AWS/,
    ],
  ])('%s', async (_, given, error, cause) => {
    const result = await runSchedule([{ deployments: [stands] }], given)
    expect(result).toMatchObject({ state: 'Failed', error, cause: expect.stringMatching(cause) })
    expect(told(result)).toEqual([
      {
        service: 'api',
        schedule: 'clean-up',
        at: '2026-11-21T08:00:00Z',
        error,
        cause: expect.stringMatching(cause),
        execution: 'run-1',
      },
    ])
  })

  it('where it takes too long: its task is stopped', async () => {
    const result = await runSchedule([{ deployments: [stands] }], { run: { timeout: 600 }, task: { ends: 9999 } })
    expect(result).toMatchObject({ state: 'Failed', error: 'TimedOut', cause: 'it was stopped after 600 seconds' })
    expect(result.calls.filter(({ action }) => action === 'ecs:stopTask')).toHaveLength(1)
    expect(result.seconds).toBeLessThan(700)
  })

  it('where what was proven is not deployed for as long as it may wait', async () => {
    const result = await runSchedule([{ deployments: [failed] }], { run: { wait: 120 } })
    expect(result).toMatchObject({ state: 'Failed', error: 'NotDeployed', cause: expect.stringContaining('@sha256:a') })
    expect([result.seconds, ran(result)]).toEqual([120, []])
  })

  it('also where word of it cannot be left', async () => {
    const result = await runSchedule([{ deployments: [stands] }], {
      task: { exitCode: 3 },
      fails: Array(5).fill(['sqs:sendMessage', 'Sqs.AccessDenied']),
    })
    expect(result).toMatchObject({ state: 'Failed', error: 'CommandFailed' })
  })
})

it.each([
  ['rate(1 minute)', 60],
  ['rate(5 minutes)', 300],
  ['rate(1 day)', 1800],
  ['cron(0 8 ? * MON-FRI *)', 1800],
  ['cron(0/5 * * * ? *)', 60],
  ['cron(* * * * ? *)', 60],
])('a run of %s waits %d seconds at most', (at, seconds) => {
  expect(waitOf({ at, command: ['x'] })).toBe(seconds)
})
