import { setTimeout as wait } from 'node:timers/promises'
import { UpdateServiceCommand } from '@aws-sdk/client-ecs'
import { moment, primaryDeployment, type Running, watchDeployments } from '../deployments.ts'
import type { Figure, Options, Row } from '../figure.ts'
import { WATCHED, within } from '../lateness.ts'

const MOST = 3_000
const FOR_EVER = 3_600_000

const lateness = async (running: Running): Promise<number> => {
  const { world, name, step, phase, calm } = running
  await wait((calm ? 32_000 : 3_000) + phase)
  const before = `${name}:1`
  await world.ecs.send(
    new UpdateServiceCommand({ cluster: 'shop', service: name, taskDefinition: before, forceNewDeployment: true }),
  )
  const { id, createdAt } = await primaryDeployment(running)
  const line = await step.printed(`replaced in flight by ${id}`)
  return line.at - moment(createdAt, 'the other deployment')
}

const measure = async (options: Options): Promise<Row[]> => {
  const seen = await watchDeployments(options, { image: () => ({ startsAfter: FOR_EVER }), see: lateness })
  const how = `createdAt of a second deployment, started by somebody else while ours is in flight, to the line that names it; ${WATCHED}`
  return [within('superseded, named', how, seen, MOST)]
}

export const superseded: Figure = { name: 'superseded', alone: false, runs: 20, measure }
