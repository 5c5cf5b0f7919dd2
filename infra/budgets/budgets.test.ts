import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App } from 'aws-cdk-lib'
import { describe, expect, it } from 'vitest'
import { example } from '../../lib/delivery/configuration.case.ts'
import type { Configuration } from '../../lib/delivery/configuration.ts'
import { checkTemplates } from '../checks/checks.ts'
import { budgetsStacks } from './stacks.ts'

type Change = (configuration: Configuration, dev: Configuration['environments'][string]) => void
type Template = { Resources: Record<string, { Type: string; Properties: Record<string, unknown> }> }

const stackOf = (change: Change) => {
  const configuration = example()
  const { dev } = configuration.environments
  if (dev === undefined) throw new Error('the example has changed')
  change(configuration, dev)
  const outdir = mkdtempSync(join(tmpdir(), 'budgets-'))
  try {
    const app = new App({ outdir, context: { '@aws-cdk/core:validateAgainstDefaultRules': true } })
    budgetsStacks(app, {
      configuration,
      environment: dev,
      place: 'dev',
      account: dev.account,
      region: dev.region,
      protect: false,
    })
    const [stack] = checkTemplates(app).synth().stacks
    const template: Template = stack?.template ?? { Resources: {} }
    const all = (type: string) => Object.values(template.Resources).filter(({ Type }) => Type === type)
    const warnings = (stack?.messages ?? []).map(({ entry }) => String(entry.data))
    return {
      region: stack?.environment.region,
      warnings,
      all,
      budgets: all('AWS::Budgets::Budget').map(({ Properties }) => Properties),
    }
  } finally {
    rmSync(outdir, { recursive: true })
  }
}

describe('the budgets of an environment', () => {
  it('count what the account costs, and tell at 80 and 100 percent and before', () => {
    const { budgets, all, warnings } = stackOf(() => undefined)
    expect(budgets.map(({ Budget }) => Budget)).toEqual([
      {
        BudgetName: 'shop-dev',
        BudgetType: 'COST',
        TimeUnit: 'MONTHLY',
        BudgetLimit: { Amount: 100, Unit: 'USD' },
        Metrics: ['UnblendedCost'],
      },
    ])
    const [first] = budgets
    expect(first?.['NotificationsWithSubscribers']).toEqual(
      [
        ['ACTUAL', 80],
        ['ACTUAL', 100],
        ['FORECASTED', 100],
      ].map(([NotificationType, Threshold]) => ({
        Notification: { NotificationType, Threshold, ComparisonOperator: 'GREATER_THAN', ThresholdType: 'PERCENTAGE' },
        Subscribers: [{ SubscriptionType: 'SNS', Address: { Ref: 'Topic' } }],
      })),
    )
    expect(all('AWS::Lambda::Function')).toEqual([])
    expect(warnings.join()).toContain('the budgets of dev tell nobody but who subscribes to the topic shop-dev-budgets')
  })

  it('count a service, or use, with thresholds of their own', () => {
    const { budgets } = stackOf((_, dev) => {
      dev.budgets = [
        { name: 'ec2', limit: 1, service: 'Amazon Elastic Compute Cloud - Compute', thresholds: { actual: [100] } },
        { name: 'hours', limit: 750, usage: 'EC2: Running Hours', unit: 'Hrs' },
      ]
    })
    expect(budgets.map(({ Budget }) => Budget)).toMatchObject([
      {
        BudgetName: expect.stringMatching(/^shop-dev-ec2-/),
        BudgetType: 'COST',
        FilterExpression: { Dimensions: { Key: 'SERVICE', Values: ['Amazon Elastic Compute Cloud - Compute'] } },
      },
      {
        BudgetName: expect.stringMatching(/^shop-dev-hours-/),
        BudgetType: 'USAGE',
        BudgetLimit: { Amount: 750, Unit: 'Hrs' },
        Metrics: ['UsageQuantity'],
        FilterExpression: { Dimensions: { Key: 'USAGE_TYPE_GROUP', Values: ['EC2: Running Hours'] } },
      },
    ])
    expect(budgets.map(({ NotificationsWithSubscribers: each }) => Array.isArray(each) && each.length)).toEqual([2, 3])
  })

  it('have another name with other notifications or another type, which AWS makes anew: the name would be taken', () => {
    const named = (...given: object[]) =>
      stackOf((_, dev) => Object.assign(dev, { budgets: given })).budgets.map(
        ({ Budget }) => (Budget as { BudgetName: string }).BudgetName,
      )
    const [plain, ec2, earlier, hours] = named(
      { limit: 1 },
      { limit: 1, name: 'ec2' },
      { limit: 1, name: 'earlier', thresholds: { actual: [50] } },
      { limit: 1, name: 'hours', usage: 'EC2: Running Hours', unit: 'Hrs' },
    )
    expect([plain, ec2]).toEqual(['shop-dev', 'shop-dev-ec2'])
    expect(earlier).toMatch(/^shop-dev-earlier-[0-9a-f]{6}$/)
    expect(hours).toMatch(/^shop-dev-hours-[0-9a-f]{6}$/)
    expect(named({ limit: 2, name: 'earlier', thresholds: { actual: [50] } })).toEqual([earlier])
    expect(named({ limit: 2, name: 'earlier', thresholds: { actual: [60] } })).not.toEqual([earlier])
    expect(named({ limit: 1, thresholds: { actual: [80, 100], forecast: [100] } })).toEqual(['shop-dev'])
  })

  it('count what carries the tag of the environment where others share the account', () => {
    const { budgets } = stackOf(({ environments }, dev) => {
      for (const environment of Object.values(environments)) environment.account = '222222222222'
      dev.budgets = [{ limit: 1, service: 'Amazon Simple Storage Service' }]
    })
    const tags = { Tags: { Key: 'slipway:environment', Values: ['dev'] } }
    const dimensions = { Dimensions: { Key: 'SERVICE', Values: ['Amazon Simple Storage Service'] } }
    expect(budgets[0]?.['Budget']).toMatchObject({ FilterExpression: { And: [dimensions, tags] } })
  })

  it('are where CloudFormation knows them; the webhook stays where the environment is', () => {
    const there = stackOf((_, dev) => Object.assign(dev, { region: 'eu-north-1', slack: '/shop/dev/slack' }))
    expect(there.region).toBe('us-east-1')
    const variables = { WEBHOOK_PARAMETER: '/shop/dev/slack', WEBHOOK_REGION: 'eu-north-1' }
    expect(there.all('AWS::Lambda::Function')[0]?.Properties['Environment']).toEqual({ Variables: variables })
    expect(JSON.stringify(there.all('AWS::IAM::Role'))).toContain('arn:aws:ssm:eu-north-1:222222222222:parameter/shop/dev/slack')
    expect(stackOf((_, dev) => Object.assign(dev, { region: 'us-gov-west-1' })).region).toBeUndefined()
    expect(stackOf((_, dev) => Object.assign(dev, { region: 'cn-north-1' })).budgets).toHaveLength(1)
  })
})

