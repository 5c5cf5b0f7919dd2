import { DescribeTasksCommand, ListTasksCommand } from '@aws-sdk/client-ecs'
import { moment, type Running, watchDeployments } from '../deployments.ts'
import type { Figure, Options, Row } from '../figure.ts'
import { WATCHED, within } from '../lateness.ts'

const MOST = 3_000
/** Seconds. */
const DRAIN = 30

/** When the engine stopped the first task of our deployment. */
const firstDeath = async ({ world, name, deployment }: Running): Promise<number> => {
  const list = new ListTasksCommand({ cluster: 'shop', serviceName: name, desiredStatus: 'STOPPED' })
  const { taskArns = [] } = await world.ecs.send(list)
  const { tasks = [] } = await world.ecs.send(new DescribeTasksCommand({ cluster: 'shop', tasks: taskArns }))
  const ours = tasks.filter(({ startedBy, stoppedAt }) => startedBy === deployment && stoppedAt !== undefined)
  return Math.min(...ours.map(({ stoppedAt }) => moment(stoppedAt, 'the first dead task')))
}

const lateness = async (running: Running): Promise<{ cause: number; log: number }> => {
  const { step } = running
  const cause = await step.printed('task failed after')
  const death = await firstDeath(running)
  const log = await step.printed('| Error: no database')
  return { cause: cause.at - death, log: log.at - death }
}

const measure = async (options: Options): Promise<Row[]> => {
  const seen = await watchDeployments(options, {
    // The old task takes its time, so that the deployment is not completed before the new one dies.
    before: { ignoresSigterm: true },
    container: () => ({ stopTimeout: DRAIN }),
    // By turns a task that dies before it was RUNNING and one that dies after, which ECS does not count as failed.
    image: ({ index, phase, calm }) => ({
      startsAfter: calm ? 34_000 + phase : 0,
      exitsWith: 1,
      exitsAfter: index % 2 === 0 ? 200 + (calm ? 0 : phase) : 3_000 + phase,
      logs: ['starting', 'Error: no database'],
    }),
    see: lateness,
  })
  const how = `stoppedAt of the first stopped task of the deployment to the line that gives its reason, and to the container's own last line (the local log service shows a line as soon as it is written); tasks die before and after RUNNING by turns; ${WATCHED}`
  return [
    within(
      'first cause on screen after the first dead task',
      how,
      seen.map(({ cause }) => cause),
      MOST,
    ),
    within(
      'its last log line on screen',
      how,
      seen.map(({ log }) => log),
      MOST,
    ),
  ]
}

export const firstCause: Figure = { name: 'first-cause', alone: false, runs: 20, measure }
