import { moment, type Running, serviceDeployment, watchDeployments } from '../deployments.ts'
import type { Figure, Options, Row } from '../figure.ts'
import { WATCHED, within } from '../lateness.ts'

const MOST = 3_000
/** Seconds for which the old task of a calm run refuses to go: long enough for half a minute without news. */
const DRAIN = 32

type Lateness = { line: number; end: number }

const lateness = async (running: Running): Promise<Lateness> => {
  const { name, step } = running
  const line = await step.printed(`${name}: succeeded`)
  await step.done
  const end = Date.now()
  const { status, finishedAt } = await serviceDeployment(running)
  if (status !== 'SUCCESSFUL') throw new Error(`the engine says ${status}`)
  const finished = moment(finishedAt, 'the success')
  return { line: line.at - finished, end: end - finished }
}

const measure = async (options: Options): Promise<Row[]> => {
  const seen = await watchDeployments(options, {
    before: { ignoresSigterm: true },
    image: ({ phase }) => ({ startsAfter: phase }),
    // How long the old task takes to go is part of the task definition.
    container: ({ calm }) => ({ stopTimeout: calm ? DRAIN : 2 }),
    see: lateness,
  })
  const how = `finishedAt of the service deployment, as DescribeServiceDeployments gives it, to the line and to the end of the process; the proof of the digest lies between; ${WATCHED}`
  return [
    within(
      'success on screen after ECS says so',
      how,
      seen.map(({ line }) => line),
      MOST,
    ),
    within(
      'step ended after ECS says so',
      how,
      seen.map(({ end }) => end),
      MOST,
    ),
  ]
}

export const success: Figure = { name: 'success', alone: false, runs: 20, measure }
