import {
  CloudFormationClient,
  CreateChangeSetCommand,
  type CreateChangeSetCommandInput,
  DescribeChangeSetCommand,
  type DescribeChangeSetCommandOutput,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  type Stack,
  type StackEvent,
} from '@aws-sdk/client-cloudformation'
import { DescribeServicesCommand, DescribeTaskDefinitionCommand, ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs'
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { startCloud } from '../../cloud.ts'
import { type ScriptedContainer, scriptedRuntime } from '../../containers/scripted.ts'
import type { ScenarioRole } from '../../scenario.ts'
import { scaledTime } from '../../time.ts'
import { ecsService } from '../ecs/service.ts'
import { type CloudFormationService, cloudFormationService } from './service.ts'

export const account = '222222222222'
export const region = 'eu-west-1'
export const workerRole = `arn:aws:iam::${account}:role/shop-dev-cloudformation`

/** A service of ECS whose image and count are those of our templates. */
export const serviceTemplate = (more: object = {}, variables: Record<string, string> = {}) => ({
  Parameters: {
    OfApiImage: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/shop/dev/api/image' },
    Created: { Type: 'String', AllowedValues: ['no', 'yes'], Default: 'yes' },
  },
  Conditions: { IsNew: { 'Fn::Equals': [{ Ref: 'Created' }, 'no'] } },
  Resources: {
    Cluster: { Type: 'AWS::ECS::Cluster', Properties: { ClusterName: 'shop-dev' } },
    Task: {
      Type: 'AWS::ECS::TaskDefinition',
      Properties: {
        Family: 'shop-dev-api',
        Cpu: '256',
        Memory: '512',
        NetworkMode: 'awsvpc',
        RequiresCompatibilities: ['FARGATE'],
        ContainerDefinitions: [
          {
            Name: 'api',
            Essential: true,
            Image: { Ref: 'OfApiImage' },
            Environment: Object.entries(variables).map(([Name, Value]) => ({ Name, Value })),
          },
        ],
      },
    },
    Service: {
      Type: 'AWS::ECS::Service',
      Properties: {
        ServiceName: 'api',
        Cluster: { Ref: 'Cluster' },
        TaskDefinition: { Ref: 'Task' },
        DesiredCount: { 'Fn::If': ['IsNew', 0, { Ref: 'AWS::NoValue' }] },
        LaunchType: 'FARGATE',
        NetworkConfiguration: { AwsvpcConfiguration: { Subnets: ['subnet-1'] } },
        DeploymentConfiguration: { DeploymentCircuitBreaker: { Enable: true, Rollback: true } },
      },
    },
    ...more,
  },
})

/** Resolves when the answer is right; gives up after ten seconds. */
const until = async <T>(ask: () => Promise<T>, right: (answer: T) => boolean): Promise<T> => {
  for (const deadline = Date.now() + 10_000; ; ) {
    const answer = await ask()
    if (right(answer)) return answer
    if (Date.now() > deadline) throw new Error(`not reached, last answer: ${JSON.stringify(answer).slice(0, 500)}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

type Details = Partial<CreateChangeSetCommandInput>

/** A dev account with ECS and CloudFormation, and words for what is done with stacks in it. */
export const startStacks = async (
  end: (close: () => Promise<void>) => void,
  { roles = [] as ScenarioRole[], containers = {} as Record<string, ScriptedContainer> } = {},
) => {
  let made: CloudFormationService | undefined
  let ecsEngine: ReturnType<typeof ecsService> | undefined
  const cloud = await startCloud({
    time: scaledTime(100),
    scenario: { accounts: [account], roles },
    services: (core) => {
      const images = {
        locate: async (image: string) => ({ reference: image, digest: image, credentials: { username: 'AWS', password: 'x' } }),
      }
      ecsEngine = ecsService({ ...core, images, runtime: scriptedRuntime(containers, core.time) })
      made = cloudFormationService({ ...core, pageSize: 3 })
      return [ecsEngine, made]
    },
  })
  end(async () => {
    await ecsEngine?.stopAll()
    await cloud.close()
  })
  const config = { endpoint: cloud.endpoint, region, credentials: cloud.adminKey(account) }
  const client = new CloudFormationClient({ ...config, maxAttempts: 1 })
  const ecs = new ECSClient(config)
  const ssm = new SSMClient(config)

  const describe = async (ChangeSetName: string): Promise<DescribeChangeSetCommandOutput> => {
    const changes = []
    for (let NextToken: string | undefined; ; ) {
      const answer = await client.send(new DescribeChangeSetCommand({ ChangeSetName, NextToken }))
      changes.push(...(answer.Changes ?? []))
      NextToken = answer.NextToken
      if (NextToken === undefined) return { ...answer, Changes: changes }
    }
  }
  let sets = 0
  const propose = async (StackName: string, template: object | undefined, details: Details = {}) => {
    sets += 1
    const source = template === undefined ? { UsePreviousTemplate: true } : { TemplateBody: JSON.stringify(template) }
    const input = {
      StackName,
      ChangeSetName: `set-${sets}`,
      RoleARN: workerRole,
      Capabilities: ['CAPABILITY_NAMED_IAM' as const],
    }
    const { Id = '' } = await client.send(new CreateChangeSetCommand({ ...input, ...source, ...details }))
    return until(
      () => describe(Id),
      ({ Status }) => Status !== 'CREATE_IN_PROGRESS',
    )
  }
  const stack = async (StackName: string): Promise<Stack> =>
    (await client.send(new DescribeStacksCommand({ StackName }))).Stacks?.[0] as Stack
  const execute = async (
    { ChangeSetId, StackId = '' }: { ChangeSetId?: string | undefined; StackId?: string | undefined },
    token = 'run-1',
  ) => {
    await client.send(new ExecuteChangeSetCommand({ ChangeSetName: ChangeSetId, ClientRequestToken: token }))
    return until(
      () => stack(StackId),
      ({ StackStatus = '' }) => !StackStatus.endsWith('_IN_PROGRESS'),
    )
  }
  return {
    cloud,
    cloudFormation: made as CloudFormationService,
    client,
    ecs,
    propose,
    execute,
    stack,
    /** A whole operation on a stack: proposed, executed, ended. */
    deploy: async (name: string, template: object | undefined, details: Details = {}) =>
      execute(await propose(name, template, details)),
    /** Oldest first. */
    events: async (StackName: string): Promise<StackEvent[]> => {
      const events: StackEvent[] = []
      for (let NextToken: string | undefined; ; ) {
        const answer = await client.send(new DescribeStackEventsCommand({ StackName, NextToken }))
        events.unshift(...(answer.StackEvents ?? []).toReversed())
        NextToken = answer.NextToken
        if (NextToken === undefined) return events
      }
    },
    record: (value: string, Name = '/shop/dev/api/image') =>
      ssm.send(new PutParameterCommand({ Name, Value: value, Type: 'String', Overwrite: true })),
    /** As a deployment that knows nothing of CloudFormation: the count, and another image. */
    scale: (desiredCount: number) => ecs.send(new UpdateServiceCommand({ cluster: 'shop-dev', service: 'api', desiredCount })),
    service: async () => {
      const { services } = await ecs.send(new DescribeServicesCommand({ cluster: 'shop-dev', services: ['api'] }))
      const taskDefinition = services?.[0]?.taskDefinition ?? ''
      const described = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }))
      return {
        count: services?.[0]?.desiredCount,
        image: described.taskDefinition?.containerDefinitions?.[0]?.image,
        deployments: services?.[0]?.deployments?.length,
      }
    },
  }
}

/** The role with which CloudFormation works, with these policies or with none, and so every permission. */
export const worker = (policies?: ScenarioRole['policies']): ScenarioRole => ({
  arn: workerRole,
  trust: { Statement: { Effect: 'Allow', Principal: { Service: 'cloudformation.amazonaws.com' }, Action: 'sts:AssumeRole' } },
  ...(policies && { policies }),
})
