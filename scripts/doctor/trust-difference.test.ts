import { describe, expect, it } from 'vitest'
import { example } from '../../lib/delivery/configuration.case.ts'
import { identity } from '../../lib/delivery/identity.ts'
import type { TrustPolicy } from '../../lib/delivery/trust.ts'
import { trustDifferences } from './trust-difference.ts'

const { roles } = identity(example())
const trustOf = (name: string): TrustPolicy => {
  const role = roles.find((one) => one.name === name)
  if (role === undefined) throw new Error(name)
  return role.trust
}
const deploy = trustOf('shop-prod-deploy')
const issuer = 'token.actions.githubusercontent.com'

/** The policy of the role with other conditions. */
const changed = (change: (equals: Record<string, unknown>) => Record<string, unknown>): unknown => ({
  ...deploy,
  Statement: deploy.Statement.map((statement) => ({
    ...statement,
    Condition: { StringEquals: change(statement.Condition.StringEquals) },
  })),
})

describe('the trust policy of a role', () => {
  it.each(roles.map(({ name, trust }) => [name, trust] as const))('%s is equal to itself, as AWS may write it', (_, trust) => {
    const rewritten = {
      Version: '2008-10-17',
      Id: 'x',
      Statement: trust.Statement.toReversed().map((statement, index) => ({
        Sid: `S${index}`,
        Effect: statement.Effect,
        Action: [statement.Action],
        Principal: { Federated: [statement.Principal.Federated] },
        Condition: {
          StringEquals: Object.fromEntries(
            Object.entries(statement.Condition.StringEquals)
              .toReversed()
              .map(([key, value]) => [key, [value].flat().toReversed()]),
          ),
        },
      })),
    }
    expect(trustDifferences(rewritten, trust)).toEqual([])
    expect(trustDifferences(trust, trust)).toEqual([])
  })

  it('is said to differ in the value of a condition', () => {
    const standing = changed((equals) => ({ ...equals, [`${issuer}:ref`]: ['refs/heads/main', 'refs/heads/dev'] }))
    expect(trustDifferences(standing, deploy)).toEqual([
      `StringEquals ${issuer}:ref is refs/heads/dev or refs/heads/main; it should be refs/heads/main`,
    ])
  })

  it('is said to differ in a condition that is missing, or that is looser', () => {
    const { [`${issuer}:job_workflow_ref`]: _, ...less } = deploy.Statement[0]?.Condition.StringEquals ?? {}
    expect(
      trustDifferences(
        changed(() => less),
        deploy,
      ),
    ).toEqual([expect.stringMatching(/job_workflow_ref is not asked for; it should be acme\/shop/)])
    const like = {
      ...deploy,
      Statement: [{ ...deploy.Statement[0], Condition: { StringLike: deploy.Statement[0]?.Condition.StringEquals } }],
    }
    expect(trustDifferences(like, deploy)).toContainEqual(
      expect.stringMatching(/^StringLike .*:sub is asked for .*, and should not be$/),
    )
  })

  it('is said to have a statement more, or one less', () => {
    const more = {
      ...deploy,
      Statement: [...deploy.Statement, { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
    }
    expect(trustDifferences(more, deploy)).toEqual(['a statement of its own: Allow AWS *, without a subject'])
    const build = trustOf('shop-registry-build')
    expect(trustDifferences({ ...build, Statement: build.Statement.slice(0, 1) }, build)).toEqual([
      expect.stringMatching(/^no statement for Allow Federated .*subject repo:acme@1\/shop@2:environment:build$/),
    ])
  })

  it('that is none at all differs', () => {
    for (const standing of [undefined, {}, { Statement: [] }, { Statement: 'x' }])
      expect(trustDifferences(standing, deploy)).not.toEqual([])
    const negated = { ...deploy, Statement: deploy.Statement.map((statement) => ({ ...statement, NotPrincipal: { AWS: 'x' } })) }
    expect(trustDifferences(negated, deploy)).not.toEqual([])
  })
})
