import { isChange } from '../aws/recorder.ts'
import type { Step } from '../github/step.ts'
import { expect } from './deviation.ts'
import { createInfrastructure } from './infrastructure.ts'
import { runJob } from './job.ts'
import type { EnvironmentSetting } from './setting.ts'
import type { World } from './world.ts'

/** One push to one environment's branch, and all that was measured of it. */
export type Delivery = {
  environment: EnvironmentSetting
  commit: string
  /** By name of the image. */
  images: Record<string, { tag: string; digest: string }>
  deploy: Step
  /** From the push to the end of the deployment. */
  milliseconds: number
  /** Arguments of each docker process that the jobs started. */
  dockerCalls: string[]
  /** Calls by which the plan looked for images. */
  registryReads: number
  /** Position in the recorder before it began. */
  since: number
  /** Deploys the same once more. */
  again(): Promise<Step>
}

/** `build`: the inputs of the action that builds it, as the plan has them for the workflow. */
type PlannedImage = { name: string; repository: string; tag: string; digest?: string; build: Record<string, string> }

type Push = { branch: string; commit: string; run: number }

const plan = async (world: World, push: Push): Promise<Step> => {
  const step = await runJob(world, { ...push, action: 'plan-delivery', workflow: '_plan.yml', inputs: {} })
  expect(step.outputs['outcome'] === 'planned', `a plan for ${push.branch}`, `plan-delivery ended as ${step.outputs['outcome']}`)
  world.screen.done(`planned: ${step.outputs['environment']}, ${step.outputs['kind']}`, step.milliseconds)
  return step
}

const build = async (world: World, push: Push, image: PlannedImage): Promise<string> => {
  const { environment } = world.setting.build
  const inputs = { ...image.build, 'build-secrets': world.secrets.map(({ id, path }) => `${id}=${path}`).join('\n') }
  const step = await runJob(world, { ...push, action: 'build-push-image', workflow: '_build.yml', environment, inputs })
  const { digest = '', tag, result } = step.outputs
  expect(step.exitCode === 0 && digest !== '', `${image.name} to be built`, 'build-push-image failed')
  expect(tag === image.tag, `the content tag of the plan, ${image.tag}`, `build-push-image answered ${tag}`)
  world.screen.done(`${result}: ${digest}`, step.milliseconds)
  return digest
}

let runs = 0
const made = new Set<string>()

const groundOf = (world: World): Parameters<typeof createInfrastructure>[0] => ({
  ...world,
  makeHost: (environment, host) => world.hosts.make(world, world.setting.registry, environment, host),
})

const infrastructureIn = ({ services, functions, hosts }: EnvironmentSetting): string =>
  [
    services.length > 0 ? 'a cluster and a service of 0 tasks' : [],
    functions.length > 0 ? 'a function without an alias' : [],
    hosts.length > 0 ? 'a host with a proxy and nothing behind it' : [],
  ]
    .flat()
    .join(', ')

/** Delivers a commit of a branch as the workflows do: plan, build what is missing, deploy. Does not judge how the deployment ends. */
export const deliver = async (world: World, environment: EnvironmentSetting, commit: string): Promise<Delivery> => {
  const { screen, cloud, docker } = world
  const push = { branch: environment.branch, commit, run: ++runs }
  const [since, dockerBefore, begun] = [cloud.recorder.mark(), (await docker.calls()).length, performance.now()]
  const planned = await plan(world, push)
  const registryReads = cloud.recorder.calls({ since, call: 'ecr' }).length
  const images: Delivery['images'] = {}
  const digests: Record<string, string> = {}
  const wanted = JSON.parse(planned.outputs['images'] ?? '[]') as PlannedImage[]
  for (const image of wanted) {
    const digest = image.digest ?? (await build(world, push, image))
    if (image.digest === undefined) digests[image.name] = digest
    images[image.name] = { tag: image.tag, digest }
  }
  if (!made.has(environment.name)) {
    made.add(environment.name)
    const referenceOf = (name: string) => `${wanted.find((image) => image.name === name)?.repository}@${images[name]?.digest}`
    await screen.timed(
      () => createInfrastructure(groundOf(world), environment, referenceOf),
      () => `in the place of infrastructure in ${environment.account}: ${infrastructureIn(environment)}`,
    )
  }
  const inputs = {
    // As often as the quicker time of the local cloud asks for.
    'poll-interval': '1s',
    plan: planned.outputs['plan'] ?? '',
    ...(Object.keys(digests).length > 0 && { digests: JSON.stringify(digests) }),
  }
  const deploy = () =>
    runJob(world, { ...push, action: 'deploy-service', workflow: '_deploy.yml', environment: environment.name, inputs })
  const step = await deploy()
  const milliseconds = performance.now() - begun
  const dockerCalls = (await docker.calls()).slice(dockerBefore)
  return { environment, commit, images, deploy: step, milliseconds, dockerCalls, registryReads, since, again: deploy }
}

/**
 * Calls by which jobs changed something in AWS since a mark; reading, becoming a role, asking a host, and what was refused are
 * none, nor is taking the lease of an environment and giving it back.
 */
export const writes = ({ cloud }: World, since: number): string[] =>
  cloud.recorder
    .calls({ since })
    .filter(({ role, outcome }) => role !== undefined && outcome === 'ok')
    .filter(isChange)
    .filter(({ authorizations }) => !authorizations.every(({ resource }) => resource.endsWith('/lock')))
    .map(({ service, operation }) => `${service}:${operation}`)
