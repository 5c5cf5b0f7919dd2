import { z } from 'zod'
import { ec2Infrastructure } from './ec2-infrastructure.ts'
import { ecsInfrastructure } from './ecs-infrastructure.ts'
import { command, duration, list, NAME, NAME_EXPECTED, named, section, text, variableName, variables, whole } from './fields.ts'
import { lambdaInfrastructure } from './lambda-infrastructure.ts'
import { scheduleExpression } from './schedule.ts'
import { ec2Names, ecsNames, lambdaNames } from './service-names.ts'

/** Keys of every service that may also differ between environments. */
const adjustable = {
  variables: variables('Environment variables. They are readable by whoever may read the configuration: no secrets.').optional(),
  secrets: list(
    variableName('Name of the environment variable.'),
    '["DATABASE_URL"]',
    'Environment variables whose values come from Secrets Manager.',
  ).optional(),
  url: text(
    /^https?:\/\/[^\s/?#]+(?:\/[^\s?#]*)?$/,
    'an address, for example "https://api.example.org"',
    'Address of the service. After a deployment `/version` is asked there for the content tag.',
  ).optional(),
}

/** Not with hosts: nothing looks at alarms while they are switched. */
const alarms = list(
  text(/^[ -~]{1,255}$/, 'the name of a CloudWatch alarm', 'Name of an alarm.'),
  '["shop-prod-api-5xx"]',
  'CloudWatch alarms that fail a deployment when they go off during it.',
).optional()

const traffic = list(
  section(
    {
      percent: whole(1, 99, 'Share of the requests that the new version gets.'),
      for: duration('10s', '1h', 'How long it is watched with this share.'),
    },
    'A step of the traffic.',
  ),
  '[{ "percent": 10, "for": "5m" }]',
  'Steps in which a new version gets the traffic. Between them alarms and errors are looked at. Default: all at once.',
  10,
).optional()

const containers = {
  count: whole(
    0,
    5000,
    'How many copies run. Only for the creation; afterwards the count belongs to the service. Default: 1.',
  ).optional(),
  stopTimeout: duration('2s', '120s', 'How long a container may take to stop before it is killed. Default: 30s.').optional(),
}

const size = {
  cpu: whole(
    256,
    16384,
    'CPU units of a task; 1024 are one vCPU. Fargate takes certain pairs of cpu and memory only.',
  ).optional(),
  memory: whole(512, 122880, 'Memory of a task in MiB.').optional(),
}

const lambdaSize = { memory: whole(128, 10240, 'Memory of each function in MiB. Default: 512.').optional() }
const lambdaSchedule = {
  schedule: scheduleExpression('When EventBridge invokes the functions, in UTC.').optional(),
}

const common = {
  image: text(NAME, NAME_EXPECTED, 'Name of the image, one of `images`.'),
  dependsOn: list(
    text(NAME, NAME_EXPECTED, 'Name of a service.'),
    '["api"]',
    'Services that must be proven before this one is deployed.',
  ).optional(),
}

const served = {
  port: whole(1, 65535, 'Port on which the container listens. A service without a port is a worker.').optional(),
  health: text(
    /^\/[^\s?#]*$/,
    'a path, for example "/healthz"',
    'Path that answers 200 when the container is ready. Needs `port`.',
  ).optional(),
  preDeploy: command(
    'Command that runs once, to its end, in the new image before anything is deployed. It must be idempotent: a run that was killed runs it again.',
  ).optional(),
}

const inEnvironments = <T extends z.ZodRawShape>(adjusted: T) => ({
  in: named(
    section(adjusted, 'What differs in this environment.'),
    NAME,
    'What differs by environment. `variables` and `names` are merged key by key, everything else replaces.',
  ).optional(),
})

const ecsAdjusted = { ...adjustable, alarms, ...containers, ...size, ...ecsNames, ...ecsInfrastructure }
const lambdaAdjusted = {
  ...adjustable,
  alarms,
  ...lambdaSize,
  ...lambdaSchedule,
  ...lambdaNames,
  ...lambdaInfrastructure,
  traffic,
}
const ec2Adjusted = {
  ...adjustable,
  ...containers,
  ...ec2Names,
  ...ec2Infrastructure,
  batch: whole(1, 50, 'Hosts that are switched side by side once the first one is proven. Default: 5.').optional(),
}

const smoke = z
  .union([z.literal('version'), z.record(z.string(), z.json())], {
    error: '"version", or an event, for example { "ping": true }',
  })
  .describe(
    'What the new version is asked before it gets traffic: "version" sends `GET /version` as an HTTP API does and compares the content tag; an event must end without an error. Default: it is not invoked.',
  )

const lambdaFunction = section(
  {
    command: command('Command of the image, which names the handler. Default: the image’s own.').optional(),
    smoke: smoke.optional(),
  },
  'A function of the service.',
)

const targets = {
  ecs: section(
    {
      target: z.literal('ecs').describe('Runs as an ECS service on Fargate.'),
      ...common,
      ...served,
      ...ecsAdjusted,
      ...inEnvironments(ecsAdjusted),
    },
    'A service on ECS.',
  ),
  lambda: section(
    {
      target: z.literal('lambda').describe('Runs as Lambda functions from the image.'),
      ...common,
      functions: named(
        lambdaFunction,
        NAME,
        'Functions of the service, all from its image. Default: one, named as the service.',
      ).optional(),
      ...lambdaAdjusted,
      ...inEnvironments(lambdaAdjusted),
    },
    'A service on Lambda.',
  ),
  ec2: section(
    {
      target: z.literal('ec2').describe('Runs as a container on EC2 hosts.'),
      ...common,
      ...served,
      ...ec2Adjusted,
      ...inEnvironments(ec2Adjusted),
    },
    'A service on EC2 hosts.',
  ),
}

export const TARGETS = ['ecs', 'lambda', 'ec2'] as const

/** Keys that only services of some targets have, for the remedy of an unknown key. */
export const targetsWith = (key: string): string[] => TARGETS.filter((target) => Object.hasOwn(targets[target].shape, key))

export const service = z.discriminatedUnion('target', [targets.ecs, targets.lambda, targets.ec2], {
  error: (issue) => (issue.code === 'invalid_union' ? `one of ${TARGETS.join(', ')}` : 'an object'),
})
