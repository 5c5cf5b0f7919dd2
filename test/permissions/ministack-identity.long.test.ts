import { CreateClusterCommand, CreateServiceCommand, ECSClient, RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs'
import { IAM } from '@aws-sdk/client-iam'
import { Lambda } from '@aws-sdk/client-lambda'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { synthesise } from '../../infra/templates.case.ts'
import { roleArn, serviceNames } from '../../lib/delivery/names.ts'
import {
  account,
  configuration,
  type Job,
  type MiniStackWorld,
  putImage,
  region,
  startMiniStackWorld,
} from './ministack-world.ts'
import { type SynthesisedRole, synthesisedRoles } from './synthesised.ts'

let world: MiniStackWorld
let roles: SynthesisedRole[]
beforeAll(async () => {
  roles = synthesisedRoles(configuration, synthesise(configuration))
  world = await startMiniStackWorld(roles)
  await makeServices(await putImage(world))
})
afterAll(() => world.close())

const PLAN: Job = { role: '', file: '_plan.yml', branch: 'dev' }
const BUILD: Job = { role: 'shop-registry-build', file: '_build.yml', branch: 'dev', environment: 'build' }
const DEPLOY: Job = { role: '', file: '_deploy.yml', branch: 'dev', environment: 'dev' }
const BUDGET: Job = { role: 'shop-prod-budget', file: '_budget.yml', branch: 'main', environment: 'budget' }

/** A cluster with a service of no task, and a function, as infrastructure makes them. */
const makeServices = async (digest: string): Promise<void> => {
  const image = `${account}.dkr.ecr.${region}.amazonaws.com/shop/app@${digest}`
  const { family, taskRole, executionRole } = serviceNames('shop', 'dev', 'api')
  const { functionRole } = serviceNames('shop', 'dev', 'events')
  const iam = new IAM(world.admin)
  for (const [RoleName, service] of [
    [taskRole, 'ecs-tasks'],
    [executionRole, 'ecs-tasks'],
    [functionRole, 'lambda'],
  ]) {
    const Statement = { Effect: 'Allow', Principal: { Service: `${service}.amazonaws.com` }, Action: 'sts:AssumeRole' }
    await iam.createRole({ RoleName, AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }) })
  }
  const ecs = new ECSClient(world.admin)
  await ecs.send(new CreateClusterCommand({ clusterName: 'shop-dev' }))
  const { taskDefinition } = await ecs.send(
    new RegisterTaskDefinitionCommand({
      ...{ family, cpu: '256', memory: '512', networkMode: 'awsvpc', requiresCompatibilities: ['FARGATE'] },
      taskRoleArn: roleArn({ account, region }, taskRole),
      executionRoleArn: roleArn({ account, region }, executionRole),
      containerDefinitions: [{ name: 'api', image, essential: true }],
    }),
  )
  await ecs.send(
    new CreateServiceCommand({
      ...{ cluster: 'shop-dev', serviceName: 'api', desiredCount: 0, launchType: 'FARGATE' },
      taskDefinition: taskDefinition?.taskDefinitionArn ?? '',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
    }),
  )
  await new Lambda(world.admin).createFunction({
    ...{ FunctionName: 'shop-dev-events', PackageType: 'Image', Code: { ImageUri: image } },
    Role: roleArn({ account, region }, functionRole),
  })
}

const plan = () => world.run('plan-delivery', PLAN, {})
const deploy = async (service: string) => {
  const { outputs } = await plan()
  const whole = JSON.parse(outputs['plan'] ?? '{}')
  const services = whole.services
    .filter(({ name }: { name: string }) => name === service)
    .map(({ preDeploy: _, ...rest }: { preDeploy: unknown }) => ({ ...rest, dependsOn: [] }))
  const given = { ...whole, services, ...(services.length === 0 && { kind: 'resume' }) }
  return world.run('deploy-service', DEPLOY, { plan: JSON.stringify(given), timeout: '15s', 'poll-interval': '1s' })
}

test('what is planned, built, reported and resumed is allowed by the synthesised policies', async () => {
  const planned = await plan()
  expect(planned.outputs['outcome'], planned.log).toBe('planned')
  const built = await world.run('build-push-image', BUILD, { context: 'app', repository: 'shop/app' })
  expect(built.outputs['result'], built.log).toBe('found')
  const reported = await world.run('budget-report', BUDGET, { environment: 'prod', level: 'budgets' })
  expect(reported.outputs['incomplete'], reported.log).toBe('false')
  const resumed = await deploy('')
  expect(resumed.outputs['outcome'], resumed.log).toBe('no-change')
})

test('a deployment to ECS goes its whole way, to the digest that MiniStack does not know', async () => {
  const { log, outputs } = await deploy('api')
  expect(log).toContain('api: started ecs-svc/')
  expect(log).not.toContain('denied')
  expect(outputs['reason']).toMatch(/the deployment completed, but task .* runs an unknown digest/)
})

test('one to Lambda comes to the update, which MiniStack does not show', async () => {
  const { log, outputs } = await deploy('events')
  expect(log).toContain('events: started')
  expect(log).not.toContain('denied')
  expect(outputs['reason']).toContain('lambda:UpdateFunctionCode was sent 5 times and none was seen to be applied')
})

const withdrawn: [role: string, action: string, run: () => Promise<{ log: string; exitCode: number | null }>][] = [
  ['shop-registry-read', 'ecr:BatchGetImage', plan],
  ['shop-dev-read', 'ssm:GetParameters', plan],
  [
    'shop-registry-build',
    'ecr:BatchGetImage',
    () => world.run('build-push-image', BUILD, { context: 'app', repository: 'shop/app' }),
  ],
  ['shop-dev-deploy', 'ssm:PutParameter', () => deploy('')],
  ['shop-dev-deploy', 'ecs:UpdateService', () => deploy('api')],
  ['shop-dev-deploy', 'lambda:UpdateFunctionCode', () => deploy('events')],
  ['shop-prod-budget', 'budgets:ViewBudget', () => world.run('budget-report', BUDGET, { environment: 'prod', level: 'budgets' })],
]

test.each(withdrawn)('%s without %s is denied by name', async (name, action, run) => {
  const role = roles.find((each) => each.name === name)
  if (role === undefined) throw new Error(name)
  const less = JSON.parse(JSON.stringify(role.policies).replaceAll(`"${action}"`, '"sts:GetSessionToken"'))
  await world.allow({ ...role, policies: less })
  const { log, exitCode } = await run()
  await world.allow(role)
  expect(exitCode).not.toBe(0)
  // MiniStack asks for the name of the call where AWS has one action for several.
  expect(log).toMatch(new RegExp(`(${action}|budgets:Describe\\w+).* was denied: allow (${action}|budgets:Describe\\w+)`))
})

test('a job that the role does not trust does not get it', async () => {
  const { log } = await world.run('budget-report', { ...BUDGET, environment: 'dev' }, { environment: 'prod', level: 'budgets' })
  expect(log).toMatch(/sts:AssumeRoleWithWebIdentity|may not assume/)
})
