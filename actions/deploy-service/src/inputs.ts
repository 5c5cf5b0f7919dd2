import { isDigest, parseImage } from '../../../lib/image.ts'
import {
  accountId,
  awsRegion,
  command,
  duration,
  exclude,
  flag,
  integer,
  json,
  keyValues,
  matching,
  oneOf,
  optional,
  type Parser,
  refuse,
  required,
  roleArn,
  text,
} from '../../../lib/runner/inputs.ts'
import { PLACE_INPUTS, placeInputs, TARGETS } from './inputs/place.ts'

const URL_TEXT = matching(/^https?:\/\/[^\s]+$/, 'an http or https address')

const IMAGE = 'an image in ECR with its digest or tag, for example 111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/app@sha256:…'

const image: Parser<string> = (value, name) => {
  const { tag, digest } = parseImage(value) ?? {}
  return tag === undefined && digest === undefined ? refuse(name, IMAGE, value) : value
}

const images: Parser<Record<string, string>> = (value, name) => {
  const pairs = keyValues('container=image')(value, name)
  for (const [container, reference] of Object.entries(pairs)) image(reference, `${name}' for '${container}`)
  return pairs
}

const digests: Parser<Record<string, string>> = (value, name) => {
  const parsed = json(value, name)
  const entries = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? Object.entries(parsed) : undefined
  if (entries?.every(([, digest]) => typeof digest === 'string' && isDigest(digest))) return Object.fromEntries(entries)
  return refuse(name, 'a JSON object of image names and digests, for example {"app":"sha256:…"}', value)
}

const failFast: Parser<number | 'off'> = (value, name) => {
  if (value === 'off') return 'off'
  if (/^\d+$/.test(value)) return integer(1, 100)(value, name)
  return refuse(name, 'off, or a whole number from 1 to 100', value)
}

const limits = () => ({
  timeout: optional('timeout', duration('1s', '6h')) ?? 1_800_000,
  failFast: optional('fail-fast', failFast) ?? 2,
  inProgress: optional('in-progress', oneOf('supersede', 'fail')),
  pollInterval: optional('poll-interval', duration('500ms', '1m')) ?? 2_750,
  requestTimeout: optional('request-timeout', duration('1s', '5m')) ?? 15_000,
  smokeTimeout: optional('smoke-timeout', duration('1s', '10m')) ?? 30_000,
  dryRun: optional('dry-run', flag) ?? false,
  leaseTimeout: optional('lease-timeout', duration('0s', '6h')) ?? 1_800_000,
  leaseDuration: optional('lease-duration', duration('2s', '1h')) ?? 120_000,
})

/** What is done with a plan, see `operation` in action.yml. */
const OPERATIONS = ['deploy', 'seed', 'prove'] as const
export type Operation = (typeof OPERATIONS)[number]

/** One service that exists already, named by hand. */
const serviceInputs = () => {
  for (const name of ['operation', 'digests', 'credentials', 'on-failure', 'lease-timeout', 'lease-duration', 'github-token'])
    exclude(name, "goes with 'plan'; a single service does not need it")
  const target = optional('target', oneOf(...TARGETS)) ?? 'ecs'
  const single = optional('image', image)
  const several = target === 'ecs' ? optional('images', images) : undefined
  if (single === undefined && several === undefined)
    throw new Error("input 'image' is required and was not given ('images' for several containers, or 'plan' for a release)")
  if (single !== undefined && several !== undefined) throw new Error("inputs 'image' and 'images' exclude each other")
  const container = target === 'ecs' ? optional('container', text) : undefined
  if (container !== undefined && several !== undefined)
    throw new Error("input 'container' goes with 'image'; 'images' names its containers itself")
  const smokeUrl = optional('smoke-url', URL_TEXT)
  const smokeVersion = optional('smoke-version', text)
  const account = required('aws-account-id', accountId)
  const role = optional('role-to-assume', roleArn)
  if (role !== undefined && role.split(':')[4] !== account) {
    throw new Error(
      `inputs 'role-to-assume' and 'aws-account-id' disagree: the role belongs to ${role.split(':')[4]}, expected ${account}`,
    )
  }
  const region = required('aws-region', awsRegion)
  const place = placeInputs(target, smokeVersion)
  if (smokeVersion !== undefined && smokeUrl === undefined && target === 'ecs')
    throw new Error("input 'smoke-version' needs 'smoke-url'")
  return {
    form: 'service' as const,
    ...limits(),
    account,
    region,
    role,
    place,
    images: several ?? { [container ?? '']: single ?? '' },
    preDeploy: optional('pre-deploy', command),
    initialCount: optional('initial-count', integer(1, 5_000)),
    allowZero: optional('allow-zero', flag) ?? false,
    smokeUrl,
    smokeVersion,
  }
}

const ONLY_PLAIN = [
  'image',
  'images',
  'container',
  'pre-deploy',
  'initial-count',
  'allow-zero',
  'smoke-url',
  'smoke-version',
  'aws-account-id',
  'aws-region',
  'role-to-assume',
]

/** A release as `plan-delivery` planned it. */
const planInputs = (plan: unknown) => {
  for (const name of [...PLACE_INPUTS, ...ONLY_PLAIN]) exclude(name, "is part of the plan; give it or 'plan', not both")
  return {
    form: 'plan' as const,
    ...limits(),
    plan,
    operation: optional('operation', oneOf(...OPERATIONS)) ?? 'deploy',
    digests: optional('digests', digests) ?? {},
    credentials: optional('credentials', oneOf('oidc', 'ambient')) ?? 'oidc',
    onFailure: optional('on-failure', oneOf('rollback-release', 'keep')) ?? 'rollback-release',
    gitHubToken: optional('github-token', text),
  }
}

export type ServiceInputs = ReturnType<typeof serviceInputs>
export type PlanInputs = ReturnType<typeof planInputs>
export type Inputs = ServiceInputs | PlanInputs

/** Reads all inputs once, and refuses what does not fit together. */
export const readInputs = (): Inputs => {
  const plan = optional('plan', json)
  return plan === undefined ? serviceInputs() : planInputs(plan)
}
