import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { account, type BuildWorld, startBuildWorld } from './build-world.ts'
import { putImage } from './images.ts'

let world: BuildWorld
beforeEach(async () => {
  world = await startBuildWorld()
})
afterEach(() => world.close())

const tree = (): string => `src-${world.git('rev-parse', 'HEAD:app')}`
const WRITES = /PutImage|InitiateLayerUpload|UploadLayerPart|CompleteLayerUpload/

describe('a tree that was never built', () => {
  it('is built, pushed by digest, read back and tagged', async () => {
    const { root } = world.willBuild()
    const step = await world.run()
    expect(step.outputs).toEqual({
      digest: root.digest,
      image: `111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/app@${root.digest}`,
      repository: 'shop/app',
      tag: tree(),
      result: 'built',
      'platform-digests': JSON.stringify({ 'linux/amd64': root.digest }),
    })
    expect(step.exitCode).toBe(0)
    expect(world.dockerCalls()).toHaveLength(1)
    const calls = world.calls()
    expect(calls.slice(0, 2)).toEqual(['ecr:BatchGetImage', 'sts:GetCallerIdentity'])
    expect(calls.filter((call) => !call.startsWith('registry')).slice(2)).toEqual([
      'ecr:GetAuthorizationToken',
      'ecr:BatchGetImage',
      'ecr:PutImage',
    ])
    expect(calls.slice(-3)).toEqual(['registry ecr:PutImage', 'ecr:BatchGetImage', 'ecr:PutImage'])
    expect(step.summary).toMatch(/\| Result \| built \|/)
    expect(step.summary).toMatch(/\| Calls \|.*ecr:BatchGetImage 2/)
    expect(world.leftovers()).toEqual([])
  })

  it('is found from then on, from any commit with that tree, with one call and without docker', async () => {
    const { root } = world.willBuild()
    await world.run()
    world.commit({ 'README.md': 'changed\n' })
    const mark = world.cloud.recorder.mark()
    const step = await world.run({ 'when-missing': 'fail' }, { PATH: '/usr/bin:/bin' })
    expect(step.outputs).toMatchObject({ digest: root.digest, result: 'found' })
    expect(world.calls(mark)).toEqual(['ecr:BatchGetImage'])
    expect(world.dockerCalls()).toHaveLength(1)
  })

  it('gives an index with the digest of each platform', async () => {
    const { root } = world.willBuild({ platforms: ['linux/amd64', 'linux/arm64'] })
    const inputs = { platforms: 'linux/arm64,linux/amd64' }
    const built = await world.run(inputs)
    const found = await world.run(inputs)
    expect(built.outputs['digest']).toBe(root.digest)
    expect(Object.keys(JSON.parse(built.outputs['platform-digests'] ?? ''))).toEqual(['linux/amd64', 'linux/arm64'])
    expect(found.outputs).toEqual({ ...built.outputs, result: 'found' })
  })

  it("is refused with 'when-missing: fail', and says what to do", async () => {
    const step = await world.run({ 'when-missing': 'fail' })
    expect(step.exitCode).toBe(1)
    expect(step.log).toMatch(
      /::error::build-push-image: src-\w+ is not in repository 'shop\/app'.*was never built there\. Bring the commit to the branch/,
    )
    expect(world.calls()).toEqual(['ecr:BatchGetImage'])
    expect(world.dockerCalls()).toEqual([])
  })

  it('is built from the commit, not from the working directory', async () => {
    world.willBuild()
    world.script(`for last; do :; done; cp -r "$last" "$here/context"`)
    writeFileSync(join(world.bin, '../clone/app/uncommitted'), '')
    await world.run()
    expect(existsSync(join(world.bin, 'context/Dockerfile'))).toBe(true)
    expect(existsSync(join(world.bin, 'context/uncommitted'))).toBe(false)
  })

  it('leaves nothing behind when its build fails', async () => {
    world.script('echo "ERROR: failed to solve: exit code: 1" >&2; exit 1')
    const step = await world.run()
    expect([step.exitCode, step.outputs]).toEqual([1, {}])
    expect(step.log).toContain('::error::build-push-image: the build failed: failed to solve: exit code: 1; nothing was pushed')
    expect(world.calls().filter((call) => WRITES.test(call))).toEqual([])
    expect(world.leftovers()).toEqual([])
  })

  it('is answered with the image of another run that was first, with a notice', async () => {
    world.willBuild()
    world.script(`touch "$here/started"; while [ ! -e "$here/go" ]; do sleep 0.02; done`)
    const running = world.start()
    await vi.waitFor(() => expect(existsSync(join(world.bin, 'started'))).toBe(true), 10_000)
    const theirs = await putImage(world.cloud, account, 'eu-west-1', 'shop/app', tree())
    writeFileSync(join(world.bin, 'go'), '')
    const step = await running.done
    expect(step.outputs).toMatchObject({ digest: theirs, result: 'found' })
    expect(step.log).toMatch(/::notice::another run built the same tree meanwhile/)
  })

  it('is not tagged once the job is cancelled', async () => {
    world.willBuild()
    world.script(`trap 'touch "$here/stopped"; exit 1' TERM; touch "$here/started"; while true; do sleep 0.02; done`)
    const running = world.start()
    await vi.waitFor(() => expect(existsSync(join(world.bin, 'started'))).toBe(true), 10_000)
    running.process.kill('SIGINT')
    const step = await running.done
    expect(step.exitCode).toBe(1)
    expect(step.log).toMatch(/build-push-image: cancelled/)
    expect(existsSync(join(world.bin, 'stopped'))).toBe(true)
    expect(world.calls().filter((call) => WRITES.test(call))).toEqual([])
    expect(world.leftovers()).toEqual([])
  })
})

describe('a further tag', () => {
  it('is put on an image that is there, and then left alone', async () => {
    world.willBuild()
    await world.run()
    const tagged = await world.run({ tag: 'v1' })
    const again = await world.run({ tag: 'v1' })
    expect([tagged.outputs['result'], again.outputs['result']]).toEqual(['tagged', 'found'])
    expect(world.cloud.recorder.count()['ecr:PutImage']).toBe(3)
  })

  it('moves in a repository whose tags may move', async () => {
    const theirs = await putImage(world.cloud, account, 'eu-west-1', 'shop/moving', 'dev')
    const { root } = world.willBuild()
    const step = await world.run({ repository: 'shop/moving', tag: 'dev' })
    const again = await world.run({ repository: 'shop/moving', tag: 'dev' })
    expect(theirs).not.toBe(root.digest)
    expect([step.outputs['result'], again.outputs['result']]).toEqual(['built', 'found'])
  })

  it.each(['before a build', 'on a tree that is there'])(
    'that cannot be moved is refused %s, with both digests',
    async (when) => {
      const theirs = await putImage(world.cloud, account, 'eu-west-1', 'shop/app', 'v1')
      const { root } = world.willBuild()
      if (when !== 'before a build') await world.run()
      const builds = world.dockerCalls().length
      const mark = world.cloud.recorder.mark()
      const step = await world.run({ tag: 'v1' })
      expect(step.log).toContain(
        `tag 'v1' of shop/app is on ${theirs} and cannot be moved to ${builds === 0 ? 'the image of this tree' : root.digest}`,
      )
      expect(world.dockerCalls()).toHaveLength(builds)
      expect(world.calls(mark)).toEqual(['ecr:BatchGetImage', 'ecr:DescribeRepositories'])
    },
  )
})
