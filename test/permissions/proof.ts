import { runSimulation } from '@cloud-copilot/iam-simulate'
import { evaluate, type PolicyDocument } from '../../local/aws/policy.ts'
import type { RecordedCall } from '../../local/aws/recorder.ts'
import type { Authorization } from '../../local/aws/service.ts'

type Role = { arn: string; account: string; policies: PolicyDocument[]; boundary: PolicyDocument }

/** What a role was asked for and may not do, and what it may do and was never asked for. */
export type Gap = { denied: string[]; unused: string[] }

/** Calls that need no permission. */
const FREE = ['sts:GetCallerIdentity', 'sts:AssumeRoleWithWebIdentity']

/**
 * Compares a role with the calls that were recorded of it. The judge is iam-simulate, which knows AWS's actions, resource types
 * and condition keys, with the boundary above the policies; the resource's own policy is not asked.
 * `reasons` names actions that no recorded call uses, and why they are granted. `part` limits what has to be used to statements
 * whose Sid begins so.
 */
export const gapOf = async (
  role: Role,
  calls: readonly RecordedCall[],
  reasons: Record<string, string> = {},
  part = '',
): Promise<Gap> => {
  const asked = new Map<string, Authorization>()
  for (const authorization of calls.flatMap(({ authorizations }) => authorizations)) {
    if (!FREE.includes(authorization.action)) asked.set(JSON.stringify(authorization), authorization)
  }
  const denied: string[] = []
  for (const authorization of asked.values()) {
    const answer = await judge(role, authorization)
    if (answer !== 'Allowed') denied.push(`${authorization.action} on ${authorization.resource}: ${answer}`)
  }
  const used = new Set([...asked.values()].map(({ action }) => action))
  const granted = new Set(role.policies.flatMap((policy) => actionsOf(policy, part)))
  const unused = [...granted].filter((action) => !used.has(action) && reasons[action] === undefined)
  const idle = Object.keys(reasons).filter((action) => used.has(action) || !granted.has(action))
  return { denied, unused: [...unused, ...idle.map((action) => `${action} has a reason and needs none`)] }
}

const actionsOf = ({ Statement }: PolicyDocument, part: string): string[] =>
  [Statement]
    .flat()
    .flatMap(({ Sid = '', Effect, Action = [] }) => (Effect === 'Allow' && Sid.startsWith(part) ? [Action].flat() : []))

const judge = async ({ arn, account, policies, boundary }: Role, { action, resource, context = {} }: Authorization) => {
  const result = await runSimulation(
    {
      request: {
        principal: arn,
        action,
        resource: { resource, accountId: account },
        contextVariables: { 'aws:RequestedRegion': 'eu-west-1', ...context },
      },
      identityPolicies: policies.map((policy, index) => ({ name: String(index), policy })),
      permissionBoundaryPolicies: [{ name: 'boundary', policy: boundary }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  )
  if (result.resultType !== 'error') return result.overallResult
  // The ARN of an alias is also one of a version, and it asks which one is meant; the policies do not.
  if (result.errors.message !== 'multiple.resource.types') return JSON.stringify(result.errors)
  return evaluate(policies, { action, resource, context }) === 'allowed' ? 'Allowed' : 'Denied'
}
