import { execFile } from 'node:child_process'
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DeleteParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { filesOf, only, serviceOf, stacksOf, userDataOf } from '../../infra/ec2/ec2.case.ts'
import { serviceBoundary } from '../../infra/identity/permissions/service-boundary.ts'
import { example } from '../../lib/delivery/configuration.case.ts'
import type { PolicyDocument } from '../../local/aws/policy.ts'
import { bashHosts } from '../../local/aws/ssm/bash-hosts.ts'
import { type HostServices, hostServices } from '../../local/aws/ssm/host-services.ts'
import { devAccount, region, scenario } from '../../local/cloud.case.ts'
import type { CloudCore } from '../../local/cloud.ts'
import { useEngine } from '../../local/engine/engine.case.ts'
import { gapOf } from '../permissions/proof.ts'
import { type HostWorld, startHostWorld, type WorldHost } from './world.ts'

// What a new host is given, out of the template: the program by way of the document, the host file, the boot step and the role.
useEngine()

const RECORD = '/shop/dev/edge/image'
const template = serviceOf()
const userData = userDataOf(template, { OfOutputsHostsDocument: 'shop-dev-deploy' })
const files = filesOf(userData)
const role = { name: 'shop-dev-edge-host', arn: `arn:aws:iam::${devAccount}:role/shop-dev-edge-host`, account: devAccount }

