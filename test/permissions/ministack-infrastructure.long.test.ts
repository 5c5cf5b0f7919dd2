import { join } from 'node:path'
import { IAM } from '@aws-sdk/client-iam'
import { SSM } from '@aws-sdk/client-ssm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { synthesise } from '../../infra/templates.case.ts'
import { example } from '../../lib/delivery/configuration.case.ts'
import type { Configuration } from '../../lib/delivery/configuration.ts'
import { infrastructureNames, repositoryUri } from '../../lib/delivery/names.ts'
import { writeAssembly } from '../../scripts/account/synthesis.ts'
import { account, type Job, type MiniStackWorld, putImage, region, startMiniStackWorld } from './ministack-world.ts'
import { type SynthesisedRole, synthesisedRoles } from './synthesised.ts'

/** A stack of which MiniStack knows every type. */
const configuration: Configuration = {
  project: 'shop',
  repository: example().repository,
  registry: { account, region },
  environments: { dev: { branch: 'dev', account, region, protect: false } },
  images: { app: { context: 'app' } },
  services: { events: { image: 'app', target: 'lambda' } },
}

let world: MiniStackWorld
let roles: SynthesisedRole[]
beforeAll(async () => {
  roles = synthesisedRoles(configuration, synthesise(configuration))
  world = await startMiniStackWorld(roles, configuration)
  const image = `${repositoryUri({ account, region }, 'shop', 'app')}@${await putImage(world)}`
  await new SSM(world.admin).putParameter({ Name: '/shop/dev/events/image', Type: 'String', Value: image })
  const Statement = { Effect: 'Allow', Principal: { Service: 'cloudformation.amazonaws.com' }, Action: 'sts:AssumeRole' }
  await new IAM(world.admin).createRole({
    RoleName: infrastructureNames('shop', 'dev').cloudFormation,
    AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
  })
  writeAssembly(configuration, join(world.folder, 'build', 'cdk.out'))
})
afterAll(() => world.close())

const PREPARE: Job = { role: '', file: '_infra.yml', branch: 'dev' }
const EXECUTE: Job = { ...PREPARE, environment: 'dev-infra' }

const prepare = () =>
  world.run('deploy-infrastructure', PREPARE, { operation: 'prepare', environment: 'dev', 'poll-interval': '1s' })
const execute = (approved: string) =>
  world.run('deploy-infrastructure', EXECUTE, { operation: 'execute', environment: 'dev', 'poll-interval': '1s', approved })

const without = async (name: string, action: string): Promise<() => Promise<void>> => {
  const role = roles.find((each) => each.name === name)
  if (role === undefined) throw new Error(name)
  const less = JSON.parse(JSON.stringify(role.policies).replaceAll(`"${action}"`, '"sts:GetSessionToken"'))
  await world.allow({ ...role, policies: less })
  return () => world.allow(role)
}

test('a permission that the roles prepare and infra lack is denied by name', async () => {
  const givePrepare = await without('shop-dev-prepare', 'cloudformation:CreateChangeSet')
  const refused = await prepare()
  await givePrepare()
  expect(refused.exitCode).toBe(1)
  expect(refused.log).toContain('cloudformation:CreateChangeSet was denied: allow cloudformation:CreateChangeSet')
  const { outputs, log } = await prepare()
  expect(outputs['outcome'], log).toBe('prepared')
  const giveInfra = await without('shop-dev-infra', 'cloudformation:ExecuteChangeSet')
  const stopped = await execute(outputs['approved'] ?? '')
  await giveInfra()
  expect(stopped.exitCode).toBe(1)
  expect(stopped.log).toContain('cloudformation:ExecuteChangeSet was denied: allow cloudformation:ExecuteChangeSet')
})

test('what is prepared and executed is allowed by the synthesised policies', async () => {
  const prepared = await prepare()
  expect(prepared.outputs['outcome'], prepared.log).toBe('prepared')
  const { outputs, log } = await execute(prepared.outputs['approved'] ?? '')
  expect(outputs['outcome'], log).toBe('succeeded')
  expect(log).toContain('shop-dev-service-events: created')
  expect((await prepare()).outputs['outcome']).toBe('no-change')
})
