import type { Service } from '@aws-sdk/client-ecs'
import { once, type Rule, until } from '../rule.ts'
import { breaker, cluster, completed, crashes, create, register, running, service, stoppedTasks } from '../services.ts'
import type { Subject } from '../subject.ts'

const api = (name: string): string => `https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_${name}.html`
const guide = (page: string): string => `https://docs.aws.amazon.com/AmazonECS/latest/developerguide/${page}.html`
const circuitBreaker = guide('deployment-circuit-breaker')
const needs: Rule['needs'] = ['containers']

/** Follows a service until it is as asked; resolves to all that was seen on the way. */
const follow = async (subject: Subject, name: string, end: (each: Service) => boolean): Promise<Service[]> => {
  const seen: Service[] = []
  await until(
    subject,
    async () => {
      const each = await service(subject, name)
      seen.push(each)
      return each
    },
    end,
  )
  return seen
}

const after = (id: string | undefined, seen: Service[]) =>
  seen.flatMap(({ deployments = [] }) => deployments.filter((each) => each.id === id))

const runningCounts = (seen: Service[]): number[] => seen.map(({ runningCount = 0 }) => runningCount)

const rolled = once('rolled', async (subject) => {
  const name = await running(subject)
  const taskDefinition = await register(subject, name)
  const update = { cluster: await cluster(subject), service: name, taskDefinition }
  await subject.ecs.updateService(update)
  return { name, seen: await follow(subject, name, completed) }
})

/** A revision that crashes replaces one that ran; the circuit breaker is to bring that back. */
const rolledBack = once('rolled back', async (subject) => {
  const deploymentConfiguration = breaker({ enable: true, rollback: true })
  const name = await running(subject, { deploymentConfiguration })
  const before = await service(subject, name)
  const taskDefinition = await register(subject, name, { command: crashes })
  const updated = await subject.ecs.updateService({ cluster: await cluster(subject), service: name, taskDefinition })
  const good = before.deployments?.[0]?.id
  const bad = updated.service?.deployments?.[0]?.id
  const seen = await follow(subject, name, (each) => completed(each) && each.deployments?.[0]?.id !== bad)
  const stopped = (await stoppedTasks(subject, name)).filter(({ startedBy }) => startedBy === bad)
  return { name, before, good, bad, seen, stopped }
})

/** The same without rollback: the failed deployment stays. */
const failed = once('failed', async (subject) => {
  const deploymentConfiguration = breaker({ enable: true, rollback: false })
  const name = await running(subject, { deploymentConfiguration })
  const taskDefinition = await register(subject, name, { command: crashes })
  const updated = await subject.ecs.updateService({ cluster: await cluster(subject), service: name, taskDefinition })
  const bad = updated.service?.deployments?.[0]?.id
  const seen = await follow(subject, name, ({ deployments = [] }) => deployments.some((each) => each.rolloutState === 'FAILED'))
  return { name, bad, seen }
})

const says = (name: string, seen: Service[], text: string): boolean =>
  (seen.at(-1)?.events ?? []).some(({ message }) => message === `(service ${name}) ${text}`)

