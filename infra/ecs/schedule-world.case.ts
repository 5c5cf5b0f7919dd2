import { type ScheduledRun, scheduleMachine } from './schedule-run.ts'
import { AwsError, type Definition, type Ended, runStates } from './states.case.ts'

export const image = (digest: string): string => `111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/app@sha256:${digest}`

/** A deployment of the service: the state of its rollout, and the digest of the image in its revision. */
export type Deployed = { state: string; digest: string; tasks?: number; revision?: string }

/** What AWS has, `at` so many seconds after the beginning; a later moment replaces what it names. */
export type Moment = {
  at?: number
  deployments?: Deployed[]
  recorded?: string
  release?: object
  /** Whether the same command runs already. */
  running?: boolean
}

export type Task = { ends?: number; exitCode?: number; reason?: string; neverStarts?: string }

export type Ran = Ended & { calls: { action: string; asked: Record<string, unknown> }[] }

const listed = { services: { api: 'app' } }

/** Runs the state machine of the service `api` against what AWS has, moment by moment. */
export const runSchedule = async (
  moments: Moment[],
  {
    run = {},
    task = {},
    fails = [],
  }: { run?: Partial<ScheduledRun>; task?: Task; fails?: [action: string, error: string][] } = {},
): Promise<Ran> => {
  const calls: Ran['calls'] = []
  const failing = [...fails]
  let began = 0
  let stopped: string | undefined
  const definition = scheduleMachine({
    name: 'api',
    partition: 'aws',
    cluster: 'shop-dev',
    service: 'api',
    container: 'api',
    release: '/shop/dev/release',
    image: '/shop/dev/api/image',
    queue: 'https://sqs.eu-west-1.amazonaws.com/222222222222/shop-dev-api-dead-letters',
  })
  const input = { schedule: 'clean-up', at: '2026-11-21T08:00:00Z', command: ['clean', 'up'], wait: 1800, timeout: 3600, ...run }
  const ended = await runStates(JSON.parse(JSON.stringify(definition)) as Definition, input, (action, asked, now) => {
    calls.push({ action, asked })
    const failure = failing.findIndex(([name]) => name === action)
    if (failure >= 0) throw new AwsError(failing.splice(failure, 1)[0]?.[1], { cause: 'said AWS' })
    const there: Moment = Object.assign({ recorded: 'a', release: listed }, ...moments.filter(({ at = 0 }) => at <= now))
    const { deployments = [], recorded, release } = there
    const ended = stopped !== undefined || now - began >= (task.ends ?? 30)
    const answers: Record<string, () => Record<string, unknown>> = {
      'ssm:getParameters': () => ({
        Parameters: [
          ...(recorded ? [{ Name: '/shop/dev/api/image', Value: image(recorded) }] : []),
          ...(release && Object.keys(release).length > 0 ? [{ Name: '/shop/dev/release', Value: JSON.stringify(release) }] : []),
        ],
      }),
      'ecs:describeServices': () => ({
        Services: [
          {
            NetworkConfiguration: { AwsvpcConfiguration: { Subnets: ['subnet-1', 'subnet-2'], SecurityGroups: ['sg-1'] } },
            CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE', Weight: 1 }],
            Deployments: deployments.map(({ state, digest, tasks = 1, revision = `rev-${digest}` }, index) => ({
              Status: index === 0 ? 'PRIMARY' : 'ACTIVE',
              RolloutState: state,
              RunningCount: tasks,
              TaskDefinition: revision,
            })),
          },
        ],
      }),
      'ecs:describeTaskDefinition': () => {
        const name = String(asked['TaskDefinition'])
        const digest = deployments.find(({ digest, revision = `rev-${digest}` }) => revision === name)?.digest ?? ''
        return { TaskDefinition: { TaskDefinitionArn: name, ContainerDefinitions: [{ Name: 'api', Image: image(digest) }] } }
      },
      'ecs:listTasks': () => ({ TaskArns: there.running ? ['task-0'] : [] }),
      'ecs:runTask': () => {
        began = now
        return task.neverStarts ? { Tasks: [], Failures: [{ Reason: task.neverStarts }] } : { Tasks: [{ TaskArn: 'task-1' }] }
      },
      // Right after its start ECS may not know a task yet.
      'ecs:describeTasks': () =>
        now - began < 15
          ? { Tasks: [], Failures: [{ Reason: 'MISSING' }] }
          : {
              Tasks: [
                {
                  LastStatus: ended ? 'STOPPED' : 'RUNNING',
                  ...(ended && { StoppedReason: task.reason ?? 'Essential container in task exited' }),
                  Containers: [
                    { Name: 'api', ...(ended && task.exitCode !== -1 && { ExitCode: stopped ? 143 : (task.exitCode ?? 0) }) },
                  ],
                },
              ],
            },
      'ecs:stopTask': () => {
        stopped = String(asked['Reason'])
        return {}
      },
      'sqs:sendMessage': () => ({}),
    }
    const answer = answers[action]
    if (answer === undefined) throw new Error(`nobody answers ${action}`)
    return answer()
  })
  return { ...ended, calls }
}
