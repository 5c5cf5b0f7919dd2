import type { Configuration, Environment } from '../../lib/delivery/configuration.ts'
import { partition, roleArn, roleName } from '../../lib/delivery/names.ts'
import { lambdaPlace, serviceIn } from '../../lib/delivery/services.ts'

const PULL = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer']

/**
 * Who of the environments' accounts may do what. Accounts pull; deployments alone, by the name of their role, look at the
 * lifecycle and put a tag on an image that is there; Lambda pulls for the environments' functions. Pushing layers takes
 * the build role, which is of the registry's own account and needs nothing here.
 */
export const repositoryPolicy = (configuration: Configuration): object => {
  const { project, registry, environments } = configuration
  const places = Object.entries(environments)
  const accounts = [...new Set(places.map(([, { account }]) => account))].toSorted()
  const AWS = accounts.map((account) => `arn:${partition(registry.region).name}:iam::${account}:root`)
  const deployers = places.map(([name, place]) => roleArn(place, roleName(project, name, 'deploy')))
  const functions = places.flatMap(([name, place]) => functionsOf(configuration, name, place))
  return {
    Version: '2012-10-17',
    Statement: [
      { Sid: 'Environments', Effect: 'Allow', Principal: { AWS }, Action: PULL },
      {
        Sid: 'Deployments',
        Effect: 'Allow',
        Principal: { AWS },
        Action: ['ecr:DescribeImages', 'ecr:GetLifecyclePolicy', 'ecr:PutImage'],
        // Not as principals: ECR refuses a policy that names a role which is not there yet.
        Condition: { ArnEquals: { 'aws:PrincipalArn': deployers } },
      },
      ...(functions.length === 0
        ? []
        : [
            {
              Sid: 'Lambda',
              Effect: 'Allow',
              Principal: { Service: 'lambda.amazonaws.com' },
              Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
              Condition: { ArnLike: { 'aws:sourceArn': functions } },
            },
          ]),
    ],
  }
}

/**
 * Those that the environment's stacks make by the beginning of their names, so that one more function does not wait for a person
 * who deploys this policy; those that exist already by their own. Lambda takes images from its own region only.
 */
const functionsOf = (configuration: Configuration, environment: string, place: Environment): string[] => {
  const { project, registry, services } = configuration
  const { account, region } = place
  if (region !== registry.region) return []
  const names = Object.entries(services).flatMap(([key, declared]) => {
    const service = serviceIn(declared, environment)
    return service.target === 'lambda' ? lambdaPlace(project, environment, key, service).functions.map(({ name }) => name) : []
  })
  if (names.length === 0) return []
  const own = `${project}-${environment}-`
  const adopted = names.filter((name) => !name.startsWith(own)).flatMap((name) => [name, `${name}:*`])
  return [`${own}*`, ...adopted].map((name) => `arn:${partition(region).name}:lambda:${region}:${account}:function:${name}`)
}
