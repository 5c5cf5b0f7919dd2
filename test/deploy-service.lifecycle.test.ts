import { ECRClient, PutLifecyclePolicyCommand, SetRepositoryPolicyCommand } from '@aws-sdk/client-ecr'
import { afterEach, expect, test } from 'vitest'
import { account, region, registryAccount, startWorld, type World } from './world.ts'

let world: World
afterEach(() => world.close())

const repositoryName = 'shop/app'
const owner = () => new ECRClient({ endpoint: world.cloud.endpoint, region, credentials: world.cloud.adminKey(registryAccount) })

/** What a deployment reads of a registry in another account, and what its policy must serve for that. */
const reading = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer', 'ecr:PutImage']

const prepare = async (selection: object, actions = [...reading, 'ecr:GetLifecyclePolicy', 'ecr:DescribeImages']) => {
  world = await startWorld({ images: { v1: {}, v2: {} } })
  await world.createService('api', 'v1')
  const rules = [{ rulePriority: 1, selection, action: { type: 'expire' } }]
  const lifecyclePolicyText = JSON.stringify({ rules })
  await owner().send(new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText }))
  const statement = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: actions }
  await owner().send(new SetRepositoryPolicyCommand({ repositoryName, policyText: JSON.stringify({ Statement: statement }) }))
}

test('an image that the lifecycle policy takes away soon is warned of, and so is the one to go back to', async () => {
  await prepare({ tagStatus: 'any', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 7 })
  const mark = world.cloud.recorder.mark()
  const step = await world.deploy(world.inputs('api', 'v2'))
  expect(step.outputs['outcome']).toBe('succeeded')
  expect(step.log).toContain(
    `::warning::the image that is deployed, ${world.imageOf('v2')}, is deleted by rule 1 of the repository's lifecycle policy in 6 days; ` +
      'then what starts afterwards could not pull it',
  )
  expect(step.log).toContain(`::warning::the image that ran before, ${world.imageOf('v1')}, is deleted by rule 1`)
  expect(step.summary).toContain('Expires: the image that is deployed')
  const calls = world.cloud.recorder.calls({ since: mark }).map(({ operation }) => operation)
  expect(calls.indexOf('GetLifecyclePolicy')).toBeGreaterThan(calls.indexOf('UpdateService'))
})

test('a rule that counts images is weighed against all of the repository', async () => {
  await prepare({ tagStatus: 'tagged', tagPrefixList: ['v'], countType: 'imageCountMoreThan', countNumber: 3 })
  const step = await world.deploy(world.inputs('api', 'v2'))
  expect(step.log).toContain(
    `the image that ran before, ${world.imageOf('v1')}, is deleted by rule 1 of the repository's lifecycle policy after`,
  )
})

test('a policy that takes nothing soon is not mentioned', async () => {
  await prepare({ tagStatus: 'any', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 90 })
  const step = await world.deploy(world.inputs('api', 'v2'))
  expect(step.outputs['outcome']).toBe('succeeded')
  expect(step.log).not.toContain('lifecycle')
})

test('where the policy of the repository does not let it be read, that is said, and nothing else changes', async () => {
  await prepare({ tagStatus: 'any', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 7 }, reading)
  const step = await world.deploy(world.inputs('api', 'v2'))
  expect(step.outputs['outcome']).toBe('succeeded')
  expect(step.log).toMatch(
    /whether a lifecycle rule takes an image away soon is not known: ecr:GetLifecyclePolicy was denied: allow ecr:GetLifecyclePolicy on arn:aws:ecr:\S+ in the policy of that resource to the role of this job/,
  )
  expect(step.log).not.toContain('::warning::')
})

test('a registry that never answers makes nobody wait', async () => {
  await prepare({ tagStatus: 'any', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 7 })
  world.cloud.faults.set([{ call: 'ecr:GetLifecyclePolicy', then: 'hang' }])
  const step = await world.deploy(world.inputs('api', 'v2'))
  expect(step.outputs['outcome']).toBe('succeeded')
  expect(step.milliseconds).toBeLessThan(12_000)
})
