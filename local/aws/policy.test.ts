import { describe, expect, test } from 'vitest'
import { conditionHolds, wildcard } from './condition.ts'
import { evaluate, type Statement } from './policy.ts'

describe('wildcard', () => {
  test.each([
    ['repo:acme@1/*', 'repo:acme@1/shop@2:ref:refs/heads/dev', true],
    ['repo:acme*', 'repo:acme-evil/shop', true],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['a.c', 'abc', false],
    ['*', '', true],
    ['Abc', 'abc', false],
    ['(a|b)[c]', '(a|b)[c]', true],
  ])('%s on %s is %s', (pattern, text, expected) => expect(wildcard(pattern, text)).toBe(expected))
})

describe('condition', () => {
  const arn = 'arn:aws:ecs:eu-west-1:111111111111:cluster/a'
  const context = { 'x:Branch': 'main', 'x:tags': ['a', 'b'], 'x:arn': arn, 'x:flag': 'true' }
  test.each<[operator: string, key: string, values: string[], holds: boolean]>([
    ['StringEquals', 'x:branch', ['main'], true],
    ['StringEquals', 'x:branch', ['dev', 'main'], true],
    ['StringEquals', 'x:branch', ['Main'], false],
    ['StringEquals', 'x:branch', ['m*'], false],
    ['StringEquals', 'x:absent', ['main'], false],
    ['StringEqualsIfExists', 'x:absent', ['main'], true],
    ['StringEqualsIfExists', 'x:branch', ['dev'], false],
    ['StringEqualsIgnoreCase', 'x:branch', ['MAIN'], true],
    ['StringNotEquals', 'x:branch', ['dev'], true],
    ['StringNotEquals', 'x:branch', ['dev', 'main'], false],
    ['StringNotEquals', 'x:absent', ['main'], true],
    ['StringLike', 'x:branch', ['m*n'], true],
    ['StringLike', 'x:absent', ['*'], false],
    ['StringNotLike', 'x:branch', ['m*'], false],
    ['ForAllValues:StringEquals', 'x:tags', ['a', 'b', 'c'], true],
    ['ForAllValues:StringEquals', 'x:tags', ['a'], false],
    ['ForAllValues:StringEquals', 'x:absent', ['a'], true],
    ['ForAnyValue:StringEquals', 'x:tags', ['b'], true],
    ['ForAnyValue:StringLike', 'x:tags', ['c*'], false],
    ['ForAnyValue:StringEquals', 'x:absent', ['a'], false],
    ['ForAnyValue:StringNotEquals', 'x:absent', ['a'], false],
    ['ForAllValues:StringNotEquals', 'x:tags', ['c'], true],
    ['ArnLike', 'x:arn', ['arn:aws:ecs:*:111111111111:cluster/*'], true],
    ['ArnEquals', 'x:arn', ['arn:aws:ecs:*:cluster/a'], false],
    ['ArnNotLike', 'x:arn', ['arn:aws:ecs:*:*:service/*'], true],
    ['Bool', 'x:flag', ['true'], true],
    ['Bool', 'x:flag', ['false'], false],
    ['Null', 'x:absent', ['true'], true],
    ['Null', 'x:branch', ['true'], false],
    ['Null', 'x:branch', ['false'], true],
  ])('%s %s %o is %s', (operator, key, values, holds) => expect(conditionHolds(operator, key, values, context)).toBe(holds))

  test('refuses what it cannot judge', () => {
    expect(() => conditionHolds('NumericLessThan', 'x:branch', ['1'], context)).toThrow('NumericLessThan')
    expect(() => conditionHolds('StringEquals', 'x:branch', [`$${'{aws:username}'}`], context)).toThrow('policy variables')
  })
})

describe('policy', () => {
  const allow = (rest: Partial<Statement>): Statement => ({ Effect: 'Allow', Action: '*', Resource: '*', ...rest })
  const request = { action: 'ecr:BatchGetImage', resource: 'arn:aws:ecr:eu-west-1:111111111111:repository/shop/app' }
  test.each<[title: string, statements: Statement[], decision: string]>([
    ['no statement', [], 'implicitly-denied'],
    ['action in other case', [allow({ Action: 'ECR:batchGetImage' })], 'allowed'],
    ['action by wildcard', [allow({ Action: ['ssm:*', 'ecr:Batch*'] })], 'allowed'],
    ['another action', [allow({ Action: 'ecr:PutImage' })], 'implicitly-denied'],
    [
      'not that action',
      [allow({ NotAction: 'ecr:*' } as Partial<Statement>), { Effect: 'Allow', NotAction: 'ecr:Put*', Resource: '*' }],
      'allowed',
    ],
    ['resource by wildcard', [allow({ Resource: 'arn:aws:ecr:*:111111111111:repository/shop/*' })], 'allowed'],
    ['another resource', [allow({ Resource: 'arn:aws:ecr:*:111111111111:repository/other' })], 'implicitly-denied'],
    ['not that resource', [{ Effect: 'Allow', Action: '*', NotResource: '*repository/shop/*' }], 'implicitly-denied'],
    ['deny beside allow', [allow({}), { Effect: 'Deny', Action: 'ecr:*', Resource: '*' }], 'explicitly-denied'],
    ['deny that does not apply', [allow({}), { Effect: 'Deny', Action: 'ssm:*', Resource: '*' }], 'allowed'],
    ['condition that fails', [allow({ Condition: { StringEquals: { 'x:y': 'z' } } })], 'implicitly-denied'],
  ])('%s', (_, Statement, decision) => expect(evaluate([{ Statement }], request)).toBe(decision))

  const root = 'arn:aws:iam::111111111111:root'
  test.each<[title: string, principal: Statement['Principal'], decision: string]>([
    ['the account', { AWS: '111111111111' }, 'allowed'],
    ['its root', { AWS: ['arn:aws:iam::9:root', root] }, 'allowed'],
    ['anyone', '*', 'allowed'],
    ['any AWS principal', { AWS: '*' }, 'allowed'],
    ['another account', { AWS: '222222222222' }, 'implicitly-denied'],
    ['a federated provider of that name', { Federated: root }, 'implicitly-denied'],
    ['nobody', undefined, 'implicitly-denied'],
  ])('principal: %s', (_, Principal, decision) => {
    const statement: Statement = { Effect: 'Allow', Action: '*', ...(Principal === undefined ? {} : { Principal }) }
    expect(evaluate([{ Statement: statement }], { ...request, principal: { AWS: ['111111111111', root] } })).toBe(decision)
  })
})
