import { z } from 'zod'
import { text, whole } from './fields.ts'
import { serviceInfrastructure } from './service-infrastructure.ts'

/** Keys of a service on ec2 that only its infrastructure reads; they may also differ between environments. */
export const ec2Infrastructure = {
  ...serviceInfrastructure,
  instanceType: text(
    /^[a-z][a-z0-9-]{0,20}\.[a-z0-9-]{1,20}$/,
    'an instance type, for example "t3.small"',
    'Instance type of the hosts. Default: t3.small, or t4g.small where the image is built for linux/arm64 alone.',
  ).optional(),
  count: whole(
    0,
    5000,
    'How many hosts there are. Set when the stack is made and whenever it changes here, 0 ends all; until then another number that was set elsewhere stays. Default: 1.',
  ).optional(),
  volume: whole(
    8,
    16_384,
    'Size of the root volume of each host in GiB: system, images and containers. Always encrypted. Default: 20.',
  ).optional(),
  ami: text(
    /^ami-[0-9a-f]{8,17}$/,
    'the id of a machine image, for example "ami-0123456789abcdef0"',
    'Machine image of the hosts, of Amazon Linux 2023; each region has its own. Another one replaces the hosts one by one. Default: a host that starts takes the newest of Amazon Linux 2023, and hosts that run stay as they are.',
  ).optional(),
  host: text(
    /^(?:@|[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)$/,
    'one word before the domain, for example "www", or "@" for the domain itself',
    'Name under which a published service is reached where the environment has a `domain`: the word before it, or `@` for the domain itself. Default: the name of the service.',
  ).optional(),
  published: z
    .boolean({ error: 'true or false' })
    .describe(
      'Whether everybody may reach the service, on a fixed address of its one host: over HTTPS where the environment has a domain, else over plain HTTP. `false`: only the network of the environment may, over HTTP. Needs `port`. Default: true where there is a port.',
    )
    .optional(),
}
