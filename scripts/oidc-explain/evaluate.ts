import type { Conditions, TrustPolicy } from '../../lib/delivery/trust.ts'

/** What a token says, as text; a claim that is no text stands here as JSON. */
export type Claims = Record<string, string>

/** One condition of a trust policy, and what the token has in its place. */
export type ConditionResult = {
  /** Name of the claim, without the issuer. */
  claim: string
  /** Any of these would do. */
  expected: string[]
  /** Undefined where the token has no such claim. */
  received: string | undefined
  holds: boolean
}

/** The conditions of one statement; the statement lets the token in if all of them hold. */
export type StatementResult = ConditionResult[]

export const isAllowed = (statements: StatementResult[]): boolean =>
  statements.some((statement) => statement.every(({ holds }) => holds))

/** `StringEquals` as IAM reads it: the claim must be there and equal one of the values, upper and lower case included. */
export const evaluateTrust = ({ Statement }: TrustPolicy, claims: Claims): StatementResult[] =>
  Statement.map(({ Condition }) => evaluateConditions(Condition.StringEquals, claims))

const evaluateConditions = (conditions: Conditions, claims: Claims): StatementResult =>
  Object.entries(conditions).map(([key, value]) => {
    const claim = key.slice(key.lastIndexOf(':') + 1)
    const expected = [value].flat()
    const received = Object.hasOwn(claims, claim) ? claims[claim] : undefined
    return { claim, expected, received, holds: received !== undefined && expected.includes(received) }
  })
