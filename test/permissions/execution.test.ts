import { describe, expect, it } from 'vitest'
import { executionBoundary, executionPolicies } from '../../infra/identity/permissions/execution.ts'
import { checkManagedSize } from '../../infra/identity/permissions/size.ts'
import { example } from '../../lib/delivery/configuration.case.ts'
import type { Configuration } from '../../lib/delivery/configuration.ts'
import { identity } from '../../lib/delivery/identity.ts'
import { evaluate } from '../../local/aws/policy.ts'
import { NEEDED } from './execution.case.ts'
import type { Needed } from './execution-asks.case.ts'
import { FORBIDDEN } from './execution-forbidden.case.ts'

/** With everything that has a policy of its own. */
const everything = (): Configuration => {
  const all = example()
  Object.assign(all.environments['dev'] ?? {}, {
    domain: 'dev.example.org',
    zone: 'Z0123456789ABCDEFGHIJ',
    budgets: [{ limit: 100 }],
    slack: '/shop/slack',
  })
  Object.assign(all.environments['staging'] ?? {}, { domain: 'inner.dev.example.org' })
  Object.assign(all.services['api'] ?? {}, { schedules: { 'clean-up': { at: 'rate(1 day)', command: ['clean-up'] } } })
  return all
}

const names = identity(example())
  .roles.filter(({ account }) => account === '222222222222')
  .map(({ name }) => name)
const policies = executionPolicies(everything(), 'dev')
const boundary = executionBoundary(everything(), 'dev', names)

/** Allowed by a policy and by the boundary, as IAM has it. */
const isAllowed = (action: string, { on, context = {} }: Needed): boolean => {
  const request = { action, resource: on, context }
  const documents = policies.map(({ document }) => document)
  return evaluate(documents, request) === 'allowed' && evaluate([boundary.document], request) === 'allowed'
}

const answers = (needed: Needed, allowed: boolean): string[] =>
  needed.actions
    .split(' ')
    .filter((action) => isAllowed(action, needed) === allowed)
    .map((action) => `${action} on ${needed.on}`)

describe('CloudFormation’s role', () => {
  it.each(Object.entries(NEEDED))('may make, change and delete %s', (_, needed) => {
    expect(needed.flatMap((each) => answers(each, false))).toEqual([])
  })

  it.each(FORBIDDEN)('may never touch %s', (_, needed) => {
    expect(answers(needed, true)).toEqual([])
  })

  it('has policies that IAM takes, and no more than a role may have', () => {
    for (const { name, document } of [...policies, boundary]) checkManagedSize(name, document)
    expect(policies.length).toBeLessThanOrEqual(10)
  })

  it('has only those that the environment needs', () => {
    const { api } = example().services
    if (api === undefined) throw new Error('the example has changed')
    const found = executionPolicies({ ...example(), services: { api } }, 'staging').map(({ name }) => name)
    expect(found).toEqual(['shop-staging-execution', 'shop-staging-execution-network', 'shop-staging-execution-containers'])
  })

  it('lets EC2 give the endpoints of a network their names, where there are any', () => {
    const configuration = example()
    const actions = () =>
      executionPolicies(configuration, 'dev').flatMap(({ document }) => document.Statement.flatMap(({ Action }) => Action))
    expect(actions()).not.toContain('route53:AssociateVPCWithHostedZone')
    Object.assign(configuration.environments['dev'] ?? {}, { network: { endpoints: ['logs'] } })
    expect(actions()).toContain('route53:AssociateVPCWithHostedZone')
  })

  it('hands a role to EC2 by its name in China, too', () => {
    const asked = { actions: 'iam:PassRole', on: 'arn:aws:iam::222222222222:role/shop-dev-edge-host' }
    expect(answers({ ...asked, context: { 'iam:PassedToService': 'ec2.amazonaws.com.cn' } }, false)).toEqual([])
  })

  it('hands on a role that a service has from elsewhere, to what runs that service alone, and changes nothing of it', () => {
    const { api } = example().services
    if (api?.target !== 'ecs') throw new Error('the example has changed')
    const configuration = { ...example(), services: { api: { ...api, names: { role: 'old-task' } } } }
    const granting = executionPolicies(configuration, 'dev').map(({ document }) => document)
    const limit = [executionBoundary(configuration, 'dev', names).document]
    const may = (action: string, service: string): boolean =>
      [granting, limit].every(
        (documents) =>
          evaluate(documents, {
            action,
            resource: 'arn:aws:iam::222222222222:role/old-task',
            context: { 'iam:PassedToService': service },
          }) === 'allowed',
      )
    expect(may('iam:PassRole', 'ecs-tasks.amazonaws.com')).toBe(true)
    expect(may('iam:PassRole', 'ec2.amazonaws.com')).toBe(false)
    expect(may('iam:PutRolePolicy', 'ecs-tasks.amazonaws.com')).toBe(false)
  })
})
