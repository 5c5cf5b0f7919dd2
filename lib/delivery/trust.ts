/** Values that a claim of the token must have, by condition key. */
export type Conditions = Record<string, string | string[]>

export type TrustPolicy = {
  Version: '2012-10-17'
  Statement: {
    Effect: 'Allow'
    Principal: { Federated: string }
    Action: 'sts:AssumeRoleWithWebIdentity'
    Condition: { StringEquals: Conditions }
  }[]
}

/** Characters of a role's trust policy, white space not counted (IAM quotas; an account may be raised to 4,096). */
const QUOTA = 2048

export const isTooLong = (trust: TrustPolicy): boolean => JSON.stringify(trust).length > QUOTA

/**
 * One statement a branch, so that nothing can be mixed. Where IAM has no room for that, one statement with lists: of one
 * purpose, and no mixture lets in more than its parts, because GitHub writes `sub` from `ref`, and a listed branch that
 * calls the workflow of another listed branch could as well call its own.
 */
export const trustPolicy = (provider: string, conditions: Conditions[]): TrustPolicy => {
  const exact = policy(provider, conditions)
  return isTooLong(exact) ? policy(provider, [merged(conditions)]) : exact
}

const policy = (provider: string, conditions: Conditions[]): TrustPolicy => ({
  Version: '2012-10-17',
  Statement: conditions.map((StringEquals) => ({
    Effect: 'Allow',
    Principal: { Federated: provider },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: { StringEquals },
  })),
})

const merged = (conditions: Conditions[]): Conditions =>
  Object.fromEntries(
    Object.keys(conditions[0] ?? {}).map((key) => {
      const values = [...new Set(conditions.flatMap((condition) => condition[key] ?? []))]
      return [key, values.length === 1 && values[0] !== undefined ? values[0] : values]
    }),
  )
