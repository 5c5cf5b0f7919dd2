import { z } from 'zod'
import { schedules } from './ecs-schedules.ts'
import { duration, section, text, whole } from './fields.ts'
import { serviceInfrastructure } from './service-infrastructure.ts'

const CAPACITIES = ['fargate', 'fargate-spot', 'ec2'] as const

const yes = (description: string) => z.boolean({ error: 'true or false' }).describe(description).optional()

const autoscaling = section(
  {
    min: whole(1, 5000, 'Fewest tasks.'),
    max: whole(1, 5000, 'Most tasks.'),
    cpu: whole(
      10,
      95,
      'Average use of the CPU, in per cent, that is kept to. Default: 60 where no other target is given.',
    ).optional(),
    memory: whole(10, 95, 'Average use of the memory, in per cent, that is kept to.').optional(),
    requests: whole(1, 1_000_000, 'Requests a minute and task that are kept to. Needs `port`.').optional(),
  },
  'How many tasks run, by what they have to do. It begins with the first run of the infrastructure after the first deployment.',
)

/** Keys of a service on ecs that only its infrastructure reads; they may also differ between environments. */
export const ecsInfrastructure = {
  ...serviceInfrastructure,
  host: text(
    /^(?:@|[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)$/,
    'one word before the domain, for example "www", or "@" for the domain itself',
    'Name under which the service is reached where the environment has a `domain`: the word before it, or `@` for the domain itself. Default: the name of the service.',
  ).optional(),
  path: text(
    /^(?=.{2,100}$)(?:\/[A-Za-z0-9._~-]+){1,3}$/,
    'a path of one to three parts without wildcards, for example "/api"',
    'Path under which the service is reached, with all that is below it. It arrives with the path, which is not cut off. Default: every path that no other service of the address has.',
  ).optional(),
  priority: whole(
    1,
    49_999,
    'Place of its rule among those of the load balancer, the lowest first. Default: derived from host and path.',
  ).optional(),
  stickiness: duration(
    '1s',
    '7d',
    'For how long a browser stays with the task that answered it first, by a cookie of the load balancer. Default: each request goes to any task.',
  ).optional(),
  capacity: z
    .enum(CAPACITIES, { error: `one of ${CAPACITIES.join(', ')}` })
    .describe(
      'What the tasks run on. `fargate-spot`: the first task and one of five others as before, the rest at a lower price on what AWS has left and may take back. `ec2`: on container instances of our own. Default: fargate.',
    )
    .optional(),
  autoscaling: autoscaling.optional(),
  schedules: schedules.optional(),
  shell: yes(
    'Whether a shell can be opened in a task with ECS Exec; what is typed there is logged. It makes the file system of the container writable. Default: false.',
  ),
  readonly: yes('Whether the container cannot write to its own file system. Default: true, and false with `shell`.'),
}
