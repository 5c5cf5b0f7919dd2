import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import type { App } from '../listen.ts'
import type { Credentials } from './credentials.ts'
import { FrontEndPage, stalled } from './faults.ts'
import type { Perform } from './perform.ts'
import { parseRequest, parseScope, renderError, renderResult, type Scope, type WireRequest } from './protocols.ts'
import type { OpenCall, Recorder } from './recorder.ts'
import { parseRest } from './rest.ts'
import { AwsError, type Call, type Principal, type Service } from './service.ts'

type EndpointDependencies = {
  credentials: Credentials
  perform: Perform
  recorder: Recorder
  services: Service[]
}

const notImplemented = (name: string) => new AwsError('NotImplemented', `NotImplemented: ${name}`, 501)

/** A web identity is the only credential of an unsigned call; the account it asks for is in the role's ARN. */
const anonymous = (input: Record<string, unknown>): Principal => {
  const { RoleArn: role } = input
  return { account: typeof role === 'string' ? (role.split(':')[4] ?? '') : '', arn: 'anonymous', accessKeyId: '' }
}

const unidentified: Principal = { account: '', arn: 'unidentified', accessKeyId: '' }

const unsignedOperations = ['AssumeRoleWithWebIdentity']

const identify = (
  credentials: Credentials,
  scope: Scope | undefined,
  wire: WireRequest,
  sessionToken: string | undefined,
): Principal => {
  if (scope !== undefined) return credentials.identify(scope.service, scope.accessKeyId, sessionToken)
  if (wire.protocol === 'query' && unsignedOperations.includes(wire.operation ?? '')) return anonymous(wire.input)
  if (wire.protocol === 'query') throw new AwsError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403)
  throw new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token')
}

const asAwsError = (error: unknown): AwsError => {
  if (error instanceof AwsError) return error
  console.error(error)
  return new AwsError('InternalFailure', error instanceof Error ? error.message : String(error), 500)
}

/** Several services may share a signing name: their operations are put together. */
const operationsByService = (services: Service[]): Map<string, Service['operations']> => {
  const byName = new Map<string, Service['operations']>()
  for (const { name, operations } of services) byName.set(name, { ...byName.get(name), ...operations })
  return byName
}

/** Whose signing name is not the prefix of its actions, under which everything is recorded. */
const prefixes: Record<string, string> = { monitoring: 'cloudwatch' }

/**
 * The one endpoint of all AWS APIs: AWS JSON, AWS query and REST-JSON as the SDKs speak them. Which service, region and key a
 * request belongs to is read from the credential scope of its SigV4 header; the signature itself is not verified.
 * What is not served is answered with `NotImplemented` and its name, and recorded like everything else.
 */
export const createEndpoint = ({ credentials, perform, recorder, services }: EndpointDependencies): App => {
  const operations = operationsByService(services)
  const app: App = new Hono<{ Bindings: HttpBindings }>()

  app.get('/_local/calls', (context) => context.json(recorder.calls({ since: Number(context.req.query('since') ?? 0) })))

  app.all('*', async ({ req, env }) => {
    const scope = parseScope(req.header('authorization'))
    const body = await req.text()
    const parsed = parseRequest(req.header('x-amz-target'), req.header('content-type') ?? '', body)
    const named = scope?.service ?? (parsed.protocol === 'query' ? 'sts' : 'unknown')
    const service = prefixes[named] ?? named
    const rest = { method: req.method, url: new URL(req.url), header: (name: string) => req.header(name), body }
    const wire = parsed.operation === undefined ? (parseRest(operations.get(service) ?? {}, rest) ?? parsed) : parsed
    const operation = wire.operation ?? `${req.method} ${req.path}`
    const called = (principal: Principal): Call => ({ service, operation, region: scope?.region ?? 'us-east-1', principal })
    let recorded: OpenCall | undefined
    try {
      const principal = identify(credentials, scope, wire, req.header('x-amz-security-token'))
      recorded = recorder.open(called(principal), wire.input, 'api')
      const served = operations.get(service)?.[operation]
      if (served === undefined) throw notImplemented(`${service}:${operation}`)
      const output = await perform(called(principal), recorded, {
        authorize: () => served.authorize(wire.input as never, called(principal)),
        run: () => served.run(wire.input as never, called(principal)),
        reset: () => env.incoming.socket.resetAndDestroy(),
        stall: () => stalled(env.outgoing),
      })
      return renderResult(wire, output)
    } catch (cause) {
      if (cause instanceof FrontEndPage) return cause.response()
      const error = asAwsError(cause)
      recorded ??= recorder.open(called(unidentified), wire.input, 'api')
      recorded.end(error.name)
      return renderError(wire, error)
    }
  })
  return app
}
