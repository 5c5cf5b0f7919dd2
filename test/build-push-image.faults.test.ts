import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { BatchGetImageCommand, ECRClient } from '@aws-sdk/client-ecr'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Fault } from '../local/aws/faults.ts'
import { branchJob, tokenRequest, trustOf } from '../local/github/claims.case.ts'
import type { ScenarioRole } from '../local/scenario.ts'
import { account, type BuildWorld, region, startBuildWorld } from './build-world.ts'

let world: BuildWorld
beforeEach(async () => {
  world = await startBuildWorld()
})
afterEach(() => world.close())

/** Digest under a tag, asked of the cloud and hashed here. */
const digestAt = async (tag: string | undefined): Promise<string | undefined> => {
  const ecr = new ECRClient({ endpoint: world.cloud.endpoint, region, credentials: world.cloud.adminKey(account) })
  const wanted = { repositoryName: 'shop/app', imageIds: [{ imageTag: tag }] }
  const { images = [] } = await ecr.send(new BatchGetImageCommand(wanted))
  const [manifest] = images.map(({ imageManifest = '' }) => imageManifest)
  return manifest && `sha256:${createHash('sha256').update(manifest).digest('hex')}`
}

describe('a fault of AWS', () => {
  it.each<Fault>([
    { call: 'ecr:BatchGetImage', nth: 1, then: 'throttle' },
    { call: 'ecr:BatchGetImage', nth: 2, then: 'error-500' },
    { call: 'ecr:GetAuthorizationToken', nth: 1, then: 'throttle' },
    { call: 'ecr:BatchCheckLayerAvailability', nth: 1, then: 'throttle' },
    { call: 'ecr:InitiateLayerUpload', nth: 2, then: 'error-500' },
    { call: 'ecr:CompleteLayerUpload', nth: 1, then: 'error-500' },
    { call: 'ecr:CompleteLayerUpload', nth: 2, then: 'reset-after-apply' },
    { call: 'ecr:CompleteLayerUpload', nth: 1, then: 'hang' },
    { call: 'ecr:PutImage', nth: 1, then: 'reset-after-apply' },
    { call: 'ecr:PutImage', nth: 2, then: 'throttle' },
    { call: 'ecr:PutImage', nth: 2, then: 'error-500' },
    { call: 'ecr:PutImage', nth: 2, then: 'reset-after-apply' },
    { call: 'ecr:PutImage', nth: 2, then: 'hang' },
  ])('is survived: $call number $nth, $then', async (fault) => {
    const { root } = world.willBuild()
    world.cloud.faults.set([fault])
    const step = await world.run({ 'request-timeout': '1s' })
    expect(step.log).not.toContain('::error')
    expect(step.outputs).toMatchObject({ result: 'built', digest: root.digest })
    expect(await digestAt(step.outputs['tag'])).toBe(root.digest)
    expect(world.dockerCalls()).toHaveLength(1)
  })

  it.each<[Fault, RegExp]>([
    [{ call: 'ecr:BatchGetImage', then: 'deny' }, /ecr:BatchGetImage was denied: allow ecr:BatchGetImage/],
    [{ call: 'ecr:GetAuthorizationToken', then: 'deny' }, /ecr:GetAuthorizationToken was denied/],
    [
      { call: 'ecr:InitiateLayerUpload', then: 'deny' },
      /the registry answered 403 to POST upload shop\/app: .*allow ecr:BatchCheckLayerAvailability/,
    ],
    [{ call: 'ecr:BatchGetImage', then: 'expire' }, /the credentials of this job have expired/],
    [{ call: 'ecr:PutImage', nth: 2, then: 'deny' }, /ecr:PutImage was denied/],
  ])('that stays ends red, with the reason and without a tag: %j', async (fault, message) => {
    world.willBuild()
    world.cloud.faults.set([fault])
    const step = await world.run()
    expect(step.exitCode).toBe(1)
    expect(step.log).toMatch(message)
    expect(step.outputs).toEqual({})
    world.cloud.faults.set([])
    expect(await digestAt(`src-${world.git('rev-parse', 'HEAD:app')}`)).toBeUndefined()
    expect(world.leftovers()).toEqual([])
  })

  it('may deny the question whether a tag can be moved', async () => {
    world.willBuild()
    const moving = { repository: 'shop/moving', tag: 'dev' }
    await world.run(moving)
    world.commit({ 'app/Dockerfile': 'FROM scratch\n# changed\n' })
    world.willBuild()
    world.cloud.faults.set([{ call: 'ecr:DescribeRepositories', then: 'deny' }])
    const step = await world.run(moving)
    expect(step.log).toContain('allow ecr:DescribeRepositories to see it earlier')
    expect(step.outputs['result']).toBe('built')
  })
})

