import { createHash } from 'node:crypto'
import type { Configuration, Service } from '../lib/delivery/configuration.ts'
import {
  environmentNames,
  partition,
  registryHost,
  repositoryName,
  repositoryUri,
  roleArn,
  serviceNames,
} from '../lib/delivery/names.ts'
import { ec2Place } from '../lib/delivery/services.ts'
import { hostDocument } from '../lib/host/document.ts'
import { haproxyConfig } from '../lib/host/proxy.ts'
import type { EnvironmentSetting, HostSetting } from '../local/demo/setting.ts'
import type { ScenarioRole } from '../local/scenario.ts'

/** The document of an environment, as infrastructure makes it. */
export const hostDocumentSetting = (
  { project, registry }: Configuration,
  environment: string,
): EnvironmentSetting['document'] => ({
  name: environmentNames(project, environment).document,
  content: hostDocument(registryHost(registry)),
})

type Ec2 = Extract<Service, { target: 'ec2' }>

const hostRole = ({ project, environments }: Configuration, environment: string, key: string): string => {
  const place = environments[environment]
  if (place === undefined) throw new Error(`no environment is called ${environment}`)
  return roleArn(place, serviceNames(project, environment, key).hostRole)
}

/** The role of the hosts of a service. */
export const hostRoleOf = (configuration: Configuration, environment: string, key: string, { image }: Ec2): ScenarioRole => {
  const { project, registry, environments } = configuration
  const { account, region } = environments[environment] ?? registry
  const aws = partition(region).name
  const repository = `arn:${aws}:ecr:${registry.region}:${registry.account}:repository/${repositoryName(project, image)}`
  const parameters = `arn:${aws}:ssm:${region}:${account}:parameter/${project}/${environment}/${key}/*`
  return {
    arn: hostRole(configuration, environment, key),
    trust: { Statement: { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' } },
    policies: [
      {
        Statement: [
          { Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' },
          {
            Effect: 'Allow',
            Action: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
            Resource: repository,
          },
          { Effect: 'Allow', Action: 'ssm:GetParametersByPath', Resource: parameters },
        ],
      },
    ],
  }
}

/** Shorter than on a real host: nobody has requests in flight here, and nobody waits for what a minute would show. */
const pace = { BAKE_SECONDS: '1', DRAIN_TIMEOUT: '5', STOP_TIMEOUT: '5', HEALTH_TIMEOUT: '30', MIN_FREE_MB: '100' }

/** The hosts of a service: one, or as many as its `count` says. Their names carry the host's id, because they share one engine. */
export const hostSettings = (configuration: Configuration, environment: string, key: string, service: Ec2): HostSetting[] => {
  const { project, registry, environments } = configuration
  const { image, port = 8080, health, count = 1, variables = {} } = service
  const { tag } = ec2Place(project, environment, key, service)
  return Array.from({ length: count }, (_, index) => {
    const hash = createHash('sha256').update(`${project}/${environment}/${key}/${index}`).digest('hex').slice(0, 17)
    const instanceId = `i-${hash}`
    const name = `${instanceId}-${key}`
    return {
      image,
      role: hostRole(configuration, environment, key),
      tags: { [tag.key]: tag.value, Name: `${tag.value}-${index + 1}` },
      instanceId,
      service: key,
      network: name,
      proxy: { name: `${name}-proxy`, port, config: haproxyConfig({ service: key, port, health: health ?? '/', listen: port }) },
      settings: {
        REPOSITORY: repositoryUri(registry, project, image),
        REGION: environments[environment]?.region ?? registry.region,
        NETWORK: name,
        PREFIX: `${instanceId}-`,
        PORT: String(port),
        ...(health !== undefined && { HEALTH_PATH: health }),
        PROXY: `${name}-proxy`,
        ...pace,
      },
      variables: { SERVICE: key, ENVIRONMENT: environment, ...variables },
    }
  })
}
