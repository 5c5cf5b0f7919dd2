import { PublishVersionCommand, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda'
import { beforeAll, expect, test } from 'vitest'
import { synthesise } from '../../infra/templates.case.ts'
import type { Cloud } from '../../local/cloud.ts'
import { deployJob, tokenRequest } from '../../local/github/claims.case.ts'
import { account, region } from '../cloud-world.ts'
import { startEc2World } from '../ec2-world.ts'
import { answering, startLambdaWorld } from '../lambda-world.ts'
import { until } from '../world.ts'
import { configuration } from './deploy-world.ts'
import { gapOf } from './proof.ts'
import { openRegistry } from './registry.ts'
import { type SynthesisedRepository, type SynthesisedRole, synthesisedRepositories, synthesisedRoles } from './synthesised.ts'

let role: SynthesisedRole
let repository: SynthesisedRepository
beforeAll(() => {
  const services = {
    events: { image: 'app', target: 'lambda' as const },
    edge: { image: 'app', target: 'ec2' as const, port: 8080, names: { tag: { key: 'service', value: 'edge' } } },
  }
  const project = { ...configuration, services }
  const stacks = synthesise(project)
  const found = synthesisedRoles(project, stacks).find(({ name }) => name === 'shop-dev-deploy')
  const [made] = synthesisedRepositories(stacks)
  if (found === undefined || made === undefined) throw new Error('no such role or repository')
  role = found
  repository = made
})

test('the deploy role may do what deliveries to Lambda do, and nothing else', async ({ onTestFinished }) => {
  const images = { v1: answering('src-v1'), v2: answering('src-v2') }
  const world = await startLambdaWorld({ images, roles: [role], factor: 60 })
  onTestFinished(world.close)
  await openRegistry(world.cloud, repository)
  const FunctionName = 'shop-dev-events'
  const deploy = async (tag: string, more: Record<string, string>) => {
    const given = world.inputs(FunctionName, tag, { 'role-to-assume': role.arn, ...more })
    const { outputs, log } = await world.deploy(given, { env: tokenRequest(world.cloud.issuer, deployJob) })
    expect(outputs['outcome'], log).toBe('succeeded')
  }
  world.lambda.setAlarm(account, region, 'errors', 'OK', 'composite')
  await world.create(FunctionName, 'v1')
  await deploy('v1', { 'smoke-version': 'src-v1' })
  for (let memory = 201; memory < 208; memory += 1) {
    await world.client.send(new UpdateFunctionConfigurationCommand({ FunctionName, MemorySize: memory }))
    await until(
      () => world.code(FunctionName),
      ({ LastUpdateStatus }) => LastUpdateStatus === 'Successful',
    )
    await world.client.send(new PublishVersionCommand({ FunctionName, Description: 'slipway-test' }))
  }
  await deploy('v2', { traffic: '10% 10s', alarms: 'errors' })
  await proven(world.cloud, 'Lambda', { 'lambda:DeleteAlias': 'takes back an alias that a failed first deployment made' })
})

test('the deploy role may do what deliveries to EC2 hosts do, and nothing else', async ({ onTestFinished }) => {
  const world = await startEc2World({ roles: [role], factor: 40 })
  onTestFinished(world.close)
  await openRegistry(world.cloud, repository)
  const deploy = (tag: string) =>
    world.start(world.inputs(tag, { 'role-to-assume': role.arn }), tokenRequest(world.cloud.issuer, deployJob))
  const first = await deploy('v2').done
  expect(first.outputs['outcome'], first.log).toBe('succeeded')
  world.script('v3', { hangs: true })
  const second = deploy('v3')
  await second.printed('wave 1')
  second.process.kill('SIGTERM')
  expect((await second.done).outputs['outcome']).toBe('cancelled')
  await proven(world.cloud, 'Ec2', {})
})

const proven = async ({ recorder }: Cloud, part: string, reasons: Record<string, string>): Promise<void> => {
  const calls = recorder.calls({ principal: role.name })
  const refused = calls.filter(({ outcome }) => /AccessDenied/.test(outcome)).map(({ operation }) => operation)
  expect({ refused, ...(await gapOf(role, calls, reasons, part)) }).toEqual({ refused: [], denied: [], unused: [] })
}
