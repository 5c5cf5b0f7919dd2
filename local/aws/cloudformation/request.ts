import { randomUUID } from 'node:crypto'
import { AwsError } from '../service.ts'
import { type Engine, findStack, type Place, type Stack, type Template, validation } from './model.ts'

/** Bytes: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const LONGEST = 51_200

/** Reads a template. Throws CloudFormation's errors, and by its name on a section that is not served. */
export const parseTemplate = (body: string): Template => {
  if (Buffer.byteLength(body) > LONGEST) {
    const rule = `Member must have length less than or equal to ${LONGEST}`
    throw validation(`1 validation error detected: Value '…' at 'templateBody' failed to satisfy constraint: ${rule}`)
  }
  let template: Template & Record<string, unknown>
  try {
    template = JSON.parse(body)
  } catch {
    throw validation('Template format error: JSON not well-formed.')
  }
  if (template.Resources === undefined) throw validation('Template format error: At least one Resources member must be defined.')
  const known = ['AWSTemplateFormatVersion', 'Description', 'Metadata', 'Parameters', 'Conditions', 'Resources', 'Outputs']
  const other = Object.keys(template).find((key) => !known.includes(key))
  if (other !== undefined) throw validation(`Template format error: ${other} is not served here`)
  return template
}

/** Whoever makes identities has to say so. */
export const requireCapabilities = ({ Resources }: Template, given: string[]): void => {
  const identities = Object.values(Resources).filter(({ Type }) =>
    /^AWS::IAM::(Role|ManagedPolicy|InstanceProfile|User|Group)$/.test(Type),
  )
  if (identities.length === 0 || given.includes('CAPABILITY_NAMED_IAM')) return
  const named = identities.some(({ Properties = {} }) => Object.keys(Properties).some((key) => /Name$/.test(key)))
  if (!named && given.includes('CAPABILITY_IAM')) return
  const message = `Requires capabilities : [CAPABILITY_${named ? 'NAMED_' : ''}IAM]`
  throw new AwsError('InsufficientCapabilitiesException', message)
}

type Asked = { StackName: string; ChangeSetName: string; ChangeSetType?: 'CREATE' | 'UPDATE' }

/** The stack to be changed, or one in review for the change set of a new one. */
export const stackFor = (engine: Engine, place: Place, { StackName, ChangeSetType = 'UPDATE', ChangeSetName }: Asked): Stack => {
  const found = findStack(engine, place, StackName)
  if (ChangeSetType === 'CREATE') {
    if (found !== undefined && found.status !== 'REVIEW_IN_PROGRESS')
      throw validation(`Stack [${StackName}] already exists and cannot be created again with the changeSet [${ChangeSetName}].`)
    return found ?? newStack(engine, place, StackName)
  }
  if (found === undefined) throw validation(`Stack [${StackName}] does not exist`)
  const open = ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE']
  if (!open.includes(found.status)) throw validation(`Stack:${found.id} is in ${found.status} state and can not be updated.`)
  return found
}

const newStack = (engine: Engine, { account, region }: Place, name: string): Stack => ({
  id: `arn:aws:cloudformation:${region}:${account}:stack/${name}/${randomUUID()}`,
  name,
  place: { account, region },
  status: 'REVIEW_IN_PROGRESS',
  reason: undefined,
  desired: undefined,
  role: undefined,
  capabilities: [],
  terminationProtection: false,
  resources: new Map(),
  outputs: [],
  events: [],
  changeSets: new Map(),
  createdAt: engine.time.now(),
  updatedAt: undefined,
  deletedAt: undefined,
  running: undefined,
})