export const rolloutRules: Rule[] = [
  {
    id: 'ecs.rollout.start-before-stop',
    source: api('DeploymentConfiguration'),
    text: 'With 100 and 200 percent, the defaults, the running tasks are never fewer than desired and never more than twice as many',
    needs,
    async run(subject) {
      const counts = runningCounts((await rolled(subject)).seen)
      return [Math.min(...counts) >= 2, Math.max(...counts) <= 4]
    },
    expected: [true, true],
  },
  {
    id: 'ecs.rollout.stop-before-start',
    source: api('DeploymentConfiguration'),
    text: 'With 0 and 100 percent the running tasks are never more than desired',
    needs,
    async run(subject) {
      const name = await running(subject, { deploymentConfiguration: { minimumHealthyPercent: 0, maximumPercent: 100 } })
      await subject.ecs.updateService({ cluster: await cluster(subject), service: name, forceNewDeployment: true })
      return Math.max(...runningCounts(await follow(subject, name, completed))) <= 2
    },
    expected: true,
  },
  {
    id: 'ecs.rollout.states',
    source: api('Deployment'),
    text: 'The rollout state of a deployment goes from IN_PROGRESS to COMPLETED and says so in its reason',
    needs,
    async run(subject) {
      const { seen } = await rolled(subject)
      const last = seen.at(-1)?.deployments?.[0]
      const states = after(last?.id, seen).map(({ rolloutState }) => rolloutState)
      return [[...new Set(states)], last?.rolloutStateReason === `ECS deployment ${last?.id} completed.`]
    },
    expected: [['IN_PROGRESS', 'COMPLETED'], true],
  },
  {
    id: 'ecs.rollout.events',
    source: guide('service-event-messages-list'),
    text: 'Events are there, the newest first: started, stopped, "deployment completed.", "has reached a steady state."',
    needs,
    async run(subject) {
      const { name, seen } = await rolled(subject)
      const events = seen.at(-1)?.events ?? []
      const times = events.map(({ createdAt }) => createdAt?.getTime() ?? 0)
      const texts = events.map(({ message = '' }) => message.replace(/\((task|deployment) [^)]+\)/g, '($1)'))
      const wanted = ['has started 2 tasks: (task) (task).', '(deployment) deployment completed.', 'has reached a steady state.']
      return [
        times.every((time, index) => index === 0 || time <= (times[index - 1] ?? 0)),
        ...wanted.map((text) => texts.includes(`(service ${name}) ${text}`)),
      ]
    },
    expected: [true, true, true, true],
  },
  {
    id: 'ecs.breaker.counts',
    source: circuitBreaker,
    text: 'Tasks that fail to start are counted in failedTasks; of two desired tasks three may fail, then the deployment is FAILED',
    needs,
    async run(subject) {
      const { bad, seen } = await rolledBack(subject)
      const states = after(bad, seen)
      const counts = states.map(({ failedTasks = 0 }) => failedTasks)
      const whenFailed = states.filter(({ rolloutState }) => rolloutState === 'FAILED').map(({ failedTasks = 0 }) => failedTasks)
      return [counts.every((count, index) => count >= (counts[index - 1] ?? 0)), Math.min(...whenFailed) >= 3]
    },
    expected: [true, true],
  },
  {
    id: 'ecs.breaker.failed',
    source: circuitBreaker,
    text: 'The deployment that fails is FAILED: "ECS deployment circuit breaker: tasks failed to start."',
    needs,
    async run(subject) {
      const { bad, seen } = await rolledBack(subject)
      const last = after(bad, seen).at(-1)
      return [last?.rolloutState, last?.rolloutStateReason, last?.status]
    },
    expected: ['FAILED', 'ECS deployment circuit breaker: tasks failed to start.', 'ACTIVE'],
  },
  {
    id: 'ecs.breaker.primary',
    source: circuitBreaker,
    text: 'After the rollback the last completed deployment is PRIMARY again, under the id that it had, and COMPLETED',
    needs,
    async run(subject) {
      const { good, before, seen } = await rolledBack(subject)
      const [primary] = seen.at(-1)?.deployments ?? []
      const same = primary?.taskDefinition === before.taskDefinition && seen.at(-1)?.taskDefinition === before.taskDefinition
      return [primary?.id === good, primary?.status, primary?.rolloutState, same]
    },
    expected: [true, 'PRIMARY', 'COMPLETED', true],
  },
  {
    id: 'ecs.breaker.still-serves',
    source: circuitBreaker,
    text: 'Until the new revision runs no old task is stopped: the service runs all its tasks through failure and rollback',
    needs,
    run: async (subject) => Math.min(...runningCounts((await rolledBack(subject)).seen)) >= 2,
    expected: true,
  },
  {
    id: 'ecs.breaker.events',
    source: circuitBreaker,
    text: 'Events name the failure and the rollback with the ids of both deployments',
    needs,
    async run(subject) {
      const { name, good, bad, seen } = await rolledBack(subject)
      return [
        says(name, seen, `(deployment ${bad}) deployment failed: tasks failed to start.`),
        says(name, seen, `rolling back to deployment ${good}.`),
      ]
    },
    expected: [true, true],
  },
  {
    id: 'ecs.breaker.stopped-tasks',
    source: api('Task'),
    text: 'The tasks that failed stay visible with the id of their deployment, stop code and exit code',
    needs,
    async run(subject) {
      const { stopped } = await rolledBack(subject)
      const described = stopped.map(({ stopCode, containers }) => [stopCode, containers?.[0]?.exitCode])
      return [stopped.length >= 3, described.every(([code, exit]) => code === 'EssentialContainerExited' && exit === 3)]
    },
    expected: [true, true],
  },
  {
    id: 'ecs.breaker.without-rollback',
    source: circuitBreaker,
    text: 'Without rollback the failed deployment stays PRIMARY and FAILED, the old tasks go on, and no new ones are started',
    needs,
    async run(subject) {
      const { name, bad, seen } = await failed(subject)
      await new Promise((resolve) => setTimeout(resolve, subject.poll * 8))
      const now = await service(subject, name)
      const [primary] = now.deployments ?? []
      return [
        primary?.id === bad,
        primary?.rolloutState,
        now.runningCount,
        primary?.failedTasks === after(bad, seen).at(-1)?.failedTasks,
      ]
    },
    expected: [true, 'FAILED', 2, true],
  },
  {
    id: 'ecs.breaker.nothing-to-return-to',
    source: circuitBreaker,
    text: 'A first deployment that fails has nothing to go back to: it stays, FAILED',
    needs,
    async run(subject) {
      const deploymentConfiguration = breaker({ enable: true, rollback: true })
      const name = await create(subject, { command: crashes }, { deploymentConfiguration })
      const isFailed = ({ deployments = [] }: Service): boolean => deployments[0]?.rolloutState === 'FAILED'
      const { deployments } = (await follow(subject, name, isFailed)).at(-1) ?? {}
      return deployments?.map(({ status, rolloutState }) => [status, rolloutState])
    },
    expected: [['PRIMARY', 'FAILED']],
  },
  {
    id: 'ecs.breaker.off',
    source: circuitBreaker,
    text: 'Without the circuit breaker a deployment that cannot start stays IN_PROGRESS however many tasks fail',
    needs,
    async run(subject) {
      const name = await create(subject, { command: crashes })
      const failures = ({ deployments = [] }: Service): number => deployments[0]?.failedTasks ?? 0
      const { deployments } = (await follow(subject, name, (each) => failures(each) > 3)).at(-1) ?? {}
      return deployments?.map(({ status, rolloutState }) => [status, rolloutState])
    },
    expected: [['PRIMARY', 'IN_PROGRESS']],
  },
]
