import { setTimeout as wait } from 'node:timers/promises'
import {
  type CreateServiceCommandInput,
  DescribeServiceDeploymentsCommand,
  DescribeServicesCommand,
  ListServiceDeploymentsCommand,
  type Service,
  type ServiceDeployment,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs'
import type { ScriptedContainer } from '../local/containers/scripted.ts'
import type { Line, RunningStep } from '../local/github/step.ts'
import { startWorld, type World } from '../test/world.ts'
import { bundleOf } from './bundles.ts'
import { spread } from './distribution.ts'
import type { Options } from './figure.ts'
import { atDistance } from './latency.ts'

/** The longest pause of deploy-service between two looks, as its defaults have it. */
const LONGEST_PAUSE = 2_800
const PATIENCE = 60_000

/** One deployment to watch. */
export type Case = {
  name: string
  index: number
  /** Milliseconds by which this run is shifted against the pauses of the action, spread evenly over all runs. */
  phase: number
  /** Every third happens after half a minute without news, when the action looks less often. */
  calm: boolean
}

export type Running = Case & { world: World; step: RunningStep; started: Line; deployment: string }

export type Scene<T> = {
  /** What the new image does. */
  image(which: Case): ScriptedContainer
  /** What the image does that runs before. */
  before?: ScriptedContainer
  service?: (which: Case) => Partial<CreateServiceCommandInput>
  /** Further keys of the container definition. */
  container?: (which: Case) => object
  inputs?: Record<string, string>
  /** Milliseconds that the network adds, where it is not as the user says. */
  latency?: number
  /** Called when the service stands and the step has not been started. */
  ready?: (world: World) => void
  see(running: Running): Promise<T>
}

export const cases = (runs: number): Case[] =>
  Array.from({ length: runs }, (_, index) => ({
    name: `api-${index}`,
    index,
    phase: Math.round(spread(index, runs, LONGEST_PAUSE)),
    calm: index % 3 === 2,
  }))

/**
 * Deploys a service of its own for every run, in one world at time factor 1, with the default inputs of the action; what
 * `see` resolves to is collected. The steps are killed when everything has been seen.
 */
export const watchDeployments = async <T>({ runs, latency, place }: Options, scene: Scene<T>): Promise<T[]> => {
  const all = cases(runs)
  const images = Object.fromEntries(all.map((each) => [`new-${each.index}`, scene.image(each)]))
  const world = await startWorld({ factor: 1, images: { before: scene.before ?? {}, ...images } })
  const distance = await atDistance(world.cloud.endpoint, scene.latency ?? latency)
  const watch = async (which: Case): Promise<T> => {
    await prepare(world, which, scene)
    scene.ready?.(world)
    const step = startStep(world, distance.url, which, scene)
    step.done.catch(() => undefined)
    try {
      const started = await step.printed(/started ecs-svc\/\d+/)
      const [deployment = ''] = /ecs-svc\/\d+/.exec(started.text) ?? []
      return await scene.see({ ...which, world, step, started, deployment })
    } finally {
      step.process.kill('SIGKILL')
      await step.done
    }
  }
  try {
    return await Promise.all(all.map((which) => place(() => watch(which))))
  } finally {
    await distance.close()
    await world.close()
  }
}

const startStep = (world: World, endpoint: string, { name, index }: Case, { inputs = {} }: Scene<unknown>): RunningStep =>
  world.startDeploy(
    { ...world.inputs(name, `new-${index}`), 'poll-interval': '', ...inputs },
    { entry: bundleOf('deploy-service'), env: { AWS_ENDPOINT_URL: endpoint } },
  )

/** Asks seldom: many worlds wait in one process. */
export const eventually = async <T>(ask: () => Promise<T>, right: (answer: T) => boolean, patience = PATIENCE): Promise<T> => {
  const deadline = Date.now() + patience
  for (;;) {
    const answer = await ask()
    if (right(answer)) return answer
    if (Date.now() > deadline) throw new Error(`not reached within ${patience / 1000} s: ${JSON.stringify(answer).slice(0, 500)}`)
    await wait(400)
  }
}

/** A service whose first deployment is completed and whose tasks run. */
const prepare = async (world: World, which: Case, { service, container }: Scene<unknown>): Promise<void> => {
  const { desiredCount = 1, ...details } = service?.(which) ?? {}
  const { name } = which
  await world.createService(name, 'before', { ...details, desiredCount: 0 }, container?.(which))
  const now = () => world.service(name)
  await eventually(now, ({ deployments = [] }) => deployments[0]?.rolloutState === 'COMPLETED')
  await world.ecs.send(new UpdateServiceCommand({ cluster: 'shop', service: name, desiredCount }))
  await eventually(now, ({ runningCount, pendingCount }) => runningCount === desiredCount && pendingCount === 0)
}

/** The engine's own account of the deployment that the step started. */
export const serviceDeployment = async ({ world, name, deployment }: Running): Promise<ServiceDeployment> => {
  const list = await world.ecs.send(new ListServiceDeploymentsCommand({ cluster: 'shop', service: name }))
  const number = deployment.replace('ecs-svc/', '')
  const brief = list.serviceDeployments?.find((each) => each.targetServiceRevisionArn?.endsWith(`/${number}`))
  if (!brief?.serviceDeploymentArn) throw new Error(`the engine knows no service deployment of ${deployment}`)
  const command = new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [brief.serviceDeploymentArn] })
  const [found] = (await world.ecs.send(command)).serviceDeployments ?? []
  return found as ServiceDeployment
}

export const primaryDeployment = async ({ world, name }: Running): Promise<NonNullable<Service['deployments']>[number]> => {
  const { services = [] } = await world.ecs.send(new DescribeServicesCommand({ cluster: 'shop', services: [name] }))
  const found = services[0]?.deployments?.find(({ status }) => status === 'PRIMARY')
  if (!found) throw new Error(`${name} has no primary deployment`)
  return found
}

/** Milliseconds since the epoch of a moment that the engine names. */
export const moment = (date: Date | undefined, what: string): number => {
  if (date === undefined) throw new Error(`the engine names no time for ${what}`)
  return date.getTime()
}
