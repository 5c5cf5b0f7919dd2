import { randomUUID } from 'node:crypto'
import { type Rule, refusal, until } from '../rule.ts'
import { cluster, crashes, ended, network, register, running, runTask, service, stoppedTasks, task } from '../services.ts'
import { type Subject, unique } from '../subject.ts'

const api = (name: string): string => `https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_${name}.html`
const guide = (page: string): string => `https://docs.aws.amazon.com/AmazonECS/latest/developerguide/${page}.html`
const needs: Rule['needs'] = ['containers']

const list = async (subject: Subject, filter: { serviceName?: string; family?: string; startedBy?: string }) =>
  (await subject.ecs.listTasks({ cluster: await cluster(subject), ...filter })).taskArns ?? []

export const taskRules: Rule[] = [
  {
    id: 'ecs.run.exit-code',
    source: api('Task'),
    text: 'A task whose essential container ends is STOPPED: EssentialContainerExited, with the exit code',
    needs,
    async run(subject) {
      const { stopCode, containers, startedAt, stoppedAt } = await ended(subject, { command: ['sh', '-c', 'sleep 3; exit 3'] })
      return [stopCode, containers?.[0]?.exitCode, startedAt instanceof Date, stoppedAt instanceof Date]
    },
    expected: ['EssentialContainerExited', 3, true, true],
  },
  {
    id: 'ecs.run.reason',
    source: guide('stopped-task-error-codes'),
    text: 'Its stopped reason is "Essential container in task exited", whatever the exit code',
    needs,
    run: async (subject) => (await ended(subject, { command: ['sh', '-c', 'exit 0'] })).stoppedReason,
    expected: 'Essential container in task exited',
  },
  {
    id: 'ecs.run.no-image',
    source: guide('task_cannot_pull_image'),
    text: 'An image that cannot be pulled: TaskFailedToStart, CannotPullContainerError, no exit code',
    needs,
    async run(subject) {
      const { stopCode, stoppedReason, containers } = await ended(subject, { image: `${subject.image.split('@')[0]}-none:none` })
      return [stopCode, stoppedReason?.split(':')[0], containers?.[0]?.exitCode]
    },
    expected: ['TaskFailedToStart', 'CannotPullContainerError', null],
  },
  {
    id: 'ecs.run.stopped-by-user',
    source: api('StopTask'),
    text: 'StopTask ends a task: UserInitiated, with the reason that was given',
    needs,
    async run(subject) {
      const started = await runTask(subject)
      const seen = () => task(subject, started)
      await until(subject, seen, ({ lastStatus }) => lastStatus === 'RUNNING')
      await subject.ecs.stopTask({ cluster: await cluster(subject), task: started.taskArn, reason: 'enough' })
      const { stopCode, stoppedReason } = await until(subject, seen, ({ lastStatus }) => lastStatus === 'STOPPED')
      return [stopCode, stoppedReason]
    },
    expected: ['UserInitiated', 'enough'],
  },
  {
    id: 'ecs.run.idempotent',
    source: api('RunTask'),
    text: 'The same call with the same clientToken answers with the same task',
    async run(subject) {
      const taskDefinition = await register(subject, unique('task'), { command: crashes })
      const asked = { cluster: await cluster(subject), taskDefinition, networkConfiguration: network(subject) }
      const call = { ...asked, launchType: 'FARGATE', clientToken: randomUUID() } as const
      const [first, second] = [await subject.ecs.runTask(call), await subject.ecs.runTask(call)]
      return first.tasks?.[0]?.taskArn === second.tasks?.[0]?.taskArn
    },
    expected: true,
  },
  {
    id: 'ecs.run.no-network',
    source: api('RunTask'),
    text: 'A task in awsvpc mode needs a network configuration: InvalidParameterException',
    async run(subject) {
      const taskDefinition = await register(subject, unique('task'))
      return refusal(subject.ecs.runTask({ cluster: await cluster(subject), taskDefinition, launchType: 'FARGATE' }))
    },
    expected: 'InvalidParameterException',
  },
  {
    id: 'ecs.run.other-container',
    source: api('ContainerOverride'),
    text: 'An override for a container that the task definition does not have is InvalidParameterException',
    run: (subject) => refusal(runTask(subject, {}, { overrides: { containerOverrides: [{ name: 'none', command: crashes }] } })),
    expected: 'InvalidParameterException',
  },
  {
    id: 'ecs.run.unknown-definition',
    source: api('RunTask'),
    text: 'An unknown task definition is ClientException',
    run: (subject) => refusal(runTask(subject, {}, { taskDefinition: unique('none') })),
    expected: 'ClientException',
  },
  {
    id: 'ecs.tasks.none',
    source: api('DescribeTasks'),
    text: 'An empty list of tasks is InvalidParameterException',
    run: async (subject) => refusal(subject.ecs.describeTasks({ cluster: await cluster(subject), tasks: [] })),
    expected: 'InvalidParameterException',
  },
  {
    id: 'ecs.tasks.missing',
    source: guide('api_failures_messages'),
    text: 'A task that does not exist is a failure MISSING',
    async run(subject) {
      const missing = { cluster: await cluster(subject), tasks: [randomUUID().replaceAll('-', '')] }
      const { tasks, failures } = await subject.ecs.describeTasks(missing)
      return [tasks?.length, failures?.map(({ reason }) => reason)]
    },
    expected: [0, ['MISSING']],
  },
  {
    id: 'ecs.tasks.of-service',
    source: api('ListTasks'),
    text: "A service's tasks are listed by its name; they name its deployment in startedBy, and the service in group",
    needs,
    async run(subject) {
      const name = await running(subject)
      const { deployments } = await service(subject, name)
      const tasks = await list(subject, { serviceName: name })
      const described = await subject.ecs.describeTasks({ cluster: await cluster(subject), tasks })
      return described.tasks?.map(({ startedBy, group }) => [startedBy === deployments?.[0]?.id, group === `service:${name}`])
    },
    expected: [
      [true, true],
      [true, true],
    ],
  },
  {
    id: 'ecs.tasks.stopped',
    source: api('ListTasks'),
    text: 'Running tasks are listed unless desiredStatus asks for the stopped ones',
    needs,
    async run(subject) {
      const name = await running(subject)
      await subject.ecs.updateService({ cluster: await cluster(subject), service: name, desiredCount: 1 })
      const stopped = await until(
        subject,
        () => stoppedTasks(subject, name),
        ([first]) => first?.lastStatus === 'STOPPED',
      )
      const { stopCode, desiredStatus } = stopped[0] ?? {}
      return [(await list(subject, { serviceName: name })).length, stopped.length, stopCode, desiredStatus]
    },
    expected: [1, 1, 'ServiceSchedulerInitiated', 'STOPPED'],
  },
  {
    id: 'ecs.tasks.family',
    source: api('ListTasks'),
    text: 'Tasks can be listed by their family',
    needs,
    async run(subject) {
      const started = await runTask(subject)
      const family = started.taskDefinitionArn?.split('/').at(-1)?.split(':')[0] ?? ''
      return (await list(subject, { family })).map((arn) => arn === started.taskArn)
    },
    expected: [true],
  },
  {
    id: 'ecs.tasks.started-by',
    source: api('ListTasks'),
    text: 'startedBy must be the only filter: InvalidParameterException',
    run: (subject) => refusal(list(subject, { startedBy: 'x', family: 'y' })),
    expected: 'InvalidParameterException',
  },
  {
    id: 'ecs.tasks.unknown-service',
    source: api('ListTasks'),
    text: 'Tasks of a service that does not exist are ServiceNotFoundException',
    run: (subject) => refusal(list(subject, { serviceName: unique('none') })),
    expected: 'ServiceNotFoundException',
  },
  {
    id: 'ecs.tasks.digest',
    source: api('Container'),
    text: 'A running container names the digest of its image',
    needs,
    async run(subject) {
      const started = await runTask(subject)
      const { containers } = await until(
        subject,
        () => task(subject, started),
        ({ lastStatus }) => lastStatus === 'RUNNING',
      )
      return /^sha256:[0-9a-f]{64}$/.test(containers?.[0]?.imageDigest ?? '')
    },
    expected: true,
  },
]
