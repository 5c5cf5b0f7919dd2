import { moment, type Running, serviceDeployment, watchDeployments } from '../deployments.ts'
import type { Figure, Options, Row } from '../figure.ts'
import { WATCHED, within } from '../lateness.ts'

const MOST = 3_000

const lateness = async (running: Running): Promise<number> => {
  const line = await running.step.printed(/^::error.*(the deployment failed|failed-rolled-back)/)
  const { rollback } = await serviceDeployment(running)
  return line.at - moment(rollback?.startedAt, 'the rollback')
}

const measure = async (options: Options): Promise<Row[]> => {
  const seen = await watchDeployments(options, {
    // Three failures trip the circuit breaker; in calm runs the last one comes long after the one before.
    image: ({ phase, calm }) => ({ startsAfter: calm ? 14_000 + phase : phase, exitsWith: 1, exitsAfter: 200, logs: ['no'] }),
    inputs: { 'fail-fast': 'off' },
    see: lateness,
  })
  const how = `rollback.startedAt of the service deployment (the circuit breaker has tripped) to the first red line that says so; fail-fast off, so that ECS is the one who decides; ${WATCHED}`
  return [within('red on screen after the circuit breaker trips', how, seen, MOST)]
}

export const red: Figure = { name: 'red', alone: false, runs: 20, measure }
