import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { synthesise } from '../../infra/templates.case.ts'
import { branchJob, deployJob, tokenRequest } from '../../local/github/claims.case.ts'
import type { RunningStep } from '../../local/github/step.ts'
import { configuration } from '../infrastructure/planned.ts'
import { green } from '../infrastructure/runs.ts'
import { type InfrastructureWorld, openInfrastructure } from '../infrastructure/world.ts'
import { infrastructureRoles } from './infrastructure-roles.ts'
import { gapOf } from './proof.ts'
import type { SynthesisedRole } from './synthesised.ts'

/** The jobs of `_infra.yml` and `_deploy.yml`: each with a token of GitHub's, and no other credential. */
const jobs = (world: InfrastructureWorld) => {
  const { issuer } = world.cloud
  const preparing = { ...branchJob('refs/heads/dev'), jobWorkflowFile: '_infra.yml' }
  const executing = { ...deployJob, jobWorkflowFile: '_infra.yml', environment: 'dev-infra' }
  const oidc = { credentials: 'oidc' }
  return {
    prepare: (run: number, assembly: string): RunningStep =>
      world.infra(run, { operation: 'prepare', assembly, ...oidc }, { env: tokenRequest(issuer, preparing) }),
    execute: (run: number, assembly: string, approved = ''): RunningStep =>
      world.infra(run, { operation: 'execute', assembly, approved, ...oidc }, { env: tokenRequest(issuer, executing) }),
    deliver: (run: number, tag: string, operation = 'deploy'): RunningStep =>
      world.startDelivery(world.plan(tag), run, { operation, ...oidc }, { env: tokenRequest(issuer, deployJob) }),
  }
}

test('the roles of infrastructure may do what a project does with its stacks, good and bad, and nothing else', async ({
  onTestFinished,
}) => {
  const roles = infrastructureRoles(configuration, synthesise(configuration))
  const world = await openInfrastructure(onTestFinished, { synthesised: true, roles: Object.values(roles) })
  const { prepare, execute, deliver } = jobs(world)
  const ends: unknown[] = []
  const bring = async (run: number, assembly: string): Promise<void> => {
    const { outputs } = await green(prepare(run, assembly))
    const executed = await execute(run, assembly, outputs['approved']).done
    ends.push(executed.outputs['outcome'])
    // It inherits the lease, and gives it back.
    await green(deliver(run, 'v1', 'prove'))
  }
  const first = world.synth(configuration)
  await green(deliver(1, 'v1', 'seed'))
  world.stacks.script([{ stack: 'shop-dev-hosts', logicalId: 'Document', then: 'fail', reason: 'no room' }])
  await bring(1, first)
  world.stacks.script([])
  await bring(2, first)
  await green(deliver(2, 'v1'))
  await green(deliver(3, 'v2'))

  const changed = structuredClone(configuration)
  for (const service of Object.values(changed.services)) Object.assign(service, { variables: { LOG_LEVEL: 'debug' } })
  const second = world.synth(changed)
  await bring(4, second)
  // Another text that is no change for CloudFormation.
  const path = join(world.folder, second, 'shop-dev-network.template.json')
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), Metadata: { note: 'none' } }))
  await bring(5, second)

  const third = world.synth(configuration)
  world.stacks.script([{ stack: 'shop-dev-service-api', logicalId: 'Service', then: 'hang' }])
  const approved = (await green(prepare(6, third))).outputs['approved']
  const cancelled = execute(6, third, approved)
  await cancelled.printed(/Service UPDATE_IN_PROGRESS/)
  cancelled.process.kill('SIGTERM')
  ends.push((await cancelled.done).outputs['outcome'])
  expect(ends).toEqual(['failed-rolled-back', 'succeeded', 'succeeded', 'no-change', 'cancelled'])

  await proven(world, roles.prepare)
  await proven(world, roles.infra, {
    'cloudformation:DeleteChangeSet': 'drops one that differs from what was approved, or that CloudFormation finds empty',
  })
  await onlyAllowed(world, roles.worker)

  // Neither side can change alone.
  const [policy] = roles.infra.policies
  const without = JSON.parse(
    JSON.stringify(policy).replace('"cloudformation:ExecuteChangeSet"', '"cloudformation:StopStackSetOperation"'),
  )
  const calls = world.cloud.recorder.calls({ principal: roles.infra.name })
  expect(await gapOf({ ...roles.infra, policies: [without] }, calls)).toMatchObject({
    denied: expect.arrayContaining([expect.stringContaining('cloudformation:ExecuteChangeSet')]),
    unused: expect.arrayContaining(['cloudformation:StopStackSetOperation']),
  })
})

const refusedOf = ({ cloud }: InfrastructureWorld, { name }: SynthesisedRole): string[] =>
  cloud.recorder
    .calls({ principal: name })
    .filter(({ outcome }) => /AccessDenied/.test(outcome))
    .map(({ operation }) => operation)

const proven = async (world: InfrastructureWorld, role: SynthesisedRole, reasons: Record<string, string> = {}): Promise<void> => {
  const calls = world.cloud.recorder.calls({ principal: role.name })
  expect({ role: role.name, refused: refusedOf(world, role), ...(await gapOf(role, calls, reasons)) }).toEqual({
    role: role.name,
    refused: [],
    denied: [],
    unused: [],
  })
}

/** What it may do beyond that is for types that are only data here: those are judged by their templates. */
const onlyAllowed = async (world: InfrastructureWorld, role: SynthesisedRole): Promise<void> => {
  const calls = world.cloud.recorder.calls({ principal: role.name })
  const { denied } = await gapOf(role, calls)
  expect({ role: role.name, refused: refusedOf(world, role), denied }).toEqual({ role: role.name, refused: [], denied: [] })
  const used = new Set(calls.map(({ service, operation }) => `${service}:${operation}`))
  expect([...used].toSorted()).toEqual(
    expect.arrayContaining([
      'ecs:CreateService',
      'ecs:UpdateService',
      'lambda:CreateFunction',
      'ssm:CreateDocument',
      'ssm:GetParameters',
      'ssm:PutParameter',
    ]),
  )
}
