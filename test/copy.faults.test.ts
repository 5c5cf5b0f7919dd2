import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { account, otherAccount, region } from './build-world.ts'
import { type CopyWorld, elsewhere, startCopyWorld } from './copy-world.ts'
import { putImage } from './images.ts'

let world: CopyWorld
beforeEach(async () => {
  world = await startCopyWorld()
})
afterEach(() => world.close())

describe('a copy that is disturbed', () => {
  it.each([
    { call: 'ecr:GetDownloadUrlForLayer', nth: 1, then: 'throttle' } as const,
    { call: 'ecr:GetDownloadUrlForLayer', nth: 2, then: 'error-500' } as const,
    { call: 'ecr:CompleteLayerUpload', nth: 1, then: 'reset-after-apply' } as const,
    { call: 'ecr:PutImage', nth: 1, then: 'error-500' } as const,
    { call: 'ecr:PutImage', nth: 2, then: 'reset-after-apply' } as const,
    { call: 'ecr:GetAuthorizationToken', nth: 2, then: 'throttle' } as const,
  ])('survives $call number $nth, $then', async (fault) => {
    const digest = await putImage(world.cloud, otherAccount, elsewhere, 'shop/app', world.tree())
    world.cloud.faults.set([fault])
    const step = await world.run()
    expect(step.log).not.toContain('::error')
    expect(step.outputs).toMatchObject({ result: 'copied', digest })
    expect((await world.stored({ imageTag: world.tree() }))?.digest).toBe(digest)
  })

  it('is finished by the next run, which sends only what is missing', async () => {
    const digest = await putImage(world.cloud, otherAccount, elsewhere, 'shop/app', world.tree())
    world.cloud.faults.set([{ call: 'ecr:PutImage', then: 'deny' }])
    const cut = await world.run()
    expect([cut.exitCode, await world.stored({ imageDigest: digest })]).toEqual([1, undefined])
    expect(cut.log).toMatch(/allow .*ecr:PutImage on the repository/)
    world.cloud.faults.set([])
    const mark = world.cloud.recorder.mark()
    const step = await world.run()
    expect(step.outputs).toMatchObject({ result: 'copied', digest })
    expect(world.calls(mark).filter((call) => /InitiateLayerUpload|GetDownloadUrl/.test(call))).toEqual([])
  })

  it('leaves the tag to another run that was first', async () => {
    await putImage(world.cloud, otherAccount, elsewhere, 'shop/app', world.tree())
    const mark = world.cloud.recorder.mark()
    world.cloud.faults.set([{ call: 'ecr:InitiateLayerUpload', nth: 1, then: 'hang' }])
    const running = world.start({ 'request-timeout': '2s' })
    await vi.waitFor(() => expect(world.calls(mark)).toContain('registry ecr:InitiateLayerUpload'), 10_000)
    const theirs = await putImage(world.cloud, account, region, 'shop/app', world.tree(), 'arm64')
    const step = await running.done
    expect(step.outputs).toMatchObject({ result: 'found', digest: theirs })
    expect(step.log).toMatch(/::notice::another run built the same tree meanwhile and got sha256:/)
  })
})
