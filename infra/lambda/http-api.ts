import { CfnApi, CfnStage } from 'aws-cdk-lib/aws-apigatewayv2'
import type { CfnRole } from 'aws-cdk-lib/aws-iam'
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs'
import type { Environment } from '../../lib/delivery/configuration.ts'
import { apisIn } from '../../lib/delivery/functions.ts'
import { outputNames } from '../../lib/delivery/outputs.ts'
import { publish } from '../outputs.ts'
import type { PlaceStack } from '../stack.ts'
import { ownDomain } from './domain.ts'
import { keptDays, type LambdaServicePlace } from './place.ts'
import { type Http, routes } from './routes.ts'

/** Who called what, and how that ended. Neither query nor headers nor bodies. */
const ACCESS = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  ip: '$context.identity.sourceIp',
  method: '$context.httpMethod',
  route: '$context.routeKey',
  path: '$context.path',
  protocol: '$context.protocol',
  status: '$context.status',
  responseLength: '$context.responseLength',
  latency: '$context.responseLatency',
  functionLatency: '$context.integrationLatency',
  functionError: '$context.integrationErrorMessage',
  authorizerError: '$context.authorizer.error',
}

/**
 * An HTTP API in front of the aliases of the functions, with throttling and an access log. Its only stage has no path of its
 * own, so that a request arrives as it was sent. Bodies are traced nowhere: HTTP APIs cannot.
 */
export const httpApi = (
  stack: PlaceStack,
  place: LambdaServicePlace,
  http: Http,
  { caller, environment }: { caller: CfnRole; environment: Environment },
): void => {
  const { name, names } = place
  const { configuration } = stack
  const { host } = apisIn(configuration, stack.place).find((each) => each.name === name) ?? {}
  const api = new CfnApi(stack, 'Api', {
    name: names.api,
    description: `${name} of ${configuration.project} in ${stack.place}`,
    protocolType: 'HTTP',
    // Throttling and the access log are the same at both addresses, but only one is to be known.
    disableExecuteApiEndpoint: host !== undefined,
    ...(http.cors && { corsConfiguration: corsOf(http.cors) }),
  })
  routes(stack, place, http, { api, caller })
  const stage = stageOf(stack, place, http, api)
  if (host !== undefined) ownDomain(stack, host, environment, { api, stage })
  const url = outputNames(configuration.project, stack.place).url(name)
  publish(stack, url, host === undefined ? api.attrApiEndpoint : `https://${host}`)
}

const corsOf = ({ origins, methods, headers, credentials }: NonNullable<Http['cors']>): CfnApi.CorsProperty => ({
  allowOrigins: origins,
  allowMethods: methods ?? ['GET', 'HEAD', 'POST'],
  allowHeaders: headers ?? ['authorization', 'content-type'],
  ...(credentials !== undefined && { allowCredentials: credentials }),
  maxAge: 300,
})

const stageOf = (stack: PlaceStack, { service, names }: LambdaServicePlace, { throttle }: Http, api: CfnApi): CfnStage => {
  const logs = new CfnLogGroup(stack, 'AccessLog', {
    logGroupName: names.accessLog,
    retentionInDays: keptDays(service, stack),
  })
  logs.applyRemovalPolicy(stack.removal)
  return new CfnStage(stack, 'Stage', {
    apiId: api.ref,
    stageName: '$default',
    autoDeploy: true,
    defaultRouteSettings: { throttlingRateLimit: throttle?.rate ?? 100, throttlingBurstLimit: throttle?.burst ?? 200 },
    accessLogSettings: { destinationArn: logs.attrArn, format: JSON.stringify(ACCESS) },
  })
}
