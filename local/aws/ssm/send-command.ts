import type { SendCommandRequest } from '@aws-sdk/client-ssm'
import type { Fleet, Instance } from '../ec2/fleet.ts'
import { type Authorization, AwsError, type Call } from '../service.ts'
import { documentArn } from './document-operations.ts'
import { isManaged } from './instance-information.ts'
import { validation } from './parameter-store.ts'

type Bound = [member: string, holds: boolean, rule: string]

/** Throws AWS's errors for a request that breaks a bound of https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_SendCommand.html */
export const requireBounds = (request: SendCommandRequest): void => {
  const { InstanceIds: ids = [], Targets: targets = [], TimeoutSeconds: timeout = 3600, Comment: comment = '' } = request
  const { MaxConcurrency: concurrency = '50', MaxErrors: errors = '0', DocumentHashType: hashType = 'Sha256' } = request
  const bounds: Bound[] = [
    ['instanceIds', ids.length <= 50, 'have length less than or equal to 50'],
    ['targets', targets.length <= 5, 'have length less than or equal to 5'],
    ['targets.values', targets.every(({ Values = [] }) => Values.length <= 50), 'have length less than or equal to 50'],
    ['timeoutSeconds', timeout >= 30, 'have value greater than or equal to 30'],
    ['timeoutSeconds', timeout <= 2_592_000, 'have value less than or equal to 2592000'],
    ['comment', comment.length <= 100, 'have length less than or equal to 100'],
    ['maxConcurrency', /^([1-9][0-9]*|[1-9][0-9]%|[1-9]%|100%)$/.test(concurrency), 'satisfy regular expression pattern'],
    ['maxErrors', /^([1-9][0-9]*|[0]|[1-9][0-9]%|[0-9]%|100%)$/.test(errors), 'satisfy regular expression pattern'],
    ['documentHashType', /^Sha(1|256)$/.test(hashType), 'satisfy enum value set: [Sha256, Sha1]'],
  ]
  const broken = bounds.find(([, holds]) => !holds)
  if (broken !== undefined) {
    const [member, , rule] = broken
    throw validation(`1 validation error detected: Value at '${member}' failed to satisfy constraint: Member must ${rule}`)
  }
  if (ids.length > 0 && targets.length > 0) throw validation('InstanceIds and Targets cannot be used together.')
  if (ids.length === 0 && targets.length === 0) throw validation('One of InstanceIds and Targets is required.')
  if (new Set(ids).size < ids.length) throw new AwsError('DuplicateInstanceId', 'An instance ID is given more than once.')
}

const chosen = (
  { InstanceIds = [], Targets = [] }: SendCommandRequest,
  fleet: Fleet,
  { principal, region }: Call,
): Instance[] => {
  const managed = fleet.in(principal.account, region).filter(isManaged)
  if (InstanceIds.length > 0) return managed.filter(({ instanceId }) => InstanceIds.includes(instanceId))
  return managed.filter((instance) =>
    Targets.every(({ Key = '', Values = [] }) => {
      if (Key === 'InstanceIds') return Values.includes(instance.instanceId)
      const [, tag] = /^tag:(.+)$/.exec(Key) ?? []
      if (tag === undefined) throw new AwsError('InvalidTarget', `The target ${Key} is not valid.`)
      return Values.includes(instance.tags[tag] ?? '')
    }),
  )
}

/** Ids of the instances that the request means. By id every one of them must be a managed node; a tag may match nothing. */
export const targetsOf = (request: SendCommandRequest, fleet: Fleet, call: Call): string[] => {
  const found = chosen(request, fleet, call)
  const missing = (request.InstanceIds ?? []).filter((id) => !found.some(({ instanceId }) => instanceId === id))
  if (missing.length > 0) {
    const message = `Instances [[${missing.join(', ')}]] not in a valid state for account ${call.principal.account}`
    throw new AwsError('InvalidInstanceId', message)
  }
  if (request.InstanceIds?.length && found.some(({ platform }) => platform !== 'Linux')) {
    throw new AwsError('UnsupportedPlatformType', 'The document does not support the platform type of the given instances.')
  }
  return request.InstanceIds?.length ? request.InstanceIds : found.map(({ instanceId }) => instanceId)
}

/** IAM is asked for the document and for every instance, the latter with its tags; the document does not carry them. */
export const authorizeSending = (request: SendCommandRequest, fleet: Fleet, call: Call): Authorization[] => {
  const prefix = `arn:aws:ec2:${call.region}:${call.principal.account}:instance/`
  const action = 'ssm:SendCommand'
  const instances = chosen(request, fleet, call).map(({ instanceId, tags }) => ({
    action,
    resource: prefix + instanceId,
    context: Object.fromEntries(
      Object.entries(tags).flatMap(([key, value]) => [
        [`ssm:resourceTag/${key}`, value],
        [`aws:ResourceTag/${key}`, value],
      ]),
    ),
  }))
  const unknown = (request.InstanceIds ?? [])
    .filter((id) => !instances.some(({ resource }) => resource === prefix + id))
    .map((id) => ({ action, resource: prefix + id }))
  return [{ action, resource: documentArn(request.DocumentName, call) }, ...instances, ...unknown]
}
