import { follow, runningCounts, statesOf } from '../rollout.ts'
import { once, type Rule } from '../rule.ts'
import { cluster, completed, register, running, runningTasks, stoppedTasks } from '../services.ts'

const api = (name: string): string => `https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_${name}.html`
const guide = (page: string): string => `https://docs.aws.amazon.com/AmazonECS/latest/developerguide/${page}.html`
const needs: Rule['needs'] = ['containers']

const rolled = once('rolled', async (subject) => {
  const name = await running(subject)
  const taskDefinition = await register(subject, name)
  const update = { cluster: await cluster(subject), service: name, taskDefinition }
  const updated = await subject.ecs.updateService(update)
  return { name, seen: [updated.service ?? {}, ...(await follow(subject, name, completed))] }
})

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
    text: 'With 0 and 100 percent a new task runs only after an old one was told to stop, for each of them',
    needs,
    async run(subject) {
      const name = await running(subject, { deploymentConfiguration: { minimumHealthyPercent: 0, maximumPercent: 100 } })
      await subject.ecs.updateService({ cluster: await cluster(subject), service: name, forceNewDeployment: true })
      await follow(subject, name, completed)
      const at = (times: (Date | undefined)[]): number[] => times.map((time) => time?.getTime() ?? 0).sort((a, b) => a - b)
      const stops = at((await stoppedTasks(subject, name)).map(({ stoppingAt }) => stoppingAt))
      const starts = at((await runningTasks(subject, name)).map(({ startedAt }) => startedAt))
      return starts.map((start, index) => start > 0 && (stops[index] ?? 0) > 0 && (stops[index] ?? start) <= start)
    },
    expected: [true, true],
  },
  {
    id: 'ecs.rollout.states',
    source: api('Deployment'),
    text: 'The rollout state of a deployment goes from IN_PROGRESS to COMPLETED and says so in its reason',
    needs,
    async run(subject) {
      const { seen } = await rolled(subject)
      const last = seen.at(-1)?.deployments?.[0]
      const states = statesOf(last?.id, seen).map(({ rolloutState }) => rolloutState)
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
]