it('the topic takes messages of AWS Budgets for this account alone, encrypted on the way and with a key of its own', () => {
  const { all } = stackOf(() => undefined)
  const [topic] = all('AWS::SNS::Topic')
  expect(topic?.Properties).toMatchObject({ TopicName: 'shop-dev-budgets', KmsMasterKeyId: { Ref: 'Key' } })
  const Condition = {
    StringEquals: { 'aws:SourceAccount': '222222222222' },
    ArnLike: { 'aws:SourceArn': 'arn:aws:budgets::222222222222:*' },
  }
  const budgets = { Sid: 'Budgets', Effect: 'Allow', Principal: { Service: 'budgets.amazonaws.com' }, Condition }
  expect(all('AWS::SNS::TopicPolicy')[0]?.Properties['PolicyDocument']).toEqual({
    Version: '2012-10-17',
    Statement: [
      { ...budgets, Action: 'sns:Publish', Resource: { Ref: 'Topic' } },
      {
        Sid: 'EncryptedOnly',
        Effect: 'Deny',
        Principal: '*',
        Action: 'sns:Publish',
        Resource: { Ref: 'Topic' },
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ],
  })
  expect(all('AWS::KMS::Key')[0]?.Properties).toMatchObject({
    EnableKeyRotation: true,
    KeyPolicy: {
      Statement: [
        { Sid: 'Account', Principal: { AWS: 'arn:aws:iam::222222222222:root' }, Action: 'kms:*' },
        { ...budgets, Action: ['kms:Decrypt', 'kms:GenerateDataKey*'] },
      ],
    },
  })
})

it('Slack is told by a function that may read one parameter, write its log and keep what it could not tell', () => {
  const { all } = stackOf((_, dev) => Object.assign(dev, { slack: '/shop/dev/slack' }))
  const [role] = all('AWS::IAM::Role')
  const policies = role?.Properties['Policies']
  expect(JSON.stringify(policies).match(/"(ssm|logs|sqs|kms|s3|sns|iam):[^"]+"/g)).toEqual([
    '"ssm:GetParameter"',
    '"logs:CreateLogStream"',
    '"logs:PutLogEvents"',
    '"sqs:SendMessage"',
  ])
  const [made] = all('AWS::Lambda::Function')
  expect(made?.Properties).toMatchObject({
    FunctionName: 'shop-dev-budgets-slack',
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
  })
  expect(all('AWS::SNS::Subscription')[0]?.Properties).toMatchObject({ Protocol: 'lambda', TopicArn: { Ref: 'Topic' } })
  expect(all('AWS::Lambda::Permission')[0]?.Properties).toMatchObject({
    SourceArn: { Ref: 'Topic' },
    SourceAccount: '222222222222',
  })
})
