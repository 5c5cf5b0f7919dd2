import { z } from 'zod'
import { list, section, text, whole } from './fields.ts'

const oneOf = <const T extends readonly [string, ...string[]]>(values: T, description: string) =>
  z.enum(values, { error: `one of ${values.join(', ')}` }).describe(description)

/** Interface endpoints that a network may have, by the name of their service. */
const ENDPOINTS = [
  ...(['cloudformation', 'ecr.api', 'ecr.dkr', 'logs', 'monitoring'] as const),
  ...(['secretsmanager', 'ssm', 'ssmmessages', 'sts'] as const),
] as const

/** Retention times that CloudWatch Logs knows, in days. */
const DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653]

const KEPT = `for how many days they are kept: one of ${DAYS.join(', ')}`

/** How long something in CloudWatch Logs is kept. */
export const keptFor = (description: string, error = KEPT) =>
  z
    .int({ error })
    .refine((days) => DAYS.includes(days), { error })
    .describe(description)

export const network = section(
  {
    cidr: text(
      /^(?:10\.\d{1,3}|172\.(?:1[6-9]|2\d|3[01])|192\.168)\.\d{1,3}\.\d{1,3}\/(?:1[6-9]|2[0-4])$/,
      'a private range of addresses from /16 to /24, for example "10.20.0.0/16"',
      'Addresses of the network. Default: 10.0.0.0/16.',
    ).optional(),
    zones: whole(1, 3, 'In how many availability zones it is. A load balancer needs two. Default: 2.').optional(),
    subnets: oneOf(
      ['private', 'public'],
      'Where services run. `private`: without an address of their own. `public`: each with a public address, which saves the NAT gateway; only the load balancer is let in. Default: private.',
    ).optional(),
    nat: oneOf(
      ['none', 'one', 'per-zone'],
      'NAT gateways, by which private subnets reach the internet. `one` is cheaper, `per-zone` survives the loss of a zone. Default: one where services run in private subnets, else none.',
    ).optional(),
    endpoints: list(
      oneOf(ENDPOINTS, 'A service of AWS.'),
      '["ecr.api", "ecr.dkr", "logs"]',
      'Services of AWS that are reached inside the network, each at a price by the hour and zone. That of S3 is always there and free. Default: none.',
    ).optional(),
    flowLogs: z
      .union([z.literal(false), keptFor('Days.', `false, or ${KEPT}`)], { error: `false, or ${KEPT}` })
      .describe('For how many days the record of connections is kept; `false` records none. Default: 30.')
      .optional(),
  },
  'The network of an environment. Made where a service on ecs or ec2 is not one that exists already.',
)

export type Network = z.infer<typeof network>
export type Endpoint = (typeof ENDPOINTS)[number]