/** The policy of the role, with what CloudFormation fills in. */
const rolePolicy = (): PolicyDocument => {
  const [policy] = only(template, 'AWS::IAM::Role')['Policies'] as { PolicyDocument: object }[]
  const text = JSON.stringify(policy?.PolicyDocument)
  return JSON.parse(text.replaceAll(/\{"Fn::Join":\["",\["([^"]*)",\{[^}]*\}\]\]\}/g, '"$1eipalloc-1"'))
}

let world: HostWorld
let services: HostServices
let core: CloudCore
let host: WorldHost
let admin: SSMClient

const bash = (script: string) =>
  new Promise<{ code: number; output: string }>((resolve) => {
    execFile('/bin/bash', ['--norc', '-c', script], { env: host.environment, cwd: '/' }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr }),
    )
  })

/** What systemd starts, word for word but for the folder. */
const boot = () => {
  const unit = files['/etc/systemd/system/slipway-edge.service'] ?? ''
  const [, command = ''] = /^ExecStart=\/usr\/local\/sbin\/(.*)$/m.exec(unit) ?? []
  return bash(command)
}

const reboot = async () => {
  let booted: Awaited<ReturnType<typeof boot>> | undefined
  await host.reboot(async () => {
    booted = await boot()
  })
  return booted ?? { code: -1, output: '' }
}

/** After a restart the proxy takes a container for up as soon as its name resolves, which may be before the container listens. */
const soon = { timeout: 10_000 }
const serving = () => host.get('/')

const record = (image: string) =>
  admin.send(new PutParameterCommand({ Name: RECORD, Value: image, Type: 'String', Overwrite: true }))

/** Install by user data's own function, in the host's folder. */
const install = () =>
  bash(`${userData.slice(0, userData.indexOf('\nset -E\n')).replaceAll('/usr/local/sbin', join(host.root, 'bin'))}\nget_program`)

beforeAll(async () => {
  const document = only(stacksOf()['shop-dev-hosts'] ?? template, 'AWS::SSM::Document')['Content'] as object
  const older = JSON.parse(JSON.stringify(document).replace('"#!/bin/bash"', '"#!/bin/bash","# another"'))
  const given = { account: devAccount, region, name: 'shop-dev-deploy' }
  world = await startHostWorld({
    scenario: { ...scenario, roles: [...scenario.roles, { arn: role.arn, trust: { Statement: [] }, policies: [rolePolicy()] }] },
    services: (inside) => {
      core = inside
      services = hostServices({
        time: inside.time,
        instances: [],
        documents: [document, older].map((content) => ({ ...given, content })),
        executor: bashHosts(() => undefined),
      })
      return services.services
    },
  })
  admin = new SSMClient({ endpoint: world.cloud.endpoint, region, credentials: world.cloud.adminKey(devAccount) })
  const arn = `arn:aws:sts::${devAccount}:assumed-role/${role.name}/i-1`
  const written = (files['/etc/slipway/edge.env'] ?? '')
    .trim()
    .split('\n')
    .map((line) => line.split('=') as [string, string])
  const { NETWORK: _, PROXY: __, PROXY_URL: ___, ...settings } = Object.fromEntries(written)
  const { accessKeyId, secretAccessKey, sessionToken } = core.issueKey({ account: devAccount, arn, role: role.name }, 21_600)
  host = await world.host({ ...settings, BAKE_SECONDS: '1', LOG_GROUP: '' }, { accessKeyId, secretAccessKey, sessionToken })
  const script = join(host.root, 'bin/slipway-boot')
  await writeFile(script, files['/usr/local/sbin/slipway-boot'] ?? '')
  await chmod(script, 0o755)
})

afterAll(async () => {
  await services?.stopAll()
  await world?.close()
})

describe('a host that starts', () => {
  test('gets its program from the version of the document that it was made for', async () => {
    const { code, output } = await install()
    expect(code, output).toBe(0)
  })

  test('is ready and empty where nothing has been deployed yet', async () => {
    const { code, output } = await boot()
    expect([code, await host.containers('--all')], output).toEqual([0, []])
    expect(output).toContain('nothing has been deployed yet')
  })

  test('runs the recorded digest, also after a restart', async () => {
    await record(world.imageOf('v1'))
    const first = await boot()
    expect(first.code, first.output).toBe(0)
    expect(await host.get('/')).toBe('v1')
    const again = await reboot()
    expect(again.code, again.output).toBe(0)
    expect(again.output).toContain('"result":"noop"')
    await expect.poll(serving, soon).toBe('v1')
  })

  test('runs the digest that was recorded while it was off', async () => {
    await record(world.imageOf('v2'))
    const { code, output } = await reboot()
    expect(code, output).toBe(0)
    expect(await host.get('/')).toBe('v2')
    expect((await host.start('status')).verdict).toMatchObject({ digest: world.digests['v2'], running: true })
  })

  test('goes on with what it ran where the record cannot be read, and takes the recorded one when it can', async () => {
    world.cloud.faults.set([{ call: 'ssm:GetParameter', then: 'deny' }])
    await record(world.imageOf('v3'))
    await host.docker('rm', '--force', ...(await host.docker('ps', '--quiet', '--filter', `name=${host.name}-edge-`)).split('\n'))
    const unread = await reboot()
    world.cloud.faults.set([])
    expect(unread.code, unread.output).toBe(1)
    expect(unread.output).toMatch(/cannot be read.*AccessDenied/)
    await expect.poll(serving, soon).toBe('v2')
    const read = await boot()
    expect(read.code, read.output).toBe(0)
    expect(await host.get('/')).toBe('v3')
  })

  test('leaves alone what a deployment has brought while the boot step waited', async () => {
    world.cloud.faults.set([{ call: 'ssm:GetParameter', then: 'deny' }])
    expect((await reboot()).code).toBe(1)
    world.cloud.faults.set([])
    const deployed = await host.deploy('v1', 'r9', { version: 'v1' })
    expect(deployed.verdict, deployed.stdout).toMatchObject({ exit: 0, active: 'r9' })
    const { code, output } = await boot()
    expect(code, output).toBe(0)
    expect(output).toContain('a deployment has been here since')
    expect(await host.get('/')).toBe('v1')
  })

  test('keeps an image that does not come up from the requests, and tries again', async () => {
    await record(world.imageOf('crash'))
    const { code, output } = await reboot()
    expect(code, output).toBe(24)
    expect(await host.get('/')).toBe('v1')
    await admin.send(new DeleteParameterCommand({ Name: RECORD }))
  })
})

/** Calls that no simulated host makes: the agent's own, those of the engine's log driver, and those of a host with an address. */
const REASONS = {
  ...Object.fromEntries(
    [
      ...['ssm:UpdateInstanceInformation', 'ssm:ListAssociations', 'ssm:ListInstanceAssociations'],
      ...['Create', 'Open'].flatMap((verb) => ['Control', 'Data'].map((kind) => `ssmmessages:${verb}${kind}Channel`)),
      ...['logs:CreateLogStream', 'logs:PutLogEvents', 'ec2:AssociateAddress'],
    ].map((action) => [action, 'made by what a simulated host does not have']),
  ),
  'ecr:BatchCheckLayerAvailability': 'AWS lists it with what a pull needs (ECR user guide, "Pulling an image")',
}

test('the role of the hosts may do what they did, and nothing else', async () => {
  const calls = world.cloud.recorder.calls({ principal: role.name })
  const refused = calls.filter(({ outcome }) => /AccessDenied/.test(outcome)).map(({ operation }) => operation)
  expect(new Set(refused)).toEqual(new Set(['GetParameter']))
  const whole = {
    ...role,
    policies: [rolePolicy()],
    boundary: serviceBoundary(example(), 'dev') as PolicyDocument,
  }
  expect(await gapOf(whole, calls, REASONS)).toEqual({ denied: [], unused: [] })
  const without = JSON.parse(JSON.stringify(rolePolicy()).replace('"ssm:GetParameter"', '"ssm:GetParameters"'))
  expect(await gapOf({ ...whole, policies: [without] }, calls, REASONS)).toEqual({
    denied: [expect.stringMatching(/^ssm:GetParameter on .*parameter\/shop\/dev\/edge\/image/)],
    unused: ['ssm:GetParameters'],
  })
})
