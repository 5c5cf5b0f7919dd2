import type * as sdk from '@aws-sdk/client-ecs'
import { type Script, scriptedRuntime } from '../../containers/scripted.ts'
import { scaledTime } from '../../time.ts'
import type { Call, Operation } from '../service.ts'
import type { Wire } from './model.ts'
import type { Pace } from './pace.ts'
import { ecsService } from './service.ts'

type Shapes = {
  CreateCluster: [sdk.CreateClusterCommandInput, sdk.CreateClusterCommandOutput]
  RegisterTaskDefinition: [sdk.RegisterTaskDefinitionCommandInput, sdk.RegisterTaskDefinitionCommandOutput]
  DescribeTaskDefinition: [sdk.DescribeTaskDefinitionCommandInput, sdk.DescribeTaskDefinitionCommandOutput]
  DeregisterTaskDefinition: [sdk.DeregisterTaskDefinitionCommandInput, sdk.DeregisterTaskDefinitionCommandOutput]
  ListTaskDefinitions: [sdk.ListTaskDefinitionsCommandInput, sdk.ListTaskDefinitionsCommandOutput]
  CreateService: [sdk.CreateServiceCommandInput, sdk.CreateServiceCommandOutput]
  UpdateService: [sdk.UpdateServiceCommandInput, sdk.UpdateServiceCommandOutput]
  DescribeServices: [sdk.DescribeServicesCommandInput, sdk.DescribeServicesCommandOutput]
  DeleteService: [sdk.DeleteServiceCommandInput, sdk.DeleteServiceCommandOutput]
  ListTasks: [sdk.ListTasksCommandInput, sdk.ListTasksCommandOutput]
  DescribeTasks: [sdk.DescribeTasksCommandInput, sdk.DescribeTasksCommandOutput]
  RunTask: [sdk.RunTaskCommandInput, sdk.RunTaskCommandOutput]
  StopTask: [sdk.StopTaskCommandInput, sdk.StopTaskCommandOutput]
  ListServiceDeployments: [sdk.ListServiceDeploymentsCommandInput, sdk.ListServiceDeploymentsCommandOutput]
  DescribeServiceDeployments: [sdk.DescribeServiceDeploymentsCommandInput, sdk.DescribeServiceDeploymentsCommandOutput]
  DescribeServiceRevisions: [sdk.DescribeServiceRevisionsCommandInput, sdk.DescribeServiceRevisionsCommandOutput]
  StopServiceDeployment: [sdk.StopServiceDeploymentCommandInput, sdk.StopServiceDeploymentCommandOutput]
}

export const account = '222222222222'
export const region = 'eu-west-1'

export const call = (operation: string): Call => ({
  service: 'ecs',
  operation,
  region,
  principal: { account, arn: `arn:aws:iam::${account}:root`, accessKeyId: 'AKIA' },
})

/** Digest of the image that a test names `v1`. */
export const digestOf = (version: string): string => `sha256:${Buffer.from(version).toString('hex').padEnd(64, '0')}`

export const imageOf = (version: string): string => `111111111111.dkr.ecr.eu-west-1.amazonaws.com/app@${digestOf(version)}`

const network = { awsvpcConfiguration: { subnets: ['subnet-1'] } }

/** An engine whose containers act by `versions`, an image tag of `tags` being one of them, and words for what its tests do. */
export const startEcs = (
  versions: Script,
  {
    factor = 100,
    pace = {} as Partial<Pace>,
    parameters = {} as Record<string, string>,
    healthPaths = {} as Record<string, string>,
    tags = {} as Record<string, string>,
  } = {},
) => {
  const time = scaledTime(factor)
  const script = Object.fromEntries(Object.entries(versions).map(([version, acts]) => [digestOf(version), acts]))
  const lines: { group: string; stream: string; message: string }[] = []
  const ecs = ecsService({
    time,
    pace,
    healthPaths,
    runtime: scriptedRuntime(script, time),
    images: {
      locate: async (image) => {
        const digest = image.split('@')[1] ?? digestOf(tags[image.split(':')[1] ?? ''] ?? '')
        if (!Object.hasOwn(script, digest))
          throw new Error(`pull image manifest has been retried 1 time(s): failed to resolve ref ${image}: not found`)
        return { reference: image, digest, credentials: { username: 'AWS', password: 'token' } }
      },
    },
    logs: { write: ({ group, stream }, message) => lines.push({ group, stream, message }) },
    secrets: async (_, valueFrom) => {
      const value = parameters[valueFrom]
      if (value === undefined) throw new Error('ParameterNotFound')
      return value
    },
  })

  const ask = async <K extends keyof Shapes>(operation: K, input: Wire<Shapes[K][0]>): Promise<Wire<Shapes[K][1]>> => {
    const found = ecs.operations[operation] as Operation<unknown> | undefined
    return (await found?.run(input, call(operation))) as Wire<Shapes[K][1]>
  }

  const register = async (version: string, container: Partial<sdk.ContainerDefinition> = {}) => {
    const { taskDefinition } = await ask('RegisterTaskDefinition', {
      family: 'app',
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      cpu: '256',
      memory: '512',
      containerDefinitions: [{ name: 'app', image: imageOf(version), portMappings: [{ containerPort: 8080 }], ...container }],
    })
    return taskDefinition?.taskDefinitionArn ?? ''
  }

  const service = async () => {
    const { services } = await ask('DescribeServices', { services: ['api'] })
    const [found] = services ?? []
    if (!found) throw new Error('no service')
    return found
  }

  const serviceDeployment = async (arn?: string) => {
    const asked = arn ?? (await service()).currentServiceDeployment ?? ''
    const { serviceDeployments } = await ask('DescribeServiceDeployments', { serviceDeploymentArns: [asked] })
    const [found] = serviceDeployments ?? []
    if (!found) throw new Error('no service deployment')
    return found
  }

  /** Waits until what is read satisfies the condition; fails after ten real seconds. */
  const until = async <T>(read: () => Promise<T>, isMet: (value: T) => boolean): Promise<T> => {
    const deadline = Date.now() + 10_000
    for (;;) {
      const value = await read()
      if (isMet(value)) return value
      if (Date.now() > deadline) throw new Error(`still ${JSON.stringify(value, undefined, 1)}`)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }

  const create = async (version: string, input: Partial<Wire<sdk.CreateServiceCommandInput>> = {}, container = {}) => {
    await ask('CreateCluster', {})
    const taskDefinition = await register(version, container)
    return ask('CreateService', { serviceName: 'api', taskDefinition, desiredCount: 2, networkConfiguration: network, ...input })
  }

  const tasks = async (desiredStatus: 'RUNNING' | 'STOPPED') => {
    const { taskArns = [] } = await ask('ListTasks', { serviceName: 'api', desiredStatus })
    if (taskArns.length === 0) return []
    return (await ask('DescribeTasks', { tasks: taskArns })).tasks ?? []
  }

  return {
    ...ecs,
    ask,
    time,
    lines,
    register,
    create,
    service,
    serviceDeployment,
    tasks,
    until,
    network,
    update: async (version: string, container = {}) =>
      ask('UpdateService', { service: 'api', taskDefinition: await register(version, container) }),
    ended: (arn?: string) =>
      until(
        () => serviceDeployment(arn),
        ({ status = '' }) => !status.includes('PROGRESS') && !status.includes('REQUESTED') && status !== 'PENDING',
      ),
    messages: async () => ((await service()).events ?? []).map(({ message = '' }) => message).toReversed(),
  }
}

export type Ecs = ReturnType<typeof startEcs>
