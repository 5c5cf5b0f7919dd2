import type * as sdk from '@aws-sdk/client-ecs'
import type { Made, Properties } from './model.ts'
import { camel, type Provisioners, type Tools } from './provisioner.ts'

type Input = Record<string, unknown>

const given = (properties: Properties, { tags }: Tools): Input => {
  const { tags: own = [], ...rest } = camel(properties) as Input & { tags?: { key: string; value: string }[] }
  const inherited = tags
    .filter(({ Key }) => !own.some(({ key }) => key === Key))
    .map(({ Key, Value }) => ({ key: Key, value: Value }))
  const all = [...own, ...inherited]
  return all.length === 0 ? rest : { ...rest, tags: all }
}

const BREAKER =
  'Resource handler returned message: "Error occurred during operation \'ECS Deployment Circuit Breaker was triggered\'." ' +
  '(HandlerErrorCode: GeneralServiceException)'

/**
 * Waits for the deployment to be over, as `AWS::ECS::Service` does with the rolling update: the stack's operation fails with the
 * breaker. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
 */
const stable = async (tools: Tools, cluster: unknown, service: unknown): Promise<void> => {
  const [latest] = (await describe(tools, cluster, service)).deployments ?? []
  for (;;) {
    const { deployments = [], desiredCount = 0, runningCount = 0 } = await describe(tools, cluster, service)
    const mine = deployments.find(({ id }) => id === latest?.id)
    if (mine === undefined || mine.rolloutState === 'FAILED') throw new Error(BREAKER)
    if (mine.rolloutState === 'COMPLETED' && deployments.length === 1 && runningCount === desiredCount) return
    await tools.sleep(tools.pace.poll)
  }
}

const describe = async ({ call }: Tools, cluster: unknown, service: unknown): Promise<sdk.Service> => {
  const { services = [] } = (await call('ecs', 'DescribeServices', { cluster, services: [service] })) as {
    services?: sdk.Service[]
  }
  return services[0] as sdk.Service
}

const attributesOf = ({ serviceArn = '', serviceName = '' }: sdk.Service) => ({
  physicalId: serviceArn,
  attributes: { ServiceArn: serviceArn, Name: serviceName },
})

const clusterOf = ({ properties }: Made): unknown => properties['Cluster']

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_ECS.html */
export const ecsProvisioners: Provisioners = {
  'AWS::ECS::Cluster': {
    replaces: (changed) => changed.includes('ClusterName'),
    create: async (properties, tools) => {
      const { cluster } = await tools.call('ecs', 'CreateCluster', given(properties, tools))
      const { clusterArn = '', clusterName = '' } = cluster as sdk.Cluster
      return { physicalId: clusterName, attributes: { Arn: clusterArn } }
    },
    update: async (made) => made,
    remove: async () => {},
  },

  // A revision cannot be changed: with any other property the next one is registered, and the one before deregistered at the end.
  'AWS::ECS::TaskDefinition': {
    replaces: (changed) => changed.some((name) => name !== 'Tags'),
    create: async (properties, tools) => {
      const { taskDefinition } = await tools.call('ecs', 'RegisterTaskDefinition', given(properties, tools))
      const { taskDefinitionArn = '' } = taskDefinition as sdk.TaskDefinition
      return { physicalId: taskDefinitionArn, attributes: { TaskDefinitionArn: taskDefinitionArn } }
    },
    update: async (made) => made,
    remove: async ({ physicalId }, { call }) => {
      await call('ecs', 'DeregisterTaskDefinition', { taskDefinition: physicalId })
    },
  },

  'AWS::ECS::Service': {
    replaces: (changed) => changed.some((name) => /^(ServiceName|Cluster|LaunchType|SchedulingStrategy)$/.test(name)),
    create: async (properties, tools) => {
      const { service } = await tools.call('ecs', 'CreateService', given(properties, tools))
      tools.named(attributesOf(service as sdk.Service))
      await stable(tools, properties['Cluster'], (service as sdk.Service).serviceName)
      return attributesOf(service as sdk.Service)
    },
    // "For existing services, if a desired count is not specified, it is omitted from the operation": where the template states
    // one, every update sets it, whatever the service has been scaled to since.
    update: async (made, properties, tools) => {
      const {
        serviceName,
        cluster,
        launchType: _launch,
        schedulingStrategy: _kind,
        tags: _tags,
        ...changes
      } = given(properties, tools)
      const { service } = await tools.call('ecs', 'UpdateService', {
        ...changes,
        cluster,
        service: made.attributes['Name'] ?? serviceName,
      })
      await stable(tools, cluster, (service as sdk.Service).serviceName)
      return attributesOf(service as sdk.Service)
    },
    remove: async (made, { call }) => {
      const { attributes } = made
      await call('ecs', 'DeleteService', { cluster: clusterOf(made), service: attributes['Name'], force: true })
    },
  },
}
