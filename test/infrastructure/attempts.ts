import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs'
import { PutParameterCommand } from '@aws-sdk/client-ssm'
import { deployConditions, trustOf } from '../../local/github/claims.case.ts'
import type { RunningStep, Step } from '../../local/github/step.ts'
import { account, region, until } from '../cloud-world.ts'
import { jobOf, requestToken } from '../faults/identity.ts'
import { quick } from '../faults/stage.ts'
import { establish, green } from './runs.ts'
import { openInfrastructure } from './world.ts'

export type Attempts = Awaited<ReturnType<typeof openAttempts>>

export const RUN = 9
export const services = ['api', 'events'] as const
const SHARED = { cluster: 'shop-dev', service: 'api' }
const role = (name: string) => `arn:aws:iam::${account}:role/shop-dev-${name}`
const trust = {
  Statement: { Effect: 'Allow', Principal: { Service: 'cloudformation.amazonaws.com' }, Action: 'sts:AssumeRole' },
} as const

/** What infrastructure is brought to, in turn. */
export type Goal = { value: string; protect: boolean }
export const goals = [
  { value: 'a', protect: false },
  { value: 'b', protect: true },
] as const satisfies Goal[]

/** One run that changes the same two stacks again and again: attempts of one run inherit its lease. */
export const openAttempts = async (end: (close: () => Promise<void>) => void) => {
  const jobs = ['prepare', 'infra'].map((name) => ({ arn: role(name), trust: trustOf(account, deployConditions) }))
  const world = await openInfrastructure(end, { factor: 200, roles: [{ arn: role('cloudformation'), trust }, ...jobs] })
  await establish(world, services)
  const ecs = new ECSClient(world.config)
  const secrets: string[] = []
  let attempt = 0
  /** The clock runs fast and requests do not: a lease of usual length would not outlast one that hangs. */
  const start = (inputs: Record<string, string>, state?: Record<string, string>): RunningStep => {
    attempt += 1
    const job = jobOf(world.cloud, attempt)
    secrets.push(requestToken(job))
    const limits = { 'request-timeout': '2s', ...(inputs['operation'] === 'execute' && { 'lease-duration': '1h' }) }
    const env = { ...job, ...quick, QUICK: '20', GITHUB_RUN_ID: String(RUN) }
    return world.infra(RUN, { credentials: 'oidc', ...limits, ...inputs }, { env, ...(state && { state }) })
  }
  const assemblies = goals.map(({ value, protect }) => world.assemble({ services, variables: { CHANGE: value }, protect }))
  const preparation = (goal: number) => ({ operation: 'prepare', assembly: assemblies[goal] ?? '' })
  const approvals: string[] = []
  const execution = (goal: number) => ({
    operation: 'execute',
    assembly: assemblies[goal] ?? '',
    approved: approvals[goal] ?? '',
  })
  const prepare = async (goal: number): Promise<void> => {
    approvals[goal] = (await green(start(preparation(goal)))).outputs['approved'] ?? ''
  }
  const bring = async (goal: number): Promise<Step> => green(start(execution(goal)))
  // What leads from one to the other is approved once, both ways.
  await prepare(0)
  await bring(0)
  await prepare(1)
  await bring(1)
  await prepare(0)

  const stackOf = (name: string) => world.stacks.stack(account, region, `shop-dev-service-${name}`)
  const variable = (name: string): unknown => {
    const { Task, Function: code } = Object.fromEntries(stackOf(name)?.resources ?? []) as Record<string, { properties: object }>
    return /"CHANGE","Value":"(\w)"|"CHANGE":"(\w)"/
      .exec(JSON.stringify((Task ?? code)?.properties))
      ?.slice(1)
      .join('')
  }
  return {
    ...world,
    start,
    preparation,
    prepare,
    bring,
    /** What was shown of a goal, coming from the other. */
    shown: (goal: number): string => approvals[goal] ?? '',
    execution,
    secrets: () => [...secrets, ...world.cloud.secrets()],
    /** As a deployment does it, and without telling CloudFormation: `tag` runs and is recorded. */
    deliver: async (tag: string): Promise<void> => {
      const { services: [found] = [] } = await ecs.send(new DescribeServicesCommand({ cluster: 'shop-dev', services: ['api'] }))
      const { taskDefinition: { family, cpu, memory, networkMode, requiresCompatibilities, containerDefinitions = [] } = {} } =
        await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: found?.taskDefinition }))
      const image = world.imageOf(tag)
      const { taskDefinition } = await ecs.send(
        new RegisterTaskDefinitionCommand({
          family,
          cpu,
          memory,
          networkMode,
          requiresCompatibilities,
          containerDefinitions: containerDefinitions.map((each) => ({ ...each, image })),
        }),
      )
      await ecs.send(new UpdateServiceCommand({ ...SHARED, taskDefinition: taskDefinition?.taskDefinitionArn }))
      await world.ssm.send(
        new PutParameterCommand({ Name: '/shop/dev/api/image', Value: image, Type: 'String', Overwrite: true }),
      )
      await until(
        () => ecs.send(new DescribeServicesCommand({ cluster: 'shop-dev', services: ['api'] })),
        ({ services = [] }) =>
          services.every(
            ({ deployments, runningCount, desiredCount }) => deployments?.length === 1 && runningCount === desiredCount,
          ),
      )
    },
    parameterOf: (service: string, key: string): string | undefined =>
      stackOf(service)?.desired?.parameters.find(({ ParameterKey }) => ParameterKey === key)?.ParameterValue,
    /** Once CloudFormation does nothing any more. */
    settled: async () => {
      await until(
        async () => Object.values(world.statuses()),
        (all) => all.every((status) => !status.endsWith('_IN_PROGRESS')),
      )
      const { api, count, running, latest, records } = await world.observe()
      const stacks = services.map((name) => ({
        status: stackOf(name)?.status,
        value: variable(name),
        protect: stackOf(name)?.terminationProtection,
      }))
      return { stacks, api, count, running, latest, records: records.slice(0, 2) }
    },
  }
}

/** Ends a step that does not end by itself, and says so in its log. */
export const bounded = async ({ process, done }: RunningStep, milliseconds: number): Promise<Step> => {
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    process.kill('SIGKILL')
  }, milliseconds)
  const step = await done
  clearTimeout(timer)
  return isLate ? { ...step, log: `${step.log}\nIT DID NOT END\n` } : step
}
