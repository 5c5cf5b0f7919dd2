import { z } from 'zod'
import { section, text, whole } from './fields.ts'
import { keptFor } from './network.ts'

const KEPT = 'false, or for how many days it is kept, from 1 to 3650'
const INSIGHTS = ['off', 'on', 'enhanced'] as const

/** What the services on ECS of an environment have in common. */
export const cluster = section(
  {
    insights: z
      .enum(INSIGHTS, { error: `one of ${INSIGHTS.join(', ')}` })
      .describe(
        'Container Insights of CloudWatch, at a price by metric. Default: on where the environment is protected, else off.',
      )
      .optional(),
    accessLogs: z
      .union([z.literal(false), z.int({ error: KEPT }).min(1, { error: KEPT }).max(3650, { error: KEPT })], { error: KEPT })
      .describe(
        'For how many days the record of requests is kept in S3; `false` records none. Default: 90 where the environment is protected, else false.',
      )
      .optional(),
    shellLogs: keptFor('For how many days it is kept what was typed with `shell`. Default: 365.').optional(),
    instances: section(
      {
        type: text(
          /^[a-z][a-z0-9-]*\.(?:nano|micro|small|medium|large|metal|\d{0,2}xlarge)$/,
          'an instance type, for example "m7i.large"',
          'Type of the instances. Default: t3.medium, or t4g.medium for images of linux/arm64.',
        ).optional(),
        most: whole(1, 100, 'How many there may be. There are as many as the tasks need. Default: 4.').optional(),
      },
      'Container instances for services with "capacity": "ec2". They stay as long as this is given, also while no service runs on them; `{}` is enough.',
    ).optional(),
  },
  'What the services on ECS have in common. Made where one of them is not one that exists already.',
)
