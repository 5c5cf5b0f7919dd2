import { runSimulation } from '@cloud-copilot/iam-simulate'
import { describe, expect, it } from 'vitest'
import { checkWebhook, serviceBoundary } from '../../infra/identity/permissions/service-boundary.ts'
import { checkManagedSize } from '../../infra/identity/permissions/size.ts'
import { givenStatements } from '../../infra/permissions-of-service.ts'
import { example } from '../../lib/delivery/configuration.case.ts'
import { evaluate, type PolicyDocument } from '../../local/aws/policy.ts'
import { type Asked, oneAccount } from './service-boundary.case.ts'
import { ESCAPES } from './service-escapes.case.ts'
import { NEEDS } from './service-needs.case.ts'

/** What a template could give a role: everything. */
const everything = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }
const ownKey = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::222222222222:root' }, Action: 'kms:*', Resource: '*' }],
}
const limit = serviceBoundary(oneAccount(), 'dev')

const simulated = async (action: string, { on, context = {} }: Asked, boundary: PolicyDocument): Promise<string> => {
  const result = await runSimulation(
    {
      request: {
        principal: 'arn:aws:iam::222222222222:role/shop-dev-x-function',
        action,
        resource: { resource: on, accountId: '222222222222' },
        contextVariables: { 'aws:RequestedRegion': 'eu-west-1', ...context },
      },
      identityPolicies: [{ name: 'everything', policy: everything }],
      permissionBoundaryPolicies: [{ name: 'boundary', policy: boundary }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      // A key lets an account's policies decide only where its own policy says so.
      ...(on.includes(':kms:') && { resourcePolicy: ownKey }),
    },
    {},
  )
  return result.resultType === 'error' ? JSON.stringify(result.errors) : result.overallResult
}

/** Answers of both judges that are not as they should be. */
const wrong = async (asked: Asked, wanted: 'allowed' | 'explicitly-denied'): Promise<string[]> => {
  const found: string[] = []
  for (const action of asked.actions.split(' ')) {
    const local = evaluate([limit], { action, resource: asked.on, context: asked.context ?? {} })
    const other = await simulated(action, asked, limit)
    if (local !== wanted) found.push(`${action}: ${local}`)
    if (other !== { allowed: 'Allowed', 'explicitly-denied': 'ExplicitlyDenied' }[wanted]) found.push(`${action}: ${other}`)
  }
  return found
}

describe('a role that a stack makes, with everything allowed', () => {
  it.each(ESCAPES)('never reaches %s', async (_, asked) => {
    expect(await wrong(asked, 'explicitly-denied')).toEqual([])
  })

  it.each(NEEDS)('may %s', async (_, asked) => {
    expect(await wrong(asked, 'allowed')).toEqual([])
  })
})

describe('the boundary of services', () => {
  it('fits where an account has many environments, and names no other account', () => {
    const many = oneAccount()
    for (let index = 1; index <= 8; index++)
      Object.assign(many.environments, { [`preview${index}x`]: many.environments['staging'] })
    const document = serviceBoundary(many, 'dev')
    checkManagedSize('shop-dev-service-boundary', document)
    expect(JSON.stringify(document)).toContain('secret:shop/preview8x/*')
    const apart = JSON.stringify(serviceBoundary(example(), 'dev'))
    expect([...new Set(apart.match(/\d{12}/g))].toSorted()).toEqual(['111111111111', '222222222222'])
  })

  it('lets scheduled commands hand on a role that the service has from elsewhere', () => {
    const configuration = oneAccount()
    const { api } = configuration.services
    if (api?.target !== 'ecs') throw new Error('the example has changed')
    configuration.services['api'] = { ...api, names: { role: 'old-task' } }
    const request = { action: 'iam:PassRole', resource: 'arn:aws:iam::222222222222:role/old-task' }
    expect(evaluate([serviceBoundary(configuration, 'dev')], request)).toBe('allowed')
    expect(evaluate([limit], request)).toBe('explicitly-denied')
  })

  it.each(['sts:AssumeRole', 'cloudformation:CreateStack', 'iam:CreateRole'])(
    'is said where delivery.json asks for %s',
    (action) => {
      const asked = [{ actions: ['s3:GetObject', action], resources: ['arn:aws:s3:::x/*'] }]
      expect(() => givenStatements(asked)).toThrow(
        `'permissions' of a service has ${action}, which the boundary of services denies`,
      )
      expect(givenStatements([{ actions: ['iam:PassRole', 's3:PutObject'], resources: ['arn:aws:s3:::x/*'] }])).toHaveLength(1)
    },
  )

  it('refuses a webhook that it would hide from the function that tells Slack', () => {
    const configuration = oneAccount()
    Object.assign(configuration.environments['dev'] ?? {}, { budgets: [{ limit: 1 }], slack: '/shop/prod/slack' })
    expect(() => checkWebhook(configuration, 'dev')).toThrow(
      /environments\.dev\.slack is \/shop\/prod\/slack, which belongs to prod/,
    )
    Object.assign(configuration.environments['dev'] ?? {}, { slack: '/shop/slack' })
    expect(() => checkWebhook(configuration, 'dev')).not.toThrow()
  })
})
