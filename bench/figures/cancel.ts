import { setTimeout as wait } from 'node:timers/promises'
import { eventually, type Running, serviceDeployment, watchDeployments } from '../deployments.ts'
import type { Figure, Options, Row } from '../figure.ts'
import { WATCHED, within } from '../lateness.ts'

const MOST = 1_000
const FOR_EVER = 3_600_000

const lateness = async (running: Running): Promise<number> => {
  const { world, step, phase, calm } = running
  await wait((calm ? 32_000 : 200) + phase)
  const { serviceDeploymentArn } = await serviceDeployment(running)
  const sent = Date.now()
  step.process.kill('SIGINT')
  const stop = await eventually(
    async () =>
      world.cloud.recorder
        .calls({ call: 'ecs:StopServiceDeployment' })
        .find(({ input }) => (input as { serviceDeploymentArn?: string }).serviceDeploymentArn === serviceDeploymentArn),
    (found) => found !== undefined,
  )
  return (stop?.time ?? Number.NaN) - sent
}

const measure = async (options: Options): Promise<Row[]> => {
  const seen = await watchDeployments(options, { image: () => ({ startsAfter: FOR_EVER }), see: lateness })
  const how = `SIGINT to the arrival of StopServiceDeployment at the local cloud; ${WATCHED}`
  return [within('stop sent after cancel', how, seen, MOST)]
}

export const cancel: Figure = { name: 'cancel', alone: false, runs: 20, measure }
