import { expect, it } from 'vitest'
import { budgetsOf, budgetsRegion } from './budgets.ts'

it('budgets are named after project and environment, those without a name by their order', () => {
  const budgets = [{ limit: 1, name: 'ec2' }, { limit: 100 }, { limit: 200 }, { limit: 300 }]
  expect(budgetsOf('shop', 'dev', budgets)).toEqual([
    { limit: 1, name: 'shop-dev-ec2' },
    { limit: 100, name: 'shop-dev' },
    { limit: 200, name: 'shop-dev-2' },
    { limit: 300, name: 'shop-dev-3' },
  ])
  expect(budgetsOf('shop', 'dev')).toEqual([])
})

it.each([
  ['eu-west-1', 'eu-west-1'],
  ['cn-north-1', 'cn-north-1'],
  ['eusc-de-east-1', 'eusc-de-east-1'],
  ['eu-north-1', 'us-east-1'],
  ['us-gov-west-1', undefined],
])('budgets of %s are in %s', (region, expected) => {
  expect(budgetsRegion(region)).toBe(expected)
})
