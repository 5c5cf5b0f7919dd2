import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Container, type ContainerRuntime, type ContainerSpec, PullError } from './runtime.ts'

/** What the suite's containers do; each runtime says how its containers are made to do it. */
export type Act =
  /** Writes `out` to standard output and `err` to standard error, then exits with 3. */
  | 'says and exits'
  /** Writes `ready`, and exits with 0 on SIGTERM from then on. */
  | 'waits'
  | 'ignores SIGTERM'
  /** Answers `hello` on `/` of port 8080, and passes its health check. */
  | 'serves'
  /** Runs, and never passes its health check. */
  | 'is never healthy'
  | 'exceeds its memory'
  | 'cannot be pulled'

export type Setup = {
  runtime: ContainerRuntime
  spec(act: Act): Pick<ContainerSpec, 'image'> & Partial<ContainerSpec>
  close(): Promise<void>
}

/** The behaviour that every container runtime has in common. */
export const runtimeSuite = (name: string, setUp: () => Promise<Setup>): void => {
  describe(`${name} containers`, () => {
    let setup: Setup
    beforeAll(async () => {
      setup = await setUp()
    }, 120_000)
    afterAll(() => setup.close())

    const start = async (act: Act, more: Partial<ContainerSpec> = {}) => {
      const lines: string[] = []
      const healthy = Promise.withResolvers<string>()
      const target = Promise.withResolvers<string>()
      const ready = Promise.withResolvers<void>()
      const log = (line: string): void => {
        lines.push(line)
        ready.resolve()
      }
      const defaults = { name: `case-${crypto.randomUUID()}`, environment: {}, ports: [], stopTimeout: 1_000, labels: {} }
      const events = { log, health: healthy.resolve, target: target.resolve }
      const container: Container = await setup.runtime.start({ ...defaults, ...setup.spec(act), ...more }, events)
      return { container, lines, ready: ready.promise, health: healthy.promise, target: target.promise }
    }

    test('hand out every line of both streams before they report their exit code', async () => {
      const { container, lines } = await start('says and exits')
      expect(await container.exited).toEqual({ code: 3, oomKilled: false })
      expect(lines.toSorted()).toEqual(['err', 'out'])
    })

    test('end by SIGTERM when they listen to it', async () => {
      const { container, ready } = await start('waits')
      await ready
      await container.stop()
      expect(await container.exited).toEqual({ code: 0, oomKilled: false })
      await container.stop()
    })

    test('are killed after the stop timeout when they do not', async () => {
      const { container } = await start('ignores SIGTERM')
      await container.stop()
      expect(await container.exited).toEqual({ code: 137, oomKilled: false })
    })

    test('answer on a loopback port, and are HEALTHY when their check passes', async () => {
      const { container, health } = await start('serves')
      expect(await health).toBe('HEALTHY')
      const answer = await fetch(`http://127.0.0.1:${container.ports.get(8080)}/`)
      expect(await answer.text()).toBe('hello')
      expect(container.address).toMatch(/^\d+\.\d+\.\d+\.\d+$/)
      await container.stop()
    })

    test('are UNHEALTHY when their check keeps failing', async () => {
      const { container, health } = await start('is never healthy')
      expect(await health).toBe('UNHEALTHY')
      await container.stop()
    })

    test.each([
      ['serves', 'HEALTHY'],
      ['is never healthy', 'UNHEALTHY'],
    ] as const)('one that %s is a target that is %s', async (act, expected) => {
      const targetCheck = { port: 8080, path: '/', interval: 5_000, timeout: 20_000, retries: 2, startPeriod: 10_000 }
      const { container, target } = await start(act, { targetCheck })
      expect(await target).toBe(expected)
      await container.stop()
    })

    test('say that they were killed for their memory', async () => {
      const { container } = await start('exceeds its memory')
      expect(await container.exited).toEqual({ code: 137, oomKilled: true })
    })

    test('do not start when their image cannot be pulled', async () => {
      await expect(start('cannot be pulled')).rejects.toThrow(PullError)
    })

    test('are all gone after removeAll', async () => {
      const { container } = await start('waits')
      await setup.runtime.removeAll()
      expect((await container.exited).code).toBe(137)
    })
  })
}
