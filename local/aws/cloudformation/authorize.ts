import type { Authorization, Call } from '../service.ts'
import { type Engine, findStack, requireChangeSet } from './model.ts'

/** ARN of the stack that a call is about; of any with that name where there is none yet. */
const stackArn = (engine: Engine, name: string | undefined, { principal: { account }, region }: Call): string => {
  if (name?.startsWith('arn:')) return name
  return findStack(engine, { account, region }, name)?.id ?? `arn:aws:cloudformation:${region}:${account}:stack/${name}/*`
}

/** What calls have in common. */
export type Named = {
  StackName?: string
  ChangeSetName?: string
  RoleARN?: string
  ClientRequestToken?: string
  NextToken?: string
}

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html */
export const authorize = (
  engine: Engine,
  operation: string,
  { StackName, ChangeSetName, RoleARN }: Named,
  call: Call,
): Authorization[] => {
  if (operation === 'ListStacks') return [{ action: 'cloudformation:ListStacks', resource: '*' }]
  const place = { account: call.principal.account, region: call.region }
  const ofSet = ChangeSetName?.startsWith('arn:') && StackName === undefined
  const resource = ofSet ? requireChangeSet(engine, place, ChangeSetName)[0].id : stackArn(engine, StackName, call)
  const [, setName = ChangeSetName] = /:changeSet\/([^/]+)\//.exec(ChangeSetName ?? '') ?? []
  const context = {
    ...(setName !== undefined && { 'cloudformation:ChangeSetName': setName }),
    ...(RoleARN !== undefined && { 'cloudformation:RoleArn': RoleARN }),
  }
  const passed = {
    action: 'iam:PassRole',
    resource: RoleARN ?? '',
    context: { 'iam:PassedToService': 'cloudformation.amazonaws.com' },
  }
  return [
    { action: `cloudformation:${operation}`, resource, ...(Object.keys(context).length > 0 && { context }) },
    ...(RoleARN === undefined ? [] : [passed]),
  ]
}
