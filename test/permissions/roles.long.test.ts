import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { describe, expect, test } from 'vitest'
import { type SynthesisedStack, synthesise } from '../../infra/templates.case.ts'
import { example } from '../../lib/delivery/configuration.case.ts'
import type { Configuration } from '../../lib/delivery/configuration.ts'
import type { Cloud } from '../../local/cloud.ts'
import { deployJob, tokenRequest } from '../../local/github/claims.case.ts'
import { account, budget, startBudgetWorld } from '../budget-world.ts'
import { startBuildWorld } from '../build-world.ts'
import { INTENDED } from '../identity/jobs.case.ts'
import { evaluator, iamSimulate } from '../identity/judges.case.ts'
import { rowsOf } from '../identity/matrix.case.ts'
import { startReconcileWorld, twoServices } from '../reconcile-delivery-world.ts'
import { gapOf } from './proof.ts'
import { type SynthesisedRole, synthesisedRoles } from './synthesised.ts'

const rolesOf = (configuration: Configuration): SynthesisedRole[] => {
  const stacks: SynthesisedStack[] = synthesise(configuration)
  return synthesisedRoles(configuration, stacks)
}

const roles = rolesOf(example())
const named = (name: string, all = roles): SynthesisedRole => {
  const found = all.find((role) => role.name === name)
  if (found === undefined) throw new Error(`no role ${name}`)
  return found
}

const proven = async ({ recorder }: Cloud, role: SynthesisedRole, reasons: Record<string, string> = {}): Promise<void> => {
  const calls = recorder.calls({ principal: role.name })
  const refused = calls.filter(({ outcome }) => /AccessDenied/.test(outcome)).map(({ operation }) => operation)
  expect({ refused, ...(await gapOf(role, calls, reasons)) }).toEqual({ refused: [], denied: [], unused: [] })
}

test('the build role may do what builds do, and nothing else', async ({ onTestFinished }) => {
  const role = named('shop-registry-build')
  const world = await startBuildWorld({ roles: [role] })
  onTestFinished(world.close)
  const build = async (inputs: Record<string, string> = {}) => {
    const job = { ...deployJob, jobWorkflowFile: '_build.yml', environment: 'build' }
    const step = await world.start({ 'role-to-assume': role.arn, ...inputs }, tokenRequest(world.cloud.issuer, job)).done
    return step.outputs['result'] ?? step.log
  }
  world.willBuild()
  const results = [await build(), await build()]
  world.commit({ 'app/more': 'x' })
  results.push(await build(), await build({ for: 'lambda' }))
  expect(results).toEqual(['built', 'found', 'built', 'found'])
  await proven(world.cloud, role, {
    'ecr:DescribeRepositories': 'whether tags may move, asked where a tag is already that of another image',
    'ecr:GetDownloadUrlForLayer': 'the layers of an image that is copied from here, as to the region of a Lambda function',
  })
})

test('the budget role may do what reports do, and nothing else', async ({ onTestFinished }) => {
  const configuration = example()
  Object.assign(configuration.environments['prod'] ?? {}, { slack: '/shop/prod/slack' })
  const role = named('shop-prod-budget', rolesOf(configuration))
  const young = budget({ CalculatedSpend: { ActualSpend: { Amount: '3', Unit: 'USD' } } })
  const world = await startBudgetWorld({ roles: [role], budgets: { [account]: { budgets: [young] } } })
  onTestFinished(world.close)
  const { endpoint, adminKey } = world.cloud
  const ssm = new SSMClient({ endpoint, region: 'eu-west-1', credentials: adminKey(account) })
  const Name = '/shop/prod/slack'
  await ssm.send(new PutParameterCommand({ Name, Value: world.slack.webhook, Type: 'SecureString' }))
  const job = { ...deployJob, ref: 'refs/heads/main', jobWorkflowFile: '_budget.yml', environment: 'budget' }
  const given = { 'role-to-assume': role.arn, level: 'full', 'aws-region': 'eu-west-1' }
  const step = await world.report(
    { ...given, 'slack-webhook': '', 'slack-webhook-parameter': Name },
    tokenRequest(world.cloud.issuer, job),
  )
  expect(step.exitCode, step.log).toBe(0)
  await proven(world.cloud, role)
})

test('the read roles may do what plans and reconciliations do, and nothing else', async ({ onTestFinished }) => {
  const configuration = twoServices()
  const all = rolesOf(configuration)
  const world = await startReconcileWorld(configuration)
  onTestFinished(world.close)
  const digest = await world.build()
  await Promise.all(
    ['dev', 'staging', 'prod'].map(async (environment) => {
      await world.run(environment, digest)
      await world.record(environment, digest)
    }),
  )
  const step = await world.reconcile()
  expect(step.exitCode, step.log).toBe(0)
  await proven(world.cloud, named('shop-prod-read', all))
  await proven(world.cloud, named('shop-registry-read', all))
})

describe('the synthesised trust', () => {
  test('passes the claim matrix of every role, by two judges', async () => {
    const wrong: string[] = []
    for (const judge of [evaluator, await iamSimulate()]) {
      for (const role of roles) {
        for (const { name, claims, allowed } of rowsOf(INTENDED[role.name] ?? [])) {
          const asked = role as unknown as Parameters<typeof evaluator>[0]
          if ((await judge(asked, claims)) !== allowed) wrong.push(`${role.name}: ${name}`)
        }
      }
    }
    expect(wrong).toEqual([])
    expect(roles.map(({ name }) => name).toSorted()).toEqual(Object.keys(INTENDED).toSorted())
  })
})
