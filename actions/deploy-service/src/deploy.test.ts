import { expect, test } from 'vitest'
import { deploy } from './deploy.ts'
import { NotStarted } from './not-started.ts'
import type { DeployTools, Inspected, Limits } from './request.ts'
import type { Proof } from './target.ts'

const tools = { clock: { monotonic: () => 0 }, aliases: new Map() } as unknown as DeployTools

/** A service that is asked to run the wanted image already, and of which the control plane says `proof`. */
const unchanged = (proof: Proof): Inspected =>
  ({
    request: { name: 'api', target: { prove: async () => proof }, wanted: [{ image: 'app', digest: 'sha256:1' }] },
    running: { settled: true, count: 4, digests: {} },
    expected: { app: 'sha256:1' },
  }) as unknown as Inspected

const problem = '3 of 4 tasks are running'

test.each([
  ['a start that nobody waits for any more is no failure', { starting: true as const }, 'cancelled'],
  ['what does not run, and is not starting, is one', {}, 'failed-not-rolled-back'],
])('%s', async (_, starting, outcome) => {
  const inspected = unchanged({ proven: false, problem, ...starting })
  const stopped = AbortSignal.abort(new Error("'worker' ended as failed-rolled-back"))
  expect(await deploy(inspected, {} as Limits, tools, stopped)).toMatchObject({
    outcome,
    reason: expect.stringContaining(problem),
  })
})

test.each(['cancelled', 'timed-out', 'failed-rolled-back'] as const)(
  'a deployment that was never started ends as %s, with what ran before proven to run',
  async (outcome) => {
    const limits: unknown[] = []
    const target = {
      start: async (...given: unknown[]) => {
        limits.push(given[3])
        throw new NotStarted('it was too late', { outcome })
      },
      prove: async () => ({ proven: true, digest: 'sha256:0' }),
    }
    const inspected = {
      request: { name: 'api', target, wanted: [{ image: 'app', digest: 'sha256:1' }] },
      running: { settled: false, count: 4, digests: { app: 'sha256:0' } },
      expected: { app: 'sha256:1' },
    } as unknown as Inspected
    const { signal } = new AbortController()
    expect(await deploy(inspected, { timeout: 1000 } as Limits, tools, signal)).toMatchObject({
      outcome,
      reason: 'no deployment was started: it was too late',
      runningDigest: 'sha256:0',
    })
    expect(limits).toEqual([{ signal, deadline: 1000 }])
  },
)
