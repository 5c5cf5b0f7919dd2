import { expect, it } from 'vitest'
import { allOf, only, templateOf } from './lambda.case.ts'

const plain = templateOf({ http: {} })
const PREFIX = 'AWS::ApiGatewayV2::'

it('is there only where delivery.json asks for it', () => {
  const types = Object.values(templateOf({}).Resources).map(({ Type }) => Type)
  expect(types.filter((type) => type.startsWith(PREFIX))).toEqual([])
})

it('has the only function answer everything, at the address that AWS gives it, which is published', () => {
  expect(only(plain, `${PREFIX}Api`)).toMatchObject({
    Name: 'shop-dev-events',
    ProtocolType: 'HTTP',
    DisableExecuteApiEndpoint: false,
  })
  expect(only(plain, `${PREFIX}Route`)).toMatchObject({ RouteKey: '$default', AuthorizationType: 'NONE' })
  expect(only(plain, `${PREFIX}Integration`)).toMatchObject({
    IntegrationType: 'AWS_PROXY',
    PayloadFormatVersion: '2.0',
    TimeoutInMillis: 30_000,
  })
  expect(only(plain, 'AWS::SSM::Parameter')).toMatchObject({
    Name: '/shop/dev/outputs/events/url',
    Value: { 'Fn::GetAtt': ['Api', 'ApiEndpoint'] },
  })
})

it('throttles in every environment, by default too, and is no stage of another name than its path', () => {
  const stage = `${PREFIX}Stage`
  expect(only(plain, stage)).toMatchObject({
    StageName: '$default',
    AutoDeploy: true,
    DefaultRouteSettings: { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 },
  })
  const slow = only(templateOf({ http: { throttle: { rate: 5 } } }), stage)
  expect(slow['DefaultRouteSettings']).toEqual({ ThrottlingRateLimit: 5, ThrottlingBurstLimit: 200 })
})

it('writes who called what as JSON, to a log group that is kept for a time, and nothing of what was said', () => {
  const { AccessLogSettings } = only(plain, `${PREFIX}Stage`) as { AccessLogSettings: { DestinationArn: object; Format: string } }
  expect(AccessLogSettings.DestinationArn).toEqual({ 'Fn::GetAtt': ['AccessLog', 'Arn'] })
  const fields = JSON.parse(AccessLogSettings.Format)
  expect(fields).toMatchObject({ status: '$context.status', ip: '$context.identity.sourceIp', route: '$context.routeKey' })
  expect(Object.values(fields).filter((field) => !/^\$context\.[A-Za-z.]+$/.test(String(field)))).toEqual([])
  expect(AccessLogSettings.Format).not.toMatch(/body|query|header|claims/i)
  expect(JSON.stringify(plain)).not.toMatch(/DataTrace/)
  expect(allOf(plain, 'AWS::Logs::LogGroup')).toMatchObject([
    { LogGroupName: '/shop/dev/events', RetentionInDays: 30 },
    { LogGroupName: '/shop/dev/events/access', RetentionInDays: 30 },
  ])
})

it('lets in no page of another origin unless it is named', () => {
  expect(only(plain, `${PREFIX}Api`)).not.toHaveProperty('CorsConfiguration')
  const open = templateOf({ http: { cors: { origins: ['https://shop.example.org'], methods: ['GET'] } } })
  expect(only(open, `${PREFIX}Api`)['CorsConfiguration']).toEqual({
    AllowOrigins: ['https://shop.example.org'],
    AllowMethods: ['GET'],
    AllowHeaders: ['authorization', 'content-type'],
    MaxAge: 300,
  })
})

const authorizer = { issuer: 'https://login.example.org', audience: ['shop'], public: ['GET /version'] }

it('asks for a token on every route that is not public, and never for one of a preflight', () => {
  const guarded = templateOf({ http: { authorizer, cors: { origins: ['https://shop.example.org'] } } })
  expect(only(guarded, `${PREFIX}Authorizer`)).toMatchObject({
    AuthorizerType: 'JWT',
    IdentitySource: ['$request.header.Authorization'],
    JwtConfiguration: { Issuer: authorizer.issuer, Audience: authorizer.audience },
  })
  const asked = allOf(guarded, `${PREFIX}Route`).map(({ RouteKey, AuthorizationType }) => [RouteKey, AuthorizationType])
  expect(Object.fromEntries(asked)).toEqual({ $default: 'JWT', 'GET /version': 'NONE', 'OPTIONS /{proxy+}': 'NONE' })
  const { RouteKey } = only(templateOf({ http: { authorizer: { issuer: 'https://a.b', audience: ['c'] } } }), `${PREFIX}Route`)
  expect(RouteKey).toBe('$default')
})

it('sends each route to its function, and those of another spelling apart', () => {
  const routes = { 'GET /a-b': 'one', 'GET /a/b': 'two', 'POST /a/{b}': 'two' }
  const template = templateOf({ functions: { one: {}, two: {}, unused: {} }, http: { routes } })
  const targets = Object.entries(template.Resources)
    .filter(([, { Type }]) => Type === `${PREFIX}Integration`)
    .map(([id, { Properties }]) => [id, String(Properties['IntegrationUri']).split(':').at(-2)])
  expect(targets).toEqual([
    ['Integrationone', 'shop-dev-events-one'],
    ['Integrationtwo', 'shop-dev-events-two'],
  ])
  const answered = allOf(template, `${PREFIX}Route`).map(({ RouteKey, Target }) => [RouteKey, JSON.stringify(Target)])
  expect(Object.fromEntries(answered)).toEqual({
    'GET /a-b': expect.stringContaining('Integrationone'),
    'GET /a/b': expect.stringContaining('Integrationtwo'),
    'POST /a/{b}': expect.stringContaining('Integrationtwo'),
  })
})

it('answers below the domain of its environment, with a certificate and a name of its own, and nowhere else', () => {
  const own = templateOf({ http: {} }, 'prod')
  expect(only(own, `${PREFIX}Api`)['DisableExecuteApiEndpoint']).toBe(true)
  expect(only(own, `${PREFIX}DomainName`)).toMatchObject({
    DomainName: 'events.example.org',
    DomainNameConfigurations: [{ CertificateArn: { Ref: 'Certificate' }, SecurityPolicy: 'TLS_1_2' }],
  })
  expect(only(own, 'AWS::CertificateManager::Certificate')).toMatchObject({
    DomainName: 'events.example.org',
    DomainValidationOptions: [{ HostedZoneId: 'Z0123456789ABCDEFGHIJ' }],
  })
  expect(only(own, 'AWS::Route53::RecordSet')).toMatchObject({ Name: 'events.example.org', Type: 'A' })
  expect(only(own, 'AWS::SSM::Parameter')['Value']).toBe('https://events.example.org')
})

it('takes a certificate that is there, and leaves a zone alone that is somebody else’s', () => {
  const certificate = 'arn:aws:acm:eu-west-1:444444444444:certificate/12345678-1234-1234-1234-123456789012'
  const own = templateOf({ http: { host: '@' } }, 'prod', { certificate, zone: undefined })
  expect(only(own, `${PREFIX}DomainName`)).toMatchObject({
    DomainName: 'example.org',
    DomainNameConfigurations: [{ CertificateArn: certificate }],
  })
  expect([...allOf(own, 'AWS::CertificateManager::Certificate'), ...allOf(own, 'AWS::Route53::RecordSet')]).toEqual([])
})
