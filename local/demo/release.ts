import type { Step } from '../github/step.ts'
import { type Delivery, deliver, writes } from './delivery.ts'
import { expect } from './deviation.ts'
import type { EnvironmentSetting } from './setting.ts'
import type { World } from './world.ts'

type Answer = { version?: string; digest?: string }

const ask = async (address: string): Promise<Answer> => {
  const answer = await fetch(address, { signal: AbortSignal.timeout(10_000) })
  expect(answer.ok, `${address} to answer 200`, `it answered ${answer.status}`)
  return (await answer.json()) as Answer
}

/** Addresses of the services that listen, by name. */
export const addressesOf = ({ ecs }: World, { account, region, services }: EnvironmentSetting) =>
  services.flatMap((setting) => {
    const { port, cluster, service } = setting
    return port === undefined ? [] : [{ setting, url: ecs.address(account, region, cluster, service, port).origin }]
  })

/** That it is green, that the control plane reports its digests, and that each service says so itself. */
export const prove = async (world: World, delivery: Delivery): Promise<void> => {
  const { environment, deploy, images, milliseconds } = delivery
  const { screen, cloud } = world
  const { outcome } = deploy.outputs
  expect(
    outcome === 'succeeded',
    `${environment.name} to be deployed`,
    `deploy-service ended as ${outcome}: ${deploy.outputs['reason']}`,
  )
  const services = JSON.parse(deploy.outputs['services'] ?? '[]') as { service: string; runningDigest: string }[]
  for (const { name, image } of environment.services) {
    const running = services.find(({ service }) => service === name)?.runningDigest
    const digest = images[image]?.digest
    expect(running === digest, `ECS to run ${digest} for ${name}`, `it reports ${running}`)
  }
  const tasks = cloud.recorder.calls({ since: delivery.since, call: 'ecs:RunTask' }).length
  screen.done(`${environment.name}: ${outcome}; ECS reports the digest, pre-deploy command run ${tasks} ×`, milliseconds)
  for (const { setting, url } of addressesOf(world, environment)) {
    const { version, digest = 'none' } = await ask(`${url}/version`)
    const image = images[setting.image]
    expect(version === image?.tag, `${url}/version to answer ${image?.tag}`, `it answered ${version}`)
    expect(digest === image?.digest, `${url}/version to name ${image?.digest}`, `it named ${digest}`)
    screen.done(`GET ${url}/version: ${version}, ${digest}`)
  }
}

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
