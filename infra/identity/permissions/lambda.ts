import type { Configuration } from '../../../lib/delivery/configuration.ts'
import { serviceNames } from '../../../lib/delivery/names.ts'
import { serviceIn } from '../../../lib/delivery/services.ts'
import { allow, arn, type Place, type Statement } from './policy.ts'

/** The functions of the services on Lambda: the environment's own, also of a service that is added later, and those that are named. */
const functions = ({ project, services }: Configuration, environment: string, place: Place): string[] =>
  unique(
    Object.values(services).flatMap((declared) => {
      const service = serviceIn(declared, environment)
      if (service.target !== 'lambda') return []
      const name = service.names?.function ?? serviceNames(project, environment, '*').function('*')
      return [arn(place, 'lambda', `function:${name}`)]
    }),
  )

const unique = (texts: string[]): string[] => [...new Set(texts)]

const withVersions = (functions: string[]): string[] => functions.flatMap((name) => [name, `${name}:*`])

export const deployToLambda = (configuration: Configuration, environment: string, place: Place): Statement[] => {
  const found = functions(configuration, environment, place)
  if (found.length === 0) return []
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
      withVersions(found),
    ),
    // Versions that nothing uses any more; never the function.
    allow(
      'LambdaVersions',
      ['lambda:DeleteFunction'],
      found.map((name) => `${name}:*`),
    ),
    // AWS knows no narrower resource for it.
    allow('LambdaErrors', ['cloudwatch:GetMetricData'], ['*']),
  ]
}

/** Which image an alias answers with. */
export const readLambda = (configuration: Configuration, environment: string, place: Place): Statement[] => {
  const found = functions(configuration, environment, place)
  if (found.length === 0) return []
  return [allow('LambdaFunctions', ['lambda:GetAlias', 'lambda:GetFunction'], withVersions(found))]
}
