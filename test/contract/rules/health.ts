import { type Rule, until } from '../rule.ts'
import { create, runTask, stoppedTasks, task } from '../services.ts'

const api = (name: string): string => `https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_${name}.html`
const needs: Rule['needs'] = ['containers']

export const healthRules: Rule[] = [
  {
    id: 'ecs.health.passes',
    source: api('HealthCheck'),
    text: 'A task whose check passes is HEALTHY',
    needs,
    async run(subject) {
      const started = await runTask(subject, { healthCheck: { command: ['CMD-SHELL', 'exit 0'], interval: 5, retries: 1 } })
      const seen = () => task(subject, started)
      const { healthStatus } = await until(
        subject,
        seen,
        (each) => each.healthStatus !== 'UNKNOWN' && each.lastStatus === 'RUNNING',
      )
      return healthStatus
    },
    expected: 'HEALTHY',
  },
  {
    id: 'ecs.health.fails',
    source: api('HealthCheck'),
    text: 'A task of a service whose check fails is replaced: ServiceSchedulerInitiated, "Task failed container health checks"',
    needs,
    async run(subject) {
      const healthCheck = { command: ['CMD-SHELL', 'exit 1'], interval: 5, retries: 1 }
      const name = await create(subject, { healthCheck })
      const [first] = await until(
        subject,
        () => stoppedTasks(subject, name),
        (tasks) => tasks.length > 0,
      )
      return [first?.stopCode, first?.stoppedReason]
    },
    expected: ['ServiceSchedulerInitiated', 'Task failed container health checks'],
  },
]
