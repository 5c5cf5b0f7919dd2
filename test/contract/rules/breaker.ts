import type { Service } from '@aws-sdk/client-ecs'
import { follow, runningCounts, statesOf } from '../rollout.ts'
import { once, type Rule } from '../rule.ts'
import { breaker, cluster, crashes, create, primaryOf, register, running, service, stoppedTasks } from '../services.ts'

const api = (name: string): string => `https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_${name}.html`
const guide = (page: string): string => `https://docs.aws.amazon.com/AmazonECS/latest/developerguide/${page}.html`
const circuitBreaker = guide('deployment-circuit-breaker')
const needs: Rule['needs'] = ['containers']

/** A revision that crashes replaces one that ran; the circuit breaker is to bring that back. */
const rolledBack = once('rolled back', async (subject) => {
  const deploymentConfiguration = breaker({ enable: true, rollback: true })
  const name = await running(subject, { deploymentConfiguration })
  const before = await service(subject, name)
  const taskDefinition = await register(subject, name, { command: crashes })
  const updated = await subject.ecs.updateService({ cluster: await cluster(subject), service: name, taskDefinition })
  const good = primaryOf(before)?.id
  const bad = updated.service && primaryOf(updated.service)?.id
  const isBack = (each: Service): boolean => primaryOf(each)?.id !== bad && primaryOf(each)?.rolloutState === 'COMPLETED'
  const seen = await follow(subject, name, isBack)
  const stopped = (await stoppedTasks(subject, name)).filter(({ startedBy }) => startedBy === bad)
  return { name, before, good, bad, seen, stopped }
})

/** The same without rollback: the failed deployment stays. */
const failed = once('failed', async (subject) => {
  const deploymentConfiguration = breaker({ enable: true, rollback: false })
  const name = await running(subject, { deploymentConfiguration })
  const taskDefinition = await register(subject, name, { command: crashes })
  const updated = await subject.ecs.updateService({ cluster: await cluster(subject), service: name, taskDefinition })
  const bad = updated.service && primaryOf(updated.service)?.id
  const seen = await follow(subject, name, ({ deployments = [] }) => deployments.some((each) => each.rolloutState === 'FAILED'))
  return { name, bad, seen }
})

const says = (name: string, seen: Service[], text: string): boolean =>
  (seen.at(-1)?.events ?? []).some(({ message }) => message === `(service ${name}) ${text}`)

export const breakerRules: Rule[] = [
  {
    id: 'ecs.breaker.counts',
    source: circuitBreaker,
    text: 'Tasks that fail to start are counted in failedTasks; of two desired tasks three may fail, then the deployment is FAILED',
    needs,
    async run(subject) {
      const { bad, seen } = await rolledBack(subject)
      const states = statesOf(bad, seen)
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
      // How long AWS shows a failed deployment after a rollback is not documented; without one it stays.
      const { bad, seen } = await failed(subject)
      const last = statesOf(bad, seen).at(-1)
      return [last?.rolloutState, last?.rolloutStateReason]
    },
    expected: ['FAILED', 'ECS deployment circuit breaker: tasks failed to start.'],
  },
  {
    id: 'ecs.breaker.primary',
    source: circuitBreaker,
    text: 'After the rollback the last completed deployment is PRIMARY again, under the id that it had, and COMPLETED',
    needs,
    async run(subject) {
      const { good, before, seen } = await rolledBack(subject)
      const primary = primaryOf(seen.at(-1) ?? {})
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
      const { name, bad } = await failed(subject)
      const later = async () => {
        await new Promise((resolve) => setTimeout(resolve, subject.poll * 8))
        return service(subject, name)
      }
      // A task that had been started before may still end.
      const settled = await later()
      const now = await later()
      const primary = primaryOf(now)
      return [
        primary?.id === bad,
        primary?.rolloutState,
        now.runningCount,
        primary?.failedTasks === primaryOf(settled)?.failedTasks,
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
      const isFailed = (each: Service): boolean => primaryOf(each)?.rolloutState === 'FAILED'
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
      const failures = (each: Service): number => primaryOf(each)?.failedTasks ?? 0
      const { deployments } = (await follow(subject, name, (each) => failures(each) > 3)).at(-1) ?? {}
      return deployments?.map(({ status, rolloutState }) => [status, rolloutState])
    },
    expected: [['PRIMARY', 'IN_PROGRESS']],
  },
]
