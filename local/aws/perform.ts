import { accessDenied, type FaultEffect, type Faults, FrontEndPage, faultError } from './faults.ts'
import { evaluate, type PolicyDocument } from './policy.ts'
import type { OpenCall } from './recorder.ts'
import type { Authorization, Call } from './service.ts'

/** Identity policies of a role; undefined when it states none and so may do everything. */
type PoliciesOf = (account: string, role: string) => PolicyDocument[] | undefined

/**
 * Throws AWS's error unless the caller's identity policies allow all of it. Permissions that a resource policy gives to a
 * principal of its own account are not counted.
 */
const requirePermission = (policiesOf: PoliciesOf, call: Call, authorizations: Authorization[]): void => {
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

type Work<T> = {
  authorize(): Authorization[]
  run(): T | Promise<T>
  /** Breaks the client's connection. */
  reset(): void
  /** Sends the head of an answer that promises a body, and a part of it. */
  stall(): void
}

export type Perform = <T>(call: Call, recorded: OpenCall, work: Work<T>) => Promise<T>

/** The way of every call, of the API and of the registry: a fault may strike, IAM is asked, it runs. Errors are the caller's to record. */
export const createPerform =
  (faults: Faults, policiesOf: PoliciesOf): Perform =>
  async (call, recorded, { authorize, run, reset, stall }) => {
    const effect: FaultEffect | undefined = faults.strike(call.service, call.operation)
    const injected = effect && faultError(effect, call)
    if (injected !== undefined) throw injected
    if (effect === 'hang') return faults.hang()
    if (effect === 'page-503') {
      recorded.end('page-503')
      throw new FrontEndPage(503)
    }
    const authorizations = authorize()
    recorded.authorizations(authorizations)
    requirePermission(policiesOf, call, authorizations)
    const output = await run()
    recorded.end('ok')
    if (effect === 'hang-after-apply') return faults.hang()
    if (effect === 'page-504-after-apply') throw new FrontEndPage(504)
    if (effect === 'stall-after-apply') {
      stall()
      return faults.hang()
    }
    if (effect === 'reset-after-apply') reset()
    return output
  }
