import { createHash } from 'node:crypto'
import { type CfnApi, CfnAuthorizer, CfnIntegration, CfnRoute } from 'aws-cdk-lib/aws-apigatewayv2'
import type { CfnRole } from 'aws-cdk-lib/aws-iam'
import type { LambdaService } from '../../lib/delivery/functions.ts'
import { explainPublic } from '../checks/checks.ts'
import type { PlaceStack } from '../stack.ts'
import { idOf, type LambdaServicePlace } from './place.ts'

export type Http = NonNullable<LambdaService['http']>

/**
 * A route without an entry is answered with 404. Where all routes ask for a token, one that catches everything would ask for it
 * before a browser is told which origins may send one: so preflights have a route of their own (API Gateway, "Configuring CORS
 * for an HTTP API").
 */
export const routes = (
  stack: PlaceStack,
  { functions }: LambdaServicePlace,
  http: Http,
  { api, caller }: { api: CfnApi; caller: CfnRole },
): void => {
  const [only] = functions
  const declared = http.routes ?? { $default: only?.key ?? '' }
  const integrations = new Map(
    functions
      .filter(({ key }) => Object.values(declared).includes(key))
      .map(({ key, aliasArn }) => [
        key,
        new CfnIntegration(stack, `Integration${idOf(key)}`, {
          apiId: api.ref,
          integrationType: 'AWS_PROXY',
          integrationUri: aliasArn,
          credentialsArn: caller.attrArn,
          payloadFormatVersion: '2.0',
          timeoutInMillis: 30_000,
        }),
      ]),
  )
  const authorizer = http.authorizer && authorizerOf(stack, api, http.authorizer)
  const open = [...(http.authorizer?.public ?? []), PREFLIGHT]
  const preflight = http.cors && http.authorizer ? { [PREFLIGHT]: Object.values(declared)[0] ?? '' } : {}
  for (const [routeKey, key] of Object.entries({ ...preflight, ...publicRoutes(http, declared), ...declared })) {
    const id = integrations.get(key)?.ref
    const route = new CfnRoute(stack, `Route${routeId(routeKey)}`, {
      apiId: api.ref,
      routeKey,
      target: `integrations/${id}`,
      ...(authorizer && !open.includes(routeKey)
        ? { authorizationType: 'JWT', authorizerId: authorizer.ref }
        : { authorizationType: 'NONE' }),
    })
    if (authorizer === undefined || open.includes(routeKey)) explainPublic(route)
  }
}

const PREFLIGHT = 'OPTIONS /{proxy+}'

/** Where one function answers everything, what is public of it needs routes of its own. */
const publicRoutes = ({ authorizer, routes }: Http, declared: Record<string, string>): Record<string, string> =>
  routes === undefined
    ? Object.fromEntries((authorizer?.public ?? []).map((route) => [route, Object.values(declared)[0] ?? '']))
    : {}

const authorizerOf = (stack: PlaceStack, api: CfnApi, { issuer, audience }: NonNullable<Http['authorizer']>): CfnAuthorizer =>
  new CfnAuthorizer(stack, 'Authorizer', {
    apiId: api.ref,
    name: 'tokens',
    authorizerType: 'JWT',
    identitySource: ['$request.header.Authorization'],
    jwtConfiguration: { issuer, audience },
  })

/** Logical ids have letters and digits only: what tells `/a-b` and `/a/b` apart is a hash. */
const routeId = (route: string): string =>
  `${route.replaceAll(/[^A-Za-z0-9]+/g, '')}${createHash('sha256').update(route).digest('hex').slice(0, 6)}`
