import { rmSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { buildSource } from '../../../lib/delivery/tag.ts'
import { sampleLayout } from '../../../lib/oci/layout.case.ts'
import { type ImageContent, readLayout } from '../../../lib/oci/layout.ts'
import type { Log } from '../../../lib/runner/log.ts'
import type { Inputs } from './inputs.ts'
import { createLedger } from './ledger.ts'
import { type BuildOrder, buildAndPush } from './miss.ts'
import type { ImageRepository, Ports, RegistryImage } from './ports.ts'

const image = { context: 'app' }
const order: BuildOrder = {
  inputs: { image, secrets: [], builder: undefined, runsOn: 'container' } as unknown as Inputs,
  commit: { id: 'c', objects: new Map() },
  source: buildSource(image),
  tag: 'src-1',
}

const sample = async (): Promise<ImageContent> => {
  const { folder } = sampleLayout()
  try {
    return await readLayout(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** A build of `content` into a repository that does as it is told; `done` is what happened, in order. */
const scene = (content: ImageContent, more: { upload?: Partial<ImageRepository>; builder?: Ports['builder'] } = {}) => {
  const done: string[] = []
  const notices: string[] = []
  const built: RegistryImage = { ...content.root.descriptor, manifest: content.root.bytes }
  const cancel = new AbortController()
  const repository: ImageRepository = {
    find: async () => new Map([[built.digest, built]]),
    tagRule: async () => 'movable',
    guard: async () => undefined,
    connect: async () => Promise.reject(new Error('a build opens an upload')),
    openUpload: async () => async () => {
      done.push('push')
      return { sent: 1, skipped: 0 }
    },
    putTag: async (_, tag) => void done.push(`tag ${tag}`),
    ...more.upload,
  }
  const clock = { now: () => 0, monotonic: () => 0, sleep: async () => undefined }
  const notice = (text: string): void => void notices.push(text)
  const log = { info: () => undefined, notice, group: (_: string, work: () => Promise<unknown>) => work() } as unknown as Log
  const ports: Ports = {
    source: { read: async () => order.commit, export: async () => void done.push('export') },
    repository: async () => repository,
    imageSource: async () => repository,
    builder: more.builder ?? (async () => ({ build: async () => content })),
    withFolder: async (work) => work('/folder').finally(() => done.push('remove the folder')),
    log,
    clock,
    random: () => 0,
    ledger: createLedger(clock),
    signal: cancel.signal,
  }
  return { done, notices, built, cancel, run: () => buildAndPush(order, repository, ports) }
}

describe('a tree that is not there', () => {
  it('is tagged after all else', async () => {
    const { done, run, built } = scene(await sample())
    expect(await run()).toMatchObject({ image: { digest: built.digest }, adopted: false })
    expect(done).toEqual(['export', 'push', 'tag src-1', 'remove the folder'])
  })

  it.each<[string, (built: RegistryImage) => [string, RegistryImage][]]>([
    ['nothing', () => []],
    ['another media type', (built) => [[built.digest, { ...built, mediaType: 'other' }]]],
  ])('is not tagged when ECR reads back %s', async (_, answer) => {
    const content = await sample()
    const built = { ...content.root.descriptor, manifest: content.root.bytes }
    const { done, run } = scene(content, { upload: { find: async () => new Map(answer(built)) } })
    await expect(run()).rejects.toThrow(/was pushed, but ECR does not answer with it: run the job again; no tag was set/)
    expect(done).toEqual(['export', 'push', 'remove the folder'])
  })

  it('is not tagged when the job is cancelled after the push', async () => {
    const content = await sample()
    const { done, run, cancel } = scene(content, {
      upload: {
        find: async () => {
          cancel.abort(new Error('cancelled'))
          return new Map([[content.root.descriptor.digest, { ...content.root.descriptor, manifest: content.root.bytes }]])
        },
      },
    })
    await expect(run()).rejects.toThrow('cancelled')
    expect(done).toEqual(['export', 'push', 'remove the folder'])
  })

  it('takes the image that another run tagged meanwhile', async () => {
    const content = await sample()
    const built = { ...content.root.descriptor, manifest: content.root.bytes }
    const theirs = { ...built, digest: 'sha256:theirs' }
    const found = new Map([
      [built.digest, built],
      ['src-1', theirs],
    ])
    const { done, run, notices } = scene(content, { upload: { find: async () => found } })
    expect(await run()).toMatchObject({ image: theirs, adopted: true })
    expect(notices.join()).toMatch(/another run built the same tree meanwhile and got sha256:theirs/)
    expect(done).not.toContain('tag src-1')
  })

  it('stops the build when there are no credentials to push with, and removes the folder only then', async () => {
    const content = await sample()
    let stopped = false
    const builder: Ports['builder'] = async () => ({
      build: (_, signal) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            setTimeout(() => {
              stopped = true
              reject(new Error('stopped'))
            }, 10)
          })
        }),
    })
    const openUpload = async (): Promise<never> => {
      await new Promise((resolve) => setTimeout(resolve, 10))
      throw new Error('denied')
    }
    const { run, done } = scene(content, { builder, upload: { openUpload } })
    await expect(run()).rejects.toThrow('denied')
    expect([stopped, done]).toEqual([true, ['export', 'remove the folder']])
  })
})
