import type { Role } from '../../lib/delivery/identity.ts'
import { type Claims, type ConditionResult, evaluateTrust, isAllowed, type StatementResult } from './evaluate.ts'

/** The statement of a role that the token comes closest to. */
export type Nearest = { role: Role; statement: StatementResult }

/** Roles that trust the token; and where none does, the one that it was probably meant for. */
export type Explanation = { allowed: Nearest[]; nearest?: Nearest }

export const explainToken = (roles: Role[], claims: Claims): Explanation => {
  const candidates = roles.map((role) => {
    const statements = evaluateTrust(role.trust, claims)
    return { role, statement: closest(statements), isAllowed: isAllowed(statements) }
  })
  const allowed = candidates.filter((candidate) => candidate.isAllowed).map(({ role, statement }) => ({ role, statement }))
  const [nearest] = candidates.toSorted((one, other) => distance(one.statement) - distance(other.statement))
  return allowed.length > 0 || nearest === undefined
    ? { allowed }
    : { allowed, nearest: { role: nearest.role, statement: nearest.statement } }
}

const closest = (statements: StatementResult[]): StatementResult =>
  statements.toSorted((one, other) => distance(one) - distance(other))[0] ?? []

const distance = (statement: StatementResult): number => statement.reduce((sum, condition) => sum + weight(condition), 0)

/** The called file says what a job is for, so a role of another purpose is further away than any other difference. */
const weight = (condition: ConditionResult): number => {
  if (condition.holds) return 0
  if (condition.claim !== 'job_workflow_ref') return 1
  const files = condition.expected.map(fileOf)
  return condition.received !== undefined && files.includes(fileOf(condition.received)) ? 1 : 4
}

/** `_deploy.yml` of `acme/shop/.github/workflows/_deploy.yml@refs/heads/main`. */
export const fileOf = (workflowRef: string): string => /([^/@]+)@/.exec(workflowRef)?.[1] ?? ''
