import { describe, expect, it } from 'vitest'
import type { RegistryImage } from './ports.ts'
import { setTag } from './tag.ts'

const OURS: RegistryImage = { digest: 'sha256:ours', mediaType: 'm', manifest: '{}' }
const THEIRS: RegistryImage = { digest: 'sha256:theirs', mediaType: 'm', manifest: '{}' }
const named = (name: string): Error => Object.assign(new Error(`${name} happened`), { name })

/** Each step is what one PutImage does: an error, and which image bears the tag afterwards. */
const scenario = (steps: { error?: Error; bearer?: RegistryImage }[]) => {
  const done = { puts: 0, finds: 0, waits: 0 }
  let bearer: RegistryImage | undefined
  const repository = {
    putTag: async () => {
      const step = steps[done.puts++]
      bearer = step?.bearer ?? bearer
      if (step?.error) throw step.error
    },
    find: async () => {
      done.finds++
      return new Map(bearer ? [['src-1', bearer]] : [])
    },
  }
  const clock = { now: () => 0, monotonic: () => 0, sleep: async () => void done.waits++ }
  const log = { info: () => undefined } as never
  return { done, run: () => setTag(repository, OURS, 'src-1', { clock, random: () => 0.5, log }) }
}

describe('setting a tag', () => {
  it.each<[string, Parameters<typeof scenario>[0], RegistryImage, { puts: number; finds: number; waits: number }]>([
    ['is one call', [{ bearer: OURS }], OURS, { puts: 1, finds: 0, waits: 0 }],
    ['accepts that it is set already', [{ error: named('ImageAlreadyExistsException') }], OURS, { puts: 1, finds: 0, waits: 0 }],
    [
      'accepts a conflict with itself',
      [{ error: named('ImageTagAlreadyExistsException'), bearer: OURS }],
      OURS,
      { puts: 1, finds: 1, waits: 0 },
    ],
    [
      'answers with the winner',
      [{ error: named('ImageTagAlreadyExistsException'), bearer: THEIRS }],
      THEIRS,
      { puts: 1, finds: 1, waits: 0 },
    ],
    [
      'sees that a lost call took effect',
      [{ error: named('TimeoutError'), bearer: OURS }],
      OURS,
      { puts: 1, finds: 1, waits: 0 },
    ],
    [
      'sends a lost call again when it did not',
      [{ error: named('TimeoutError') }, { bearer: OURS }],
      OURS,
      { puts: 2, finds: 1, waits: 1 },
    ],
    [
      'waits while it is throttled',
      [{ error: named('ThrottlingException') }, { error: named('ThrottlingException') }, { bearer: OURS }],
      OURS,
      { puts: 3, finds: 2, waits: 2 },
    ],
    [
      'moves a tag that another image bears after a reset connection',
      [{ error: Object.assign(new Error('reset'), { code: 'ECONNRESET' }), bearer: THEIRS }, { bearer: OURS }],
      OURS,
      { puts: 2, finds: 1, waits: 1 },
    ],
  ])('%s', async (_, steps, expected, counts) => {
    const { run, done } = scenario(steps)
    expect(await run()).toEqual(expected)
    expect(done).toEqual(counts)
  })

  it('gives up at once for what does not pass', async () => {
    const { run, done } = scenario([{ error: named('AccessDeniedException') }])
    await expect(run()).rejects.toThrow('AccessDeniedException happened')
    expect(done).toEqual({ puts: 1, finds: 0, waits: 0 })
  })

  it('gives up after six attempts', async () => {
    const { run, done } = scenario(Array.from({ length: 10 }, () => ({ error: named('ThrottlingException') })))
    await expect(run()).rejects.toThrow('ThrottlingException happened')
    expect(done).toEqual({ puts: 6, finds: 6, waits: 5 })
  })
})
