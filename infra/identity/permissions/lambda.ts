import type { Configuration } from '../../../lib/delivery/configuration.ts'
import { lambdaPlace, serviceIn } from '../../../lib/delivery/services.ts'
import { allow, arn, type Place, type Statement } from './policy.ts'

/** Each function with its versions and aliases. */
const functions = ({ project, services }: Configuration, environment: string, place: Place): string[] =>
  Object.entries(services).flatMap(([key, declared]) => {
    const service = serviceIn(declared, environment)
    if (service.target !== 'lambda') return []
    return lambdaPlace(project, environment, key, service).functions.flatMap(({ name }) => [
      arn(place, 'lambda', `function:${name}`),
      arn(place, 'lambda', `function:${name}:*`),
    ])
  })

export const deployToLambda = (configuration: Configuration, environment: string, place: Place): Statement[] => {
  const resources = functions(configuration, environment, place)
  if (resources.length === 0) return []
  return [
    allow(
      'LambdaFunctions',
      [
        'lambda:CreateAlias',
        'lambda:DeleteAlias',
        'lambda:GetAlias',
        'lambda:GetFunction',
        'lambda:GetProvisionedConcurrencyConfig',
        'lambda:InvokeFunction',
        'lambda:ListAliases',
        'lambda:ListVersionsByFunction',
        'lambda:PublishVersion',
        'lambda:UpdateAlias',
        'lambda:UpdateFunctionCode',
      ],
      resources,
    ),
    // Of versions alone: the function itself is infrastructure's.
    allow(
      'LambdaVersions',
      ['lambda:DeleteFunction'],
      resources.filter((resource) => resource.endsWith(':*')),
    ),
    allow('LambdaAlarms', ['cloudwatch:DescribeAlarms'], [arn(place, 'cloudwatch', 'alarm:*')]),
    // AWS knows no narrower resource for it.
    allow('LambdaErrors', ['cloudwatch:GetMetricData'], ['*']),
  ]
}
