import { describe, expect, it } from 'vitest'
import { example } from '../../../lib/delivery/configuration.case.ts'
import { evaluate } from '../../../local/aws/policy.ts'
import { boundary } from './boundary.ts'

const configuration = example()
const place = { account: '222222222222', region: 'eu-west-1' }
const limit = boundary(place, configuration, 'dev')
const ecs = (resource: string): string => `arn:aws:ecs:eu-west-1:222222222222:${resource}`
const role = (name: string): string => `arn:aws:iam::222222222222:role/${name}`

const answer = (action: string, resource: string, context: Record<string, string> = {}) =>
  evaluate([limit], { action, resource, context })

describe('the boundary of the roles of GitHub’s jobs', () => {
  it.each([
    ['the roles of its own environment', 'shop-dev-api-task', 'allowed'],
    ['no role of another environment', 'shop-prod-api-task', 'explicitly-denied'],
    ['no role of somebody else', 'cdk-hnb659fds-cfn-exec-role-222222222222-eu-west-1', 'explicitly-denied'],
  ])('hands on %s', (_, name, expected) => {
    expect(answer('iam:PassRole', role(name))).toBe(expected)
  })

  it('hands on what a service is said to have', () => {
    const { api } = example().services
    if (api?.target !== 'ecs') throw new Error('the example has changed')
    const adopted = { ...example(), services: { api: { ...api, names: { service: 'web', role: 'web-task' } } } }
    const asked = { action: 'iam:PassRole', resource: role('web-task') }
    expect(evaluate([boundary(place, adopted, 'dev')], asked)).toBe('allowed')
    expect(evaluate([limit], asked)).toBe('explicitly-denied')
  })

  it.each([
    ['its own', 'shop', 'dev', 'allowed'],
    ['a project whose name begins alike', 'shop-dev', 'api', 'explicitly-denied'],
    ['another environment', 'shop', 'prod', 'explicitly-denied'],
  ])('tells by the tags what is of %s', (_, project, environment, expected) => {
    const tags = { 'aws:ResourceTag/slipway:project': project, 'aws:ResourceTag/slipway:environment': environment }
    expect(answer('ecs:UpdateService', ecs('service/shop-dev-api/web'), tags)).toBe(expected)
    expect(answer('lambda:UpdateFunctionCode', 'arn:aws:lambda:eu-west-1:222222222222:function:shop-dev-api-web', tags)).toBe(
      expected,
    )
  })

  it('lets images of the registry be found and marked', () => {
    const tags = { 'aws:ResourceTag/slipway:project': 'shop', 'aws:ResourceTag/slipway:environment': 'registry' }
    expect(answer('ecr:PutImage', 'arn:aws:ecr:eu-west-1:111111111111:repository/shop/app', tags)).toBe('allowed')
  })
})
