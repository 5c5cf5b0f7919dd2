import { answeringIn } from './answers.ts'
import type { Delivery } from './delivery.ts'
import { expect } from './deviation.ts'
import type { EnvironmentSetting } from './setting.ts'
import type { World } from './world.ts'

/** The services of an environment and their images, in the order of the targets. */
export const servicesOf = ({ services, functions, hosts }: EnvironmentSetting) => {
  const named = [
    ...services.map(({ name, image }) => ({ name, image, target: 'ECS' })),
    ...functions.map(({ service, image }) => ({ name: service, image, target: 'Lambda' })),
    ...hosts.map(({ service, image }) => ({ name: service, image, target: 'EC2' })),
  ]
  return named.filter(({ name }, index) => named.findIndex((other) => other.name === name) === index)
}

/** Digest that each service runs, as the deployment saw it, by the service's name. */
export const runningIn = ({ deploy }: Delivery): Map<string, string> => {
  const services = JSON.parse(deploy.outputs['services'] ?? '[]') as { service: string; runningDigest?: string }[]
  return new Map(services.map(({ service, runningDigest = 'unknown' }) => [service, runningDigest]))
}

/** That it is green, that each platform reports its digest, and that each service says so itself. */
export const prove = async (world: World, delivery: Delivery): Promise<void> => {
  const { environment, deploy, images, milliseconds } = delivery
  const { screen, cloud } = world
  const { outcome } = deploy.outputs
  expect(
    outcome === 'succeeded',
    `${environment.name} to be deployed`,
    `deploy-service ended as ${outcome}: ${deploy.outputs['reason']}`,
  )
  const running = runningIn(delivery)
  for (const { name, image, target } of servicesOf(environment)) {
    const digest = images[image]?.digest
    expect(running.get(name) === digest, `${target} to run ${digest} for ${name}`, `it reports ${running.get(name)}`)
  }
  const tasks = cloud.recorder.calls({ since: delivery.since, call: 'ecs:RunTask' }).length
  screen.done(
    `${environment.name}: ${outcome}; every platform reports the digest, pre-deploy command run ${tasks} ×`,
    milliseconds,
  )
  for (const { question, image, ask } of answeringIn(world, environment)) {
    const { version, digest } = await ask()
    const wanted = images[image]
    expect(version === wanted?.tag, `${question} to answer ${wanted?.tag}`, `it answered ${version}`)
    expect(digest === undefined || digest === wanted?.digest, `${question} to name ${wanted?.digest}`, `it named ${digest}`)
    screen.done(`${question}: ${version}${digest === undefined ? '' : `, ${digest}`}`)
  }
}
