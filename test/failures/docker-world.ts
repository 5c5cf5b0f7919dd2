import { execFileSync } from 'node:child_process'
import {
  type ContainerDefinition,
  CreateClusterCommand,
  CreateServiceCommand,
  type CreateServiceCommandInput,
  DescribeServicesCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  type Service,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs'
import { GetParametersByPathCommand, SSMClient } from '@aws-sdk/client-ssm'
import { type EcsService, ecsService } from '../../local/aws/ecs/service.ts'
import { type Cloud, startCloud } from '../../local/cloud.ts'
import { dockerRuntime } from '../../local/containers/docker.ts'
import { runAction, startAction } from '../../local/github/step.ts'
import { scaledTime } from '../../local/time.ts'
import { account, region, registryAccount, repository } from '../world.ts'
import { eventually } from './eventually.ts'
import { losingStore } from './losing-store.ts'
import { programs, type Variant } from './programs.ts'
import { pushVariants } from './variants.ts'

/** Nominal seconds in a real one: containers are real and take their time, the engine around them waits less. */
const FACTOR = 4

export type DockerWorld = Awaited<ReturnType<typeof startDockerWorld>>

/** The world of the deployments, on the Docker engine of `process.env`: real images in a registry, real containers, real causes. */
export const startDockerWorld = async () => {
  const time = scaledTime(FACTOR)
  const store = losingStore()
  let engine: EcsService | undefined
  const Action = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer', 'ecr:PutImage']
  const policy = { Statement: { Effect: 'Allow' as const, Principal: { AWS: `arn:aws:iam::${account}:root` }, Action } }
  const cloud: Cloud = await startCloud({
    time,
    logDelay: 0,
    store,
    scenario: {
      accounts: [registryAccount, account],
      roles: [],
      repositories: [{ account: registryAccount, region, name: 'shop/app', tagMutability: 'IMMUTABLE', policy }],
    },
    services: (core) => {
      engine = ecsService({ ...core, runtime: dockerRuntime(time) })
      return [engine]
    },
  })
  const close = async (): Promise<void> => {
    await engine?.stopAll()
    await cloud.close()
  }
  const pushed = await pushVariants(cloud, registryAccount, region, programs).catch(async (error: unknown) => {
    await close()
    throw error
  })
  const digests: Record<string, string> = { ...pushed, absent: `sha256:${'0'.repeat(64)}` }
  const credentials = cloud.adminKey(account)
  const config = { endpoint: cloud.endpoint, region, credentials }
  const [ecs, ssm] = [new ECSClient(config), new SSMClient(config)]
  await ecs.send(new CreateClusterCommand({ clusterName: 'shop' }))
  const env = {
    AWS_ENDPOINT_URL: cloud.endpoint,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  }

  const register = async (family: string, variant: Variant, more: Partial<ContainerDefinition> = {}): Promise<string> => {
    const options = { 'awslogs-group': `/shop/${family}`, 'awslogs-region': region, 'awslogs-stream-prefix': 'ecs' }
    const app: ContainerDefinition = {
      name: 'app',
      image: `${repository}@${digests[variant]}`,
      portMappings: [{ containerPort: 8080 }],
      logConfiguration: { logDriver: 'awslogs', options },
      ...more,
    }
    const command = new RegisterTaskDefinitionCommand({
      family,
      cpu: '256',
      memory: '512',
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      containerDefinitions: [app],
    })
    return (await ecs.send(command)).taskDefinition?.taskDefinitionArn ?? ''
  }
  const service = async (name: string): Promise<Service> =>
    (await ecs.send(new DescribeServicesCommand({ cluster: 'shop', services: [name] }))).services?.[0] as Service

  const inputs = (name: string, variant: Variant, more: Record<string, string>, planned: object): Record<string, string> => ({
    credentials: 'ambient',
    'poll-interval': '500ms',
    ...more,
    plan: JSON.stringify({
      version: 1,
      project: name,
      environment: 'dev',
      account,
      region,
      role: 'r',
      branch: 'dev',
      kind: 'first',
      release: { commit: 'c'.repeat(40), images: { app: { repository, tag: 'src-2', digest: digests[variant] } } },
      services: [
        {
          target: 'ecs',
          name,
          image: 'app',
          dependsOn: [],
          cluster: 'shop',
          service: name,
          container: 'app',
          count: 1,
          ...planned,
        },
      ],
    }),
  })

  return {
    cloud,
    ecs,
    digests,
    service,
    /** The next image of that name can be read so many times, and is then gone from the registry. */
    loseAfter: (variant: Variant, reads: number) => store.loseAfter(digests[variant] ?? '', reads),
    /** A service of one task that runs `variant`, and is done with its first deployment. */
    createService: async (
      name: string,
      variant: Variant,
      details: Partial<CreateServiceCommandInput> = {},
      definition: Partial<ContainerDefinition> = {},
    ): Promise<void> => {
      const command = new CreateServiceCommand({
        cluster: 'shop',
        serviceName: name,
        taskDefinition: await register(name, variant, definition),
        desiredCount: 1,
        networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
        deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
        ...details,
      })
      await ecs.send(command)
      await eventually(
        () => service(name),
        ({ deployments = [], desiredCount = 0 }) => desiredCount === 0 || deployments[0]?.rolloutState === 'COMPLETED',
      )
    },
    /** Puts another revision into a service, as somebody else would. */
    deployElsewhere: async (name: string, variant: Variant): Promise<void> => {
      const taskDefinition = await register(`${name}-elsewhere`, variant)
      await ecs.send(new UpdateServiceCommand({ cluster: 'shop', service: name, taskDefinition }))
    },
    /** By plan, each service in a project of its own: what is recorded is of this deployment alone. */
    deploy: (name: string, variant: Variant, more: Record<string, string> = {}, planned: object = {}) =>
      runAction('deploy-service', inputs(name, variant, more, planned), { env }),
    startDeploy: (name: string, variant: Variant, more: Record<string, string> = {}, planned: object = {}) =>
      startAction('deploy-service', inputs(name, variant, more, planned), { env }),
    /** What is on record of a service's project, and how a lease is kept is nobody's business here. */
    records: async (name: string): Promise<string[]> => {
      const { Parameters = [] } = await ssm.send(new GetParametersByPathCommand({ Path: `/${name}`, Recursive: true }))
      return Parameters.flatMap(({ Name = '' }) => (Name.endsWith('/lock') ? [] : [Name])).toSorted()
    },
    /** Digests that ECS says are running, and what really answers on the service's port. */
    running: async (name: string) => {
      const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster: 'shop', serviceName: name }))
      const { tasks = [] } =
        taskArns.length === 0 ? {} : await ecs.send(new DescribeTasksCommand({ cluster: 'shop', tasks: taskArns }))
      const url = engine?.address(account, region, 'shop', name, 8080)
      return {
        digests: tasks.flatMap(({ containers = [] }) => containers.map(({ imageDigest = '' }) => imageDigest)),
        answer: await fetch(url ?? '').then((answer) => answer.text()),
      }
    },
    /** Containers of a service that the Docker engine runs at this moment. */
    containers: (name: string): number =>
      execFileSync('docker', ['ps', '--quiet', '--filter', `label=com.amazonaws.ecs.task-definition-family=${name}`])
        .toString()
        .split('\n')
        .filter(Boolean).length,
    close,
  }
}
