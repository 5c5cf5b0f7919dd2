import {
  DescribeServiceRevisionsCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ListServiceDeploymentsCommand,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  type Service,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs'
import type { ScriptedContainer } from '../../local/containers/scripted.ts'
import { region, startWorld, until, type World } from '../world.ts'
import type { Nature, OpenTarget, ServiceState } from './world.ts'

const CLUSTER = 'shop'
const CONTAINER_SECRET = 'container-s3cr3t-in-plain-sight'
const LOG_SECRET = 'log-driver-s3cr3t-in-plain-sight'

const NATURES: Record<Nature, ScriptedContainer> = {
  works: {},
  crashes: { exitsWith: 3, exitsAfter: 200, logs: ['Error: no database'] },
  unhealthy: { neverHealthy: true, logs: ['waiting for the database'] },
  gone: { failsToPull: 'failed to resolve reference: not found' },
  slow: { startsAfter: 600_000 },
}

const CHECKS = {
  portMappings: [{ containerPort: 8080 }],
  healthCheck: { command: ['CMD-SHELL', 'true'], interval: 5, retries: 2, timeout: 2 },
}

/** ECS services of two Fargate tasks each; the command of their container is the name of the service. */
export const openEcs: OpenTarget = async ({ checked, limit: _, ...options }) => {
  const world = await startWorld({ images: { v1: {}, v2: {}, v3: {} }, logDelay: 0, ...options })
  const natures = new Map<string, Nature>()
  const versions: Record<string, string> = { v1: 'src-1', v2: 'src-2', v3: 'src-3' }
  for (const [tag, digest] of Object.entries(world.digests)) {
    world.script[digest] = ({ command }) => {
      if (command?.[0] === 'migrate') return { exitsWith: 0, exitsAfter: 100, logs: ['migrated'] }
      const acts = NATURES[natures.get(`${tag} ${command?.[0]}`) ?? natures.get(tag) ?? 'works']
      return checked ? { ...acts, answers: { '/version': JSON.stringify({ version: versions[tag] }) } } : acts
    }
  }
  const definition = (name: string) => ({
    command: [name],
    environment: [{ name: 'PASSWORD', value: CONTAINER_SECRET }],
    logConfiguration: {
      logDriver: 'awslogs' as const,
      options: {
        'awslogs-group': `/shop/${name}`,
        'awslogs-region': region,
        'awslogs-stream-prefix': 'ecs',
        'splunk-token': LOG_SECRET,
      },
    },
    ...(checked && CHECKS),
  })

  return {
    ...world,
    preDeploy: true,
    createService: async (name, tag, count) => {
      await world.createService(name, tag, count === undefined ? {} : { desiredCount: count }, definition(name))
    },
    act: (tag, nature, service) => natures.set(service === undefined ? tag : `${tag} ${service}`, nature),
    answerAs: (tag, version) => {
      versions[tag] = version
    },
    inputs: (name, tag) => ({ cluster: CLUSTER, service: name, image: world.imageOf(tag) }),
    planned: (name) => ({
      target: 'ecs',
      cluster: CLUSTER,
      service: name,
      container: 'app',
      count: 2,
      stack: `shop-dev-service-${name}`,
      ...(checked && { smokeUrl: `${world.address(name)}/version` }),
    }),
    deployElsewhere: async (name, tag) => {
      const { taskDefinition: { family: _, revision: __, ...current } = {} } = await world.ecs.send(
        new DescribeTaskDefinitionCommand({ taskDefinition: name }),
      )
      const [app = {}] = current.containerDefinitions ?? []
      const register = new RegisterTaskDefinitionCommand({
        family: `${name}-elsewhere`,
        cpu: '256',
        memory: '512',
        networkMode: 'awsvpc',
        requiresCompatibilities: ['FARGATE'],
        containerDefinitions: [{ ...app, image: world.imageOf(tag) }],
      })
      const revision = (await world.ecs.send(register)).taskDefinition?.taskDefinitionArn ?? ''
      await world.ecs.send(new UpdateServiceCommand({ cluster: CLUSTER, service: name, taskDefinition: revision }))
    },
    underWay: (running) => running.printed('new: 0 of 2 running, 2 pending'),
    observe: (name) => stateOf(world, name),
    proof: { changes: /^ecs:UpdateService$/, reads: /^ecs:DescribeTasks$/ },
    planted: () => [CONTAINER_SECRET, LOG_SECRET],
  }
}

const hasSettled = ({ deployments = [], desiredCount, runningCount }: Service): boolean =>
  runningCount === desiredCount &&
  (deployments.length === 1 || deployments[0]?.rolloutState === 'FAILED') &&
  deployments[0]?.rolloutState !== 'IN_PROGRESS'

const stateOf = async (world: World, name: string): Promise<ServiceState> => {
  const service = await until(() => world.service(name), hasSettled)
  const tasksOf = async (by: { serviceName?: string; startedBy?: string }): Promise<string[]> =>
    (await world.ecs.send(new ListTasksCommand({ cluster: CLUSTER, ...by }))).taskArns ?? []
  const arns = await tasksOf({ serviceName: name })
  const { tasks = [] } =
    arns.length === 0 ? {} : await world.ecs.send(new DescribeTasksCommand({ cluster: CLUSTER, tasks: arns }))
  const { taskDefinition } = await world.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: name }))
  return {
    copies: service.desiredCount ?? 0,
    running: tasks.flatMap(({ containers = [] }) => containers.map(({ imageDigest = '' }) => imageDigest)),
    started: await startedOf(world, name),
    revisions: (taskDefinition?.revision ?? 1) - 1,
    orphans: (await tasksOf({ startedBy: `slipway-pre-deploy/${name}` })).length,
    rest: {
      revision: service.taskDefinition?.split('/').at(-1) ?? '',
      rollout: service.deployments?.[0]?.rolloutState ?? '',
    },
  }
}

const startedOf = async (world: World, name: string): Promise<number> => {
  const list = new ListServiceDeploymentsCommand({ cluster: CLUSTER, service: name })
  const { serviceDeployments = [] } = await world.ecs.send(list)
  const arns = serviceDeployments.flatMap(({ targetServiceRevisionArn }) => targetServiceRevisionArn ?? [])
  const { serviceRevisions = [] } = await world.ecs.send(new DescribeServiceRevisionsCommand({ serviceRevisionArns: arns }))
  return serviceRevisions.filter(({ taskDefinition }) => !taskDefinition?.endsWith(`${name}:1`)).length
}
