import { expect, it } from 'vitest'
import { example } from './configuration.case.ts'
import { checkConfiguration } from './parse.ts'

/** What is found in the example whose functions, and whatever else, are changed so. */
const found = (events: object, more: (configuration: ReturnType<typeof example>) => void = () => undefined): string[] => {
  const configuration = example()
  more(configuration)
  Object.assign(configuration.services['events'] ?? {}, events)
  const checked = checkConfiguration(JSON.stringify(configuration))
  return 'problems' in checked ? checked.problems.map(({ path, message }) => `${path} ${message}`) : []
}

const two = { a: {}, b: {} }

it.each<[string, object, RegExp]>([
  [
    'an API in front of two functions that says not who answers',
    { functions: two, http: {} },
    /^services\.events\.http needs 'routes' that say which of a, b answers what$/,
  ],
  [
    'a route to another function',
    { functions: two, http: { routes: { 'GET /x': 'c' } } },
    /^services\.events\.http\.routes\["GET \/x"\] must name a function of this service \(one of a, b\), got "c"$/,
  ],
  [
    'a route without a method',
    { http: { routes: { '/x': 'events' } } },
    /must be a method and a path, for example "GET \/orders\/\{id\}", or "\$default", got "\/x"$/,
  ],
  ['no route', { http: { routes: {} } }, /must be an object with at least one route, got \{\}$/],
  ['every origin', { http: { cors: { origins: ['*'] } } }, /must be an origin without "\*", .* got "\*"$/],
  ['every origin of a domain', { http: { cors: { origins: ['https://*.example.org'] } } }, /must be an origin without "\*"/],
  [
    'a public route that is none',
    { http: { routes: { 'GET /x': 'events' }, authorizer: { issuer: 'https://a.b', audience: ['c'], public: ['GET /y'] } } },
    /authorizer\.public must name routes of 'routes' \(one of GET \/x\), got "GET \/y"$/,
  ],
  [
    'an issuer without https',
    { http: { authorizer: { issuer: 'http://a.b', audience: ['c'] } } },
    /issuer must be an address with https/,
  ],
  [
    'a function that takes longer than its API',
    { http: {}, timeout: '30s' },
    /^services\.events\.timeout must be at most 29s behind 'http', .* got "30s"; shorten it/,
  ],
  [
    'the same in one environment',
    { http: {}, in: { prod: { timeout: '1m' } } },
    /^services\.events\.in\.prod\.timeout must be at most 29s/,
  ],
  ['a variable of Lambda', { variables: { AWS_REGION: 'x' } }, /^services\.events\.variables has AWS_REGION, which is set for/],
  [
    'the variable that names the secret',
    { variables: { SECRET_ID: 'x' }, secrets: ['TOKEN'] },
    /^services\.events\.variables has SECRET_ID/,
  ],
  [
    'variables beyond 4 KB',
    { variables: { A: 'x'.repeat(4096) } },
    /^services\.events\.variables takes 4097 bytes in dev, Lambda allows 4096/,
  ],
  [
    'a wildcard instead of a service',
    { permissions: [{ actions: ['*'], resources: ['arn:aws:s3:::b'] }] },
    /must be an action of IAM with its service.* got "\*"$/,
  ],
  [
    'every resource there is',
    { permissions: [{ actions: ['s3:GetObject'], resources: ['*'] }] },
    /must be the ARN of a resource.* got "\*"$/,
  ],
  ['a time that CloudWatch Logs does not know', { logs: 2 }, /logs must be for how many days they are kept: one of 1, 3, 5/],
])('%s is refused where it is said', (_, events, message) => {
  expect(found(events)).toEqual([expect.stringMatching(message)])
})

it('takes whole sets of what an API may have, and long functions without one', () => {
  const authorizer = { issuer: 'https://login.example.org', audience: ['shop'], public: ['GET /version'] }
  expect(found({ http: { authorizer, cors: { origins: ['https://shop.example.org'] }, throttle: { rate: 5 } } })).toEqual([])
  expect(found({ functions: two, http: { routes: { 'ANY /a/{proxy+}': 'a', $default: 'b' } } })).toEqual([])
  expect(found({ timeout: '15m' })).toEqual([])
})

it('refuses functions where the registry is in another region, once', () => {
  const elsewhere = found({}, ({ environments }) => {
    for (const environment of Object.values(environments)) environment.region = 'eu-central-1'
  })
  expect(elsewhere).toEqual([
    expect.stringMatching(
      /^services\.events cannot run in dev: Lambda takes images only from a registry in its own region, and dev is in eu-central-1, the registry in eu-west-1; have both in one region$/,
    ),
  ])
})

it('refuses functions whose image is an index', () => {
  const both = found({}, ({ images }) => {
    Object.assign(images['app'] ?? {}, { platforms: ['linux/amd64', 'linux/arm64'] })
  })
  expect(both).toEqual([
    expect.stringMatching(
      /^services\.events\.image must name an image of one platform.*give the functions an image of their own$/,
    ),
  ])
})

it('refuses an API where its domain has no certificate, or another service answers', () => {
  const bare = found({ http: {} }, ({ environments, services }) => {
    delete environments['prod']?.zone
    delete services['api']
    delete services['events']?.dependsOn
  })
  expect(bare).toEqual([
    expect.stringMatching(
      /^environments\.prod\.domain has no certificate, without which the API of events .*add 'zone'.*or 'certificate'/,
    ),
  ])
  expect(found({ http: { host: 'api' } })).toEqual([
    "services.events would answer at the same address as api in prod, api.example.org; give one of them another 'host'",
  ])
  expect(found({ http: { host: '@' } })).toEqual([])
})
