import type { Cause } from '../../target.ts'
import type { Code } from './functions.ts'

type Remedy = string | ((about: About) => string)
/** What a remedy names: the function, and where its image comes from. */
export type About = { arn: string; image: string }

/** The statement that Lambda needs in the policy of a repository (Lambda guide, Amazon ECR permissions). */
const repositoryPolicy = ({ arn }: About): string => {
  const [, , , , account = ''] = arn.split(':')
  const Action = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer']
  const service = {
    Sid: 'LambdaPull',
    Effect: 'Allow',
    Principal: { Service: 'lambda.amazonaws.com' },
    Action,
    Condition: { ArnLike: { 'aws:SourceArn': arn } },
  }
  const caller = { Sid: 'AccountPull', Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action }
  return JSON.stringify([service, caller])
}

const ACCESS: Remedy = (about) =>
  `Add to the policy of the repository of ${about.image} (the second statement where it is in another account): ${repositoryPolicy(about)}`
const GONE =
  'The image is no longer in its repository, as after a lifecycle rule: keep what is deployed by a tag that no rule expires, and deploy an image that is there'
const IMAGE = 'Look at the entry point, command and working directory of the image, and at the platform that it is built for'
const CODE = 'The code failed while it was started: see its log lines'
const KEY = "Look at the function's execution role, and at the key that encrypts its environment"
const NETWORK = "Look at the function's subnets, security groups and file systems"
const SERVICE = 'A fault or a limit on the side of AWS: run the job again'

/** By the codes of AWS; those that end in `*` stand for all that begin so. */
const REMEDIES: Record<string, Remedy> = {
  ImageAccessDenied: ACCESS,
  ImageDeleted: GONE,
  InvalidImage: IMAGE,
  'FunctionError.InvalidEntryPoint': IMAGE,
  'FunctionError.InvalidWorkingDirectory': IMAGE,
  'FunctionError.PermissionDenied': IMAGE,
  'FunctionError*': CODE,
  InsufficientRolePermissions: KEY,
  'KMSKey*': KEY,
  DisabledKMSKey: KEY,
  InvalidStateKMSKey: KEY,
  InvalidSubnet: NETWORK,
  InvalidSecurityGroup: NETWORK,
  SubnetOutOfIPAddresses: NETWORK,
  EniLimitExceeded: NETWORK,
  DisallowedByVpcEncryptionControl: NETWORK,
  'EFS*': NETWORK,
  InternalError: SERVICE,
  DependencyError: SERVICE,
  ServiceQuotaExceededException: SERVICE,
  EC2RequestLimitExceeded: SERVICE,
  InsufficientCapacity: SERVICE,
  VcpuLimitExceeded: SERVICE,
  CapacityProviderScalingLimitExceeded: SERVICE,
}

const remedyOf = (code: string): Remedy | undefined =>
  REMEDIES[code] ?? Object.entries(REMEDIES).find(([key]) => key.endsWith('*') && code.startsWith(key.slice(0, -1)))?.[1]

/** A failure on AWS's side: the same update may succeed when it is asked for again. */
export const isPassingCode = (code: string): boolean => remedyOf(code) === SERVICE

/** The code of what went wrong with an update, or with making a version ready. */
export const reasonCode = ({ update, configuration }: Code): string =>
  (update === 'Failed' ? configuration.LastUpdateStatusReasonCode : configuration.StateReasonCode) ?? ''

/** Why an update failed, or a version did not become active, in AWS's words with the code, and what to do. */
export const causeOf = (name: string, code: Code, about: About): Cause => {
  const { configuration, update, state } = code
  const text = (update === 'Failed' ? configuration.LastUpdateStatusReason : configuration.StateReason) ?? 'AWS gives no reason'
  const reason = reasonCode(code)
  const what = update === 'Failed' ? 'the update failed' : `version ${code.version} is ${state}`
  return cause(name, `${name}: ${what}: ${text}${reason === '' ? '' : ` (${reason})`}`, remedyOf(reason), about)
}

/** Lambda checks some of it before it accepts an update; then it answers in a sentence and without a code. */
export const causeOfRefusal = (name: string, message: string, about?: About): Cause => {
  if (about === undefined) return cause(name, `${name}: ${message}`, undefined, { arn: '', image: '' })
  if (/permission to access the ECR image/.test(message)) return cause(name, `${name}: ${message}`, ACCESS, about)
  if (/Source image .* does not exist/.test(message)) return cause(name, `${name}: ${message}`, GONE, about)
  return cause(name, `${name}: ${message}`, undefined, about)
}

const cause = (container: string, reason: string, remedy: Remedy | undefined, about: About): Cause => ({
  reason,
  count: 1,
  container,
  ...(remedy !== undefined && { remedy: typeof remedy === 'string' ? remedy : remedy(about) }),
})
