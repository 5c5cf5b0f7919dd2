import fc from 'fast-check'
import { expect, it } from 'vitest'
import { configurations } from '../../lib/delivery/configuration.case.ts'
import { identity, type Role } from '../../lib/delivery/identity.ts'
import { evaluate } from '../../local/aws/policy.ts'
import { conditionKeys } from '../../local/aws/web-identity.ts'
import type { Claims } from '../../scripts/oidc-explain/evaluate.ts'
import { evaluator, iamSimulate } from './judges.case.ts'

const ISSUER = 'https://token.actions.githubusercontent.com'

/** A token put together of what the policies of any of the roles ask for, some of it spoilt: many are allowed, most are near. */
const tokenFor = (roles: Role[], role: Role): fc.Arbitrary<Claims> => {
  const own = fc.constantFrom(...role.trust.Statement)
  const any = fc.constantFrom(...roles.flatMap(({ trust }) => trust.Statement))
  return fc.tuple(own, any, fc.array(fc.nat(29), { minLength: 8, maxLength: 8 })).map(([statement, other, dice]) =>
    Object.fromEntries(
      Object.entries(statement.Condition.StringEquals).flatMap(([key, values], index) => {
        const [value = ''] = [values].flat().toReversed()
        const claim = key.slice(key.lastIndexOf(':') + 1)
        const [stranger = ''] = [other.Condition.StringEquals[key] ?? 'x'].flat()
        if (dice[index] === 0) return []
        return [[claim, dice[index] === 1 ? value.toUpperCase() : dice[index] === 2 ? stranger : value]]
      }),
    ),
  )
}

it('the three judges agree on any role of any project, whatever the token says', async () => {
  const simulate = await iamSimulate()
  let allowed = 0
  const cases = configurations.chain((configuration) => {
    const { roles } = identity(configuration)
    return fc.constantFrom(...roles).chain((role) => fc.record({ role: fc.constant(role), claims: tokenFor(roles, role) }))
  })
  await fc.assert(
    fc.asyncProperty(cases, async ({ role, claims }) => {
      const ours = await evaluator(role, claims)
      if (ours) allowed++
      const request = {
        action: 'sts:AssumeRoleWithWebIdentity',
        resource: role.arn,
        principal: { Federated: role.trust.Statement.map(({ Principal }) => Principal.Federated) },
        context: conditionKeys(ISSUER, claims),
      }
      expect(evaluate([role.trust], request) === 'allowed').toBe(ours)
      if (role.arn.startsWith('arn:aws:')) expect(await simulate(role, claims)).toBe(ours)
    }),
    { numRuns: 400 },
  )
  expect(allowed).toBeGreaterThan(20)
})
