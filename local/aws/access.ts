import { accessDenied } from './faults.ts'
import { evaluate, type PolicyDocument } from './policy.ts'
import type { Authorization, Call } from './service.ts'

/** Throws AWS's error unless the caller's identity policies allow all of it. */
export type Access = (call: Call, authorizations: Authorization[]) => void

/**
 * Identity policies by role ARN. Callers without policies (administrators, roles that state none) may do everything.
 * Permissions that a resource policy gives to a principal of the same account are not counted.
 */
export const createAccess =
  (policiesOf: (account: string, role: string) => PolicyDocument[] | undefined): Access =>
  (call, authorizations) => {
    const { account, role, arn } = call.principal
    const policies = role === undefined ? undefined : policiesOf(account, role)
    if (policies === undefined) return
    for (const { action, resource, context = {} } of authorizations) {
      const decision = evaluate(policies, { action, resource, context: { 'aws:RequestedRegion': call.region, ...context } })
      if (decision === 'allowed') continue
      const because =
        decision === 'explicitly-denied'
          ? 'with an explicit deny in an identity-based policy'
          : `because no identity-based policy allows the ${action} action`
      throw accessDenied(call.service, `User: ${arn} is not authorized to perform: ${action} on resource: ${resource} ${because}`)
    }
  }
