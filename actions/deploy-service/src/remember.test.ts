import { expect, test } from 'vitest'
import type { LeaseTerms } from '../../../lib/aws/lease-terms.ts'
import type { Job } from './job.ts'
import { remember } from './remember.ts'
import type { Deployment } from './target.ts'

const target = { kind: 'ecs' as const, cluster: 'c', service: 'api' }
const job: Job = {
  title: '',
  operation: 'deploy',
  account: '2',
  region: 'r',
  role: 'arn',
  onFailure: 'keep',
  services: [{ name: 'api', target, images: [], dependsOn: [], allowZero: false }],
}
const terms: LeaseTerms = {
  parameter: '/shop/dev/lock',
  name: 'shop in dev',
  owner: '7',
  purpose: 'deploy',
  run: 'url',
  leaseDuration: 1,
  leaseTimeout: 2,
  requestTimeout: 3,
}
const deployment: Deployment = {
  id: 'ecs-svc/1',
  revision: 'api:2',
  startedAt: 0,
  previous: { revision: 'api:1', images: {}, digests: {}, deployments: [], count: 1, settled: true },
}

const memoryOf = () => {
  let saved = ''
  const memory = remember(job, { requestTimeout: 3, pollInterval: 4 }, (state) => {
    saved = state
  })
  return { memory, saved: () => (saved === '' ? undefined : JSON.parse(saved)) }
}

test('the lease is known before it is claimed, and forgotten when it was given back', () => {
  const { memory, saved } = memoryOf()
  memory.onLease(terms)
  expect(saved()).toMatchObject({ account: '2', role: 'arn', deployments: [], lease: terms })
  memory.onLease()
  expect(saved()).toBeUndefined()
})

test('a deployment is known from its start until it was seen to end', () => {
  const { memory, saved } = memoryOf()
  memory.onStarted('api', deployment)
  expect(saved()).toMatchObject({ deployments: [{ service: 'api', target, deployment }] })
  memory.onFinished([{ service: 'api', outcome: 'succeeded', causes: [], digest: '', duration: 0 }])
  expect(saved()).toBeUndefined()
})

test('what nobody saw end is left to the post step, with the lease that it has to take for it', () => {
  const { memory, saved } = memoryOf()
  memory.onLease(terms)
  memory.onStarted('api', deployment)
  memory.onLease()
  memory.onFinished([{ service: 'api', outcome: 'failed-not-rolled-back', causes: [], digest: '', duration: 0, unseen: true }])
  expect(saved()).toMatchObject({ lease: terms, deployments: [{ service: 'api' }] })
})
