import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { account, type BuildWorld, otherAccount, startBuildWorld } from './build-world.ts'

let world: BuildWorld
beforeEach(async () => {
  world = await startBuildWorld()
})
afterEach(() => world.close())

const WRITES = /PutImage|InitiateLayerUpload|UploadLayerPart|CompleteLayerUpload/

describe('a dry run', () => {
  it.each<[string, Record<string, string>, Record<string, string>]>([
    ['a build', {}, { result: 'built', digest: '', image: '', 'platform-digests': '{}' }],
    ['a build and a tag', { tag: 'v1' }, { result: 'built', digest: '' }],
  ])('says that it would do %s, and changes nothing', async (_, inputs, outputs) => {
    const step = await world.run({ ...inputs, 'dry-run': 'true' })
    expect(step.outputs).toMatchObject(outputs)
    expect(step.log).toContain('dry run: would build app and push it to shop/app')
    expect(step.summary).toMatch(/would be built \(dry run: nothing was changed\)/)
    expect(world.calls().filter((call) => WRITES.test(call))).toEqual([])
    expect(world.dockerCalls()).toEqual([])
  })

  it('says that it would set a tag', async () => {
    const { root } = world.willBuild()
    await world.run()
    const mark = world.cloud.recorder.mark()
    const step = await world.run({ tag: 'v1', 'dry-run': 'true' })
    expect(step.outputs).toMatchObject({ result: 'tagged', digest: root.digest })
    expect(step.log).toContain(`dry run: would put the tag 'v1' on ${root.digest}`)
    expect(world.calls(mark)).toEqual(['ecr:BatchGetImage', 'sts:GetCallerIdentity'])
  })
})

describe('an image for Lambda', () => {
  it.each<[string, Parameters<BuildWorld['willBuild']>[0], string]>([
    ['zstd', { layerType: 'application/vnd.oci.image.layer.v1.tar+zstd' }, 'Lambda takes layers compressed with gzip'],
    ['an index', { platforms: ['linux/amd64', 'linux/arm64'] }, 'Lambda runs no index'],
  ])('is refused before the push because of %s, and when it is found', async (_, layout, message) => {
    world.willBuild(layout)
    const refused = await world.run({ for: 'lambda' })
    expect(refused.log).toContain(message)
    expect(world.calls().filter((call) => WRITES.test(call))).toEqual([])
    await world.run()
    expect((await world.run({ for: 'lambda' })).log).toContain(message)
  })

  it('passes with one platform and gzip', async () => {
    world.willBuild()
    expect((await world.run({ for: 'lambda' })).outputs['result']).toBe('built')
  })
})

describe('nothing is built or written', () => {
  it('with credentials of another account', async () => {
    const policy = {
      Statement: { Effect: 'Allow' as const, Principal: { AWS: `arn:aws:iam::${otherAccount}:root` }, Action: ['ecr:*'] },
    }
    await world.close()
    world = await startBuildWorld({ repositories: [{ account, region: 'eu-west-1', name: 'shop/app', policy }] })
    const step = await world.run({}, world.keys(otherAccount))
    expect(step.log).toMatch(
      /wrong account: these credentials belong to 222222222222 .*expected 111111111111; nothing was changed/,
    )
    expect(world.calls()).toEqual(['ecr:BatchGetImage', 'sts:GetCallerIdentity'])
    expect(world.dockerCalls()).toEqual([])
  })

  it('with a role of another account', async () => {
    const step = await world.run({ 'role-to-assume': `arn:aws:iam::${otherAccount}:role/build` })
    expect(step.log).toMatch(/wrong account: the role .* belongs to 222222222222, expected 111111111111/)
    expect(world.calls()).toEqual([])
  })

  it('where the repository does not exist', async () => {
    const step = await world.run({ repository: 'shop/typo' })
    expect(step.log).toMatch(
      /repository 'shop\/typo' does not exist in account 111111111111, region eu-west-1; nothing was changed/,
    )
    expect(world.dockerCalls()).toEqual([])
  })

  it.each<[Record<string, string>, string]>([
    [{ context: 'nowhere' }, "the context 'nowhere' is not in the commit"],
    [{ dockerfile: 'nowhere/Dockerfile' }, "the dockerfile 'nowhere/Dockerfile' is not in the commit"],
    [{ commit: '0123456789' }, "commit '0123456789' is not in the repository at"],
    [{ 'when-missing': 'maybe' }, "input 'when-missing' must be one of build, fail, got 'maybe'"],
    [{ platforms: 'linux/amd64,linux/arm64', for: 'lambda' }, "input 'platforms' must name one platform"],
  ])('with %j', async (inputs, message) => {
    const step = await world.run(inputs)
    expect(step.log).toMatch(/^::error::build-push-image: [^\n]*$/)
    expect(step.log).toContain(message)
    expect(world.calls()).toEqual([])
  })
})
