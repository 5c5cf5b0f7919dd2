import type { Step } from '../github/step.ts'
import { type Delivery, deliver, writes } from './delivery.ts'
import { expect } from './deviation.ts'
import { prove } from './prove.ts'
import type { World } from './world.ts'

/** The first commit, from the branch on which it enters up to the last environment. */
export const deliverEverywhere = async (world: World): Promise<Delivery[]> => {
  const { setting, screen, repository } = world
  const deliveries: Delivery[] = []
  for (const environment of setting.environments) {
    const upstream = setting.environments.find(({ name }) => name === environment.promotesFrom)
    screen.heading(
      upstream === undefined
        ? `${environment.name}: push of ${world.commit.slice(0, 7)} to ${environment.branch}`
        : `${environment.name}: ${upstream.branch} merged into ${environment.branch}`,
    )
    const commit = upstream === undefined ? world.commit : await repository.merge(upstream.branch, environment.branch)
    const delivery = await deliver(world, environment, commit)
    await prove(world, delivery)
    deliveries.push(delivery)
  }
  return deliveries
}

/** The branch is back on the tree that runs: nothing is built or deployed. The very same deployment once more does not even record. */
export const deliverAgain = async (world: World, { environment }: Delivery): Promise<void> => {
  const { screen, repository, cloud } = world
  screen.heading(`${environment.name}: the bad commits are reverted`)
  const reverted = await deliver(world, environment, await repository.head(environment.branch))
  expect(reverted.dockerCalls.length === 0, 'no docker process', reverted.dockerCalls.join('; '))
  const recorded = writes(world, reverted.since)
  expectNoChange(
    reverted.deploy,
    recorded.filter((call) => call !== 'ssm:PutParameter'),
  )
  screen.done(
    `the first tree again: found, no-change; only the record names the new commit (${recorded.join(', ')})`,
    reverted.milliseconds,
  )
  screen.heading(`${environment.name}: the same deployment once more`)
  const since = cloud.recorder.mark()
  const step = await reverted.again()
  expectNoChange(step, writes(world, since))
  screen.done('no-change: proven again, nothing written but the lease', step.milliseconds)
}

const expectNoChange = ({ outputs }: Step, changes: string[]): void => {
  expect(outputs['outcome'] === 'no-change', 'no-change', `deploy-service ended as ${outputs['outcome']}`)
  expect(changes.length === 0, 'no write', changes.join(', '))
}