describe('a run that is killed', () => {
  it.each(['ecr:InitiateLayerUpload', 'ecr:CompleteLayerUpload', 'ecr:PutImage'])(
    'at %s is finished by the next one',
    async (call) => {
      const { root } = world.willBuild({ layers: 3 })
      world.cloud.faults.set([{ call, nth: 2, then: 'hang' }])
      const running = world.start()
      await vi.waitFor(() => expect(world.calls().filter((each) => each.endsWith(call)).length).toBeGreaterThanOrEqual(2), 10_000)
      running.process.kill('SIGKILL')
      await running.done
      world.cloud.faults.set([])
      const step = await world.run()
      expect(step.outputs).toMatchObject({ result: 'built', digest: root.digest })
    },
  )
})

describe('secrets', () => {
  it('reach the build by name, and no log, argument or call', async () => {
    world.willBuild()
    world.script(`env > "$here/environment"`)
    const step = await world.run({ 'build-secrets': 'npm=NPM_TOKEN' }, { NPM_TOKEN: 'npm-s3cr3t' })
    expect(step.exitCode).toBe(0)
    expect(readFileSync(join(world.bin, 'environment'), 'utf8')).toContain('NPM_TOKEN=npm-s3cr3t')
    const seen = [
      step.log,
      step.summary,
      JSON.stringify(step.outputs),
      ...world.dockerCalls(),
      JSON.stringify(world.cloud.recorder.calls()),
    ]
    expect(seen.join()).not.toContain('npm-s3cr3t')
  })

  it('of the registry stay in the process', async () => {
    world.willBuild()
    world.script(`env > "$here/environment"; find "$HOME" "$RUNNER_TEMP" -type f -exec cat {} + > "$here/files"`)
    const step = await world.run()
    const seen = [
      step.log,
      step.summary,
      ...['calls', 'environment', 'files'].map((name) => readFileSync(join(world.bin, name), 'utf8')),
    ]
    expect(seen.join()).not.toMatch(/QVdTO|Basic /)
    expect(existsSync(join(world.bin, 'files'))).toBe(true)
  })
})

describe('a role assumed in the process', () => {
  const role: ScenarioRole = {
    arn: `arn:aws:iam::${account}:role/shop-registry-build`,
    trust: trustOf(account, { sub: 'repo:acme@1/shop@2:ref:refs/heads/dev' }),
  }
  const jobOn = (ref: string) => tokenRequest(world.cloud.issuer, branchJob(ref))
  beforeEach(async () => {
    await world.close()
    world = await startBuildWorld({ roles: [role] })
  })

  it('builds with that role alone', async () => {
    world.willBuild()
    const step = await world.run({ 'role-to-assume': role.arn }, jobOn('refs/heads/dev'))
    expect(step.outputs['result']).toBe('built')
    const callers = new Set(world.cloud.recorder.calls({ call: 'ecr' }).map(({ role: name }) => name))
    expect([...callers]).toEqual(['shop-registry-build'])
  })

  it('is refused on another branch, with the claims that STS saw', async () => {
    const step = await world.run({ 'role-to-assume': role.arn }, jobOn('refs/heads/main'))
    expect(step.exitCode).toBe(1)
    expect(step.log).toMatch(/STS refused to let this job assume .*shop-registry-build/)
    expect(step.log).toContain('sub: repo:acme@1/shop@2:ref:refs/heads/main')
    expect(world.calls()).toEqual(['sts:AssumeRoleWithWebIdentity'])
    expect(world.dockerCalls()).toEqual([])
  })
})
