import {
  CreateClusterCommand,
  CreateServiceCommand,
  type CreateServiceCommandInput,
  DescribeServicesCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  type Service,
} from '@aws-sdk/client-ecs'
import { SSMClient } from '@aws-sdk/client-ssm'
import { placementFailures } from '../local/aws/ecs/placement.ts'
import { ecsService } from '../local/aws/ecs/service.ts'
import type { Fault } from '../local/aws/faults.ts'
import { type Cloud, startCloud } from '../local/cloud.ts'
import { type Script, type ScriptedContainer, scriptedRuntime } from '../local/containers/scripted.ts'
import { memoryGit } from '../local/github/api/memory-git.ts'
import { runAction, type StepOptions, startAction } from '../local/github/step.ts'
import type { ScenarioRole } from '../local/scenario.ts'
import { scaledTime } from '../local/time.ts'
import { putImage } from './images.ts'

export const registryAccount = '111111111111'
export const account = '222222222222'
export const region = 'eu-west-1'
export const repository = `${registryAccount}.dkr.ecr.${region}.amazonaws.com/shop/app`

export type World = Awaited<ReturnType<typeof startWorld>>

export type WorldOptions = {
  /** Nominal seconds that pass in one real second. */
  factor?: number
  /** What each image does when a container runs it, by its tag. */
  images?: Record<string, ScriptedContainer>
  /** `amd64` where a tag is not named. */
  architectures?: Record<string, string>
  roles?: ScenarioRole[]
  faults?: Fault[]
  logDelay?: number
}

/** A registry account with images, a dev account with an ECS cluster of scripted containers; nothing made by Slipway. */
export const startWorld = async (options: WorldOptions = {}) => {
  const time = scaledTime(options.factor ?? 20)
  const script: Script = {}
  const allowReading = {
    Statement: {
      Effect: 'Allow' as const,
      Principal: { AWS: `arn:aws:iam::${account}:root` },
      Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer', 'ecr:PutImage'],
    },
  }
  let ecsEngine: ReturnType<typeof ecsService> | undefined
  const git = memoryGit()
  const cloud: Cloud = await startCloud({
    time,
    github: { git },
    scenario: {
      accounts: [registryAccount, account],
      roles: options.roles ?? [],
      repositories: [{ account: registryAccount, region, name: 'shop/app', tagMutability: 'IMMUTABLE', policy: allowReading }],
    },
    ...(options.faults && { faults: options.faults }),
    ...(options.logDelay !== undefined && { logDelay: options.logDelay }),
    services: (core) => {
      ecsEngine = ecsService({ ...core, runtime: scriptedRuntime(script, time) })
      return [ecsEngine]
    },
  })
  const digests: Record<string, string> = {}
  for (const [tag, behaviour] of Object.entries(options.images ?? {})) {
    const digest = await putImage(cloud, registryAccount, region, 'shop/app', tag, options.architectures?.[tag])
    digests[tag] = digest
    script[digest] = behaviour
  }
  const credentials = cloud.adminKey(account)
  const config = { endpoint: cloud.endpoint, region, credentials }
  const ecs = new ECSClient(config)
  const imageOf = (tag: string): string => `${repository}@${digests[tag]}`
  const keys = { AWS_ACCESS_KEY_ID: credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey }
  const env = { AWS_ENDPOINT_URL: cloud.endpoint, AWS_REGION: region, ...keys }

  const createService = async (
    name: string,
    tag: string,
    details: Partial<CreateServiceCommandInput> = {},
    definition: object = {},
  ): Promise<string> => {
    await ecs.send(new CreateClusterCommand({ clusterName: 'shop' }))
    const log = {
      logDriver: 'awslogs' as const,
      options: { 'awslogs-group': `/shop/${name}`, 'awslogs-region': region, 'awslogs-stream-prefix': 'ecs' },
    }
    const app = { name: 'app', image: imageOf(tag), essential: true, logConfiguration: log, ...definition }
    const registered = await ecs.send(
      new RegisterTaskDefinitionCommand({
        family: name,
        cpu: '256',
        memory: '512',
        networkMode: 'awsvpc',
        requiresCompatibilities: ['FARGATE'],
        containerDefinitions: [app],
      }),
    )
    await ecs.send(
      new CreateServiceCommand({
        cluster: 'shop',
        serviceName: name,
        taskDefinition: registered.taskDefinition?.taskDefinitionArn ?? '',
        desiredCount: 2,
        launchType: 'FARGATE',
        networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
        deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
        ...details,
      }),
    )
    if (details.desiredCount !== 0)
      await until(
        () => service(name),
        ({ deployments = [] }) => deployments[0]?.rolloutState === 'COMPLETED',
      )
    return name
  }
  const service = async (name: string): Promise<Service> => {
    const { services = [] } = await ecs.send(new DescribeServicesCommand({ cluster: 'shop', services: [name] }))
    return services[0] as Service
  }
  const inputs = (name: string, tag: string, more: Record<string, string> = {}): Record<string, string> => ({
    cluster: 'shop',
    service: name,
    image: imageOf(tag),
    'aws-account-id': account,
    'aws-region': region,
    'poll-interval': '500ms',
    ...more,
  })
  const all = (more: StepOptions): StepOptions => ({ ...more, env: { ...env, ...more.env } })
  return {
    cloud,
    /** The history that GitHub has of the repository. */
    git,
    ecs,
    ssm: new SSMClient(config),
    env,
    digests,
    /** What a container does, by the digest of its image; may be changed while the world runs. */
    script,
    imageOf,
    setAlarm: (name: string, state: 'OK' | 'ALARM') => ecsEngine?.setAlarm(account, region, name, state),
    /** Has a service described as of another kind than the engine runs. */
    describeAs: (name: string, kind: Pick<CreateServiceCommandInput, 'schedulingStrategy' | 'deploymentController'>) =>
      ecsEngine?.describeAs(account, region, 'shop', name, kind),
    /** From now on no task can be placed, for that reason. */
    setPlacement: (failure: keyof typeof placementFailures) =>
      ecsEngine?.setPlacement(account, region, 'shop', placementFailures[failure]),
    createService,
    service,
    inputs,
    deploy: (given: Record<string, string>, more: StepOptions = {}) => runAction('deploy-service', given, all(more)),
    startDeploy: (given: Record<string, string>, more: StepOptions = {}) => startAction('deploy-service', given, all(more)),
    /** Calls that changed something, since a mark of the recorder. The lease is taken and given back around all of them. */
    writes: (since = 0): string[] =>
      cloud.recorder
        .calls({ since })
        .filter(({ operation }) => !/^(Describe|List|Get|BatchGet|AssumeRole)/.test(operation))
        .filter(({ input }) => !String((input as { Name?: string }).Name).endsWith('/lock'))
        .map(({ service: name, operation }) => `${name}:${operation}`),
    close: async () => {
      await ecsEngine?.stopAll()
      await cloud.close()
    },
  }
}

/** A world that ends with its test, so that tests of one file can run side by side. */
export const openWorld = async (end: (close: () => Promise<void>) => void, options: WorldOptions = {}): Promise<World> => {
  const world = await startWorld(options)
  end(world.close)
  return world
}

/** Asks until the answer is right; gives up after ten seconds. */
export const until = async <T>(ask: () => Promise<T>, right: (answer: T) => boolean): Promise<T> => {
  const deadline = Date.now() + 10_000
  for (;;) {
    const answer = await ask()
    if (right(answer)) return answer
    if (Date.now() > deadline) throw new Error(`not reached within 10 s, last answer: ${JSON.stringify(answer).slice(0, 500)}`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}
