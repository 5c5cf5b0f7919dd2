import { CreateClusterCommand, CreateServiceCommand, RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs'
import { PutParameterCommand } from '@aws-sdk/client-ssm'
import type { Configuration } from '../../lib/delivery/configuration.ts'
import { COST_TAG, environmentNames, roleArn, serviceNames, stackName } from '../../lib/delivery/names.ts'
import type { DeploymentPlan } from '../../lib/delivery/plan.ts'
import { deployJob, tokenRequest } from '../../local/github/claims.case.ts'
import { type RunningStep, startAction } from '../../local/github/step.ts'
import { type PlanOptions, planOf, runUrl } from '../deploy-service.plan.ts'
import { account, openWorld, region, registryAccount, type World } from '../world.ts'
import { openRegistry } from './registry.ts'
import type { SynthesisedRepository, SynthesisedRole } from './synthesised.ts'

const SOURCE = new URL('../../actions/deploy-service/src/main.ts', import.meta.url).pathname

/** The project of the world: one service on ECS, with every name derived. */
export const configuration: Configuration = {
  project: 'shop',
  repository: { owner: 'acme', ownerId: 1, name: 'shop', id: 2 },
  registry: { account: registryAccount, region },
  environments: { dev: { branch: 'dev', account, region, slack: '/shop/dev/slack' } },
  images: { app: { context: 'app' } },
  services: { api: { image: 'app', target: 'ecs', port: 8080 } },
}

const { cluster } = environmentNames('shop', 'dev')
const names = serviceNames('shop', 'dev', 'api')

/** Registry, cluster and service as infrastructure makes them, and the deploy role with what the template gives it. */
export const openDeployWorld = async (
  end: (close: () => Promise<void>) => void,
  role: SynthesisedRole,
  repository: SynthesisedRepository,
): Promise<World> => {
  const images = {
    v1: {},
    v2: {},
    v3: {},
    bad: { exitsWith: 1, exitsAfter: 100, logs: ['no database'] },
    slow: { startsAfter: 600_000 },
  }
  const world = await openWorld(end, { images, roles: [role] })
  await openRegistry(world.cloud, repository)
  for (const tag of ['v1', 'v3']) {
    world.script[world.digests[tag] ?? ''] = (spec) => {
      if (spec.command?.[0] === 'migrate') return { exitsWith: 0, exitsAfter: 100, logs: ['migrated'] }
      return spec.command?.[0] === 'hang' ? { startsAfter: 600_000 } : {}
    }
  }
  await world.ecs.send(new CreateClusterCommand({ clusterName: cluster }))
  const logConfiguration = {
    logDriver: 'awslogs' as const,
    options: { 'awslogs-group': names.logGroup, 'awslogs-region': region, 'awslogs-stream-prefix': 'ecs' },
  }
  const place = { account, region }
  const { taskDefinition } = await world.ecs.send(
    new RegisterTaskDefinitionCommand({
      family: names.family,
      cpu: '256',
      memory: '512',
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      taskRoleArn: roleArn(place, names.taskRole),
      executionRoleArn: roleArn(place, names.executionRole),
      containerDefinitions: [{ name: names.container, image: world.imageOf('v1'), essential: true, logConfiguration }],
      tags: [{ key: COST_TAG, value: 'dev' }],
    }),
  )
  await world.ecs.send(
    new CreateServiceCommand({
      cluster,
      serviceName: names.service,
      taskDefinition: taskDefinition?.taskDefinitionArn ?? '',
      desiredCount: 0,
      capacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1 }],
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
    }),
  )
  await world.ssm.send(new PutParameterCommand({ Name: '/shop/dev/slack', Value: 'https://127.0.0.1:9/x', Type: 'SecureString' }))
  return world
}

/** A plan for that service. */
export const derivedPlan = (tag: string, { services, ...over }: PlanOptions & { preDeploy?: string[] } = {}): DeploymentPlan => {
  const { preDeploy, ...rest } = over
  const service = { name: 'api', ...(preDeploy && { preDeploy }) }
  const plan = planOf(tag, { services: services ?? [service], ...rest })
  const place = { cluster, service: names.service, container: names.container, stack: stackName('shop', 'dev', 'service-api') }
  return {
    ...plan,
    slack: '/shop/dev/slack',
    services: plan.services.map((each) => ({ ...each, ...place })) as typeof plan.services,
  }
}

/** As the job of `_deploy.yml` on dev: a token of GitHub's, and no other credential. */
export const startAsJob = (world: World, plan: DeploymentPlan, run: number, more: Record<string, string> = {}): RunningStep =>
  startAction(
    'deploy-service',
    { plan: JSON.stringify(plan), 'poll-interval': '500ms', ...more },
    {
      entry: SOURCE,
      env: {
        ...world.env,
        ...tokenRequest(world.cloud.issuer, deployJob),
        GITHUB_RUN_ID: String(run),
        GITHUB_REPOSITORY: 'acme/shop',
        GITHUB_ACTOR: 'mona',
        GITHUB_SERVER_URL: new URL(runUrl(run)).origin,
      },
    },
  )
