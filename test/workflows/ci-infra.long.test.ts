import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Pull } from '../../local/github/api/state.ts'
import { openPull } from './flow.ts'
import { runWorkflow } from './run.ts'
import { startWorkflowWorld, type WorkflowWorld } from './world.ts'

// The two jobs of ci.yml that say what a pull request changes of the infrastructure, with the CDK app of its merge and of its base.
let world: WorkflowWorld
let pull: Pull
beforeAll(async () => {
  world = await startWorkflowWorld({ infrastructure: true, withoutActions: true })
  const delivery = JSON.parse(world.scratch.show('dev', 'delivery.json'))
  delivery.environments.dev.network = { cidr: '10.9.0.0/16' }
  delivery.services.api.in = { ...delivery.services.api.in, dev: { secrets: ['DATABASE_URL'] } }
  world.scratch.commit('feature', { 'delivery.json': JSON.stringify(delivery, null, 2) }, 'Another network', 'dev')
  pull = await openPull(world, 'feature', 'dev')
})
afterAll(() => world?.close())

const judge = () => runWorkflow(world, { file: 'ci.yml', event: 'pull_request', pull, job: 'infra-comment' })
const comments = (): string[] => world.cloud.github.state.comments.map(({ body }) => body)

test('a pull request that replaces the network and reads a secret says so in one comment, and waits for its labels', async () => {
  const since = world.cloud.recorder.mark()
  const refused = await judge()
  expect(refused.jobs, refused.log).toEqual({ infra: 'success', 'infra-comment': 'failure' })
  expect(refused.log).toMatch(/adds the label infra:broadening/)
  expect(refused.log).toMatch(/adds the label infra:destructive/)
  expect(comments()).toHaveLength(1)
  expect(comments()[0]).toMatch(/changed: shop-dev-network/)
  expect(comments()[0]).toMatch(/AWS::EC2::VPC .*will be replaced/)
  expect(comments()[0]).toMatch(/secretsmanager:GetSecretValue/)
  expect(comments()[0]).not.toContain('shop-prod')
  pull.labels.push('infra:broadening', 'infra:destructive')
  const accepted = await judge()
  expect(accepted.jobs, accepted.log).toEqual({ infra: 'success', 'infra-comment': 'success' })
  expect(comments()).toHaveLength(1)
  expect(comments()[0]).toContain('accepted by the label `infra:destructive`')
  expect(world.cloud.recorder.calls({ since })).toEqual([])
})
