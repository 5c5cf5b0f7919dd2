import { Refusal } from '../../../lib/refusal.ts'
import type { PolicyDocument } from './policy.ts'

/** Characters that IAM takes, white space not counted: of all inline policies of a role together, and of a managed policy. */
const INLINE = 10_240
const MANAGED = 6_144

/** Policies grow with services that have names of their own. */
export const checkSizes = (role: string, permissions: PolicyDocument): void =>
  refuseAbove(INLINE, `the permissions of ${role} have`, permissions)

export const checkManagedSize = (name: string, document: PolicyDocument): void =>
  refuseAbove(MANAGED, `the policy ${name} has`, document)

const refuseAbove = (limit: number, what: string, document: PolicyDocument): void => {
  const size = JSON.stringify(document).length
  if (size <= limit) return
  throw new Refusal(
    `${what} ${size} characters, IAM takes ${limit}; use fewer services in this environment, fewer environments in its account, or shorter names`,
  )
}
