import { z } from 'zod'
import { duration, list, NAME, NAME_EXPECTED, section, text, whole } from './fields.ts'
import { serviceInfrastructure } from './service-infrastructure.ts'

const ROUTE = /^(?:\$default|(?:ANY|GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) \/\S{0,1000})$/
const ROUTE_EXPECTED = 'a method and a path, for example "GET /orders/{id}", or "$default"'
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const

const cors = section(
  {
    origins: list(
      text(/^https?:\/\/[^\s*/]+$/, 'an origin without "*", for example "https://shop.example.org"', 'An origin.'),
      '["https://shop.example.org"]',
      'Origins whose pages may read the answers, each in full.',
    ),
    methods: list(
      z.enum(METHODS, { error: `one of ${METHODS.join(', ')}` }).describe('A method.'),
      '["GET"]',
      'Methods that they may use. Default: GET, HEAD and POST.',
    ).optional(),
    headers: list(
      text(/^[A-Za-z0-9-]+$/, 'the name of a header', 'Name of a header.'),
      '["authorization"]',
      'Headers that they may send. Default: authorization and content-type.',
    ).optional(),
    credentials: z.boolean({ error: 'true or false' }).describe('Whether they may send cookies. Default: false.').optional(),
  },
  'Pages of other origins that may call the API. Default: none.',
)

const authorizer = section(
  {
    issuer: text(
      /^https:\/\/\S+$/,
      'an address with https, for example "https://login.example.org"',
      'Who issues the tokens, as the claim `iss` says. Its OpenID configuration must be public.',
    ),
    audience: list(
      text(/^\S+$/, 'an audience', 'An audience.'),
      '["shop"]',
      'Values of the claim `aud` of which a token has one.',
    ),
    public: list(text(ROUTE, ROUTE_EXPECTED, 'A route.'), '["GET /version"]', 'Routes that ask for no token.').optional(),
  },
  'JSON web tokens that callers must bring. Without it everybody may call the API.',
)

const http = section(
  {
    host: text(
      /^(?:@|[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)$/,
      'one word before the domain, for example "www", or "@" for the domain itself',
      'Name under which the API is reached where the environment has a `domain`: the word before it, or `@` for the domain itself. Default: the name of the service.',
    ).optional(),
    routes: z
      .record(
        z.string().regex(ROUTE, { error: ROUTE_EXPECTED }),
        text(NAME, NAME_EXPECTED, 'Name of a function of this service.'),
        {
          error: 'an object of routes and functions, for example { "GET /orders": "orders" }',
        },
      )
      .refine((routes) => Object.keys(routes).length > 0, { error: 'an object with at least one route' })
      .describe('Function that answers each route. Default: the only function answers all of them.')
      .optional(),
    cors: cors.optional(),
    throttle: section(
      {
        rate: whole(1, 10_000, 'Requests a second, on average.').optional(),
        burst: whole(1, 5_000, 'Requests at once.').optional(),
      },
      'Requests that are let through; the others are answered with 429. Default: a rate of 100 and a burst of 200.',
    ).optional(),
    authorizer: authorizer.optional(),
  },
  'An HTTP API in front of the functions; `{}` takes the defaults. Without it they have no address.',
)

/** Keys of a service on lambda that only its infrastructure reads; they may also differ between environments. */
export const lambdaInfrastructure = {
  ...serviceInfrastructure,
  http: http.optional(),
  timeout: duration(
    '1s',
    '15m',
    'How long an invocation may take. Behind `http` at most 29s, as its API answers for the function after 30. Default: 29s.',
  ).optional(),
  reservedConcurrency: whole(
    0,
    1_000,
    'Invocations of each function at once, kept for it from those of the account. Default: as many as the account has left.',
  ).optional(),
  tracing: z
    .boolean({ error: 'true or false' })
    .describe('Whether X-Ray records invocations, at a price. Default: false.')
    .optional(),
}
