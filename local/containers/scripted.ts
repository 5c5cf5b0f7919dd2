import { randomBytes } from 'node:crypto'
import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { type App, type Listener, listen } from '../listen.ts'
import type { Time } from '../time.ts'
import { type Counting, unhealthyAfter } from './health.ts'
import {
  type Container,
  type ContainerEvents,
  type ContainerRuntime,
  type ContainerSpec,
  type Exit,
  PullError,
} from './runtime.ts'

/** What a container does, as data. All times are nominal milliseconds after its start. */
export type ScriptedContainer = {
  /** How long pulling and starting take. */
  startsAfter?: number
  /** When the health check passes; at its first interval when neither this nor `neverHealthy` is given. */
  healthyAfter?: number
  neverHealthy?: boolean
  /** When a healthy container becomes unhealthy. */
  unhealthyAfter?: number
  /** When a load balancer's check passes; at its first interval when neither this nor `neverTargetHealthy` is given. */
  targetHealthyAfter?: number
  neverTargetHealthy?: boolean
  /** When a load balancer that was content is so no more. */
  targetUnhealthyAfter?: number
  /** Exit code; the container ends by itself when this or `exitsAfter` is given. */
  exitsWith?: number
  exitsAfter?: number
  oomKilled?: boolean
  /** Lines written right after the start. */
  logs?: string[]
  ignoresSigterm?: boolean
  /** The registry's text when the image cannot be pulled. */
  failsToPull?: string
  /** Text that its ports answer over HTTP, by path. Without it nothing listens. */
  answers?: Record<string, string>
}

/** Chosen by digest, then by image reference, then `*`. A function is asked at every start. */
export type Script = Record<string, ScriptedContainer | ((spec: ContainerSpec) => ScriptedContainer)>

const behaviour = (script: Script, spec: ContainerSpec): ScriptedContainer => {
  const found = script[spec.image.digest] ?? script[spec.image.reference] ?? script['*'] ?? {}
  return typeof found === 'function' ? found(spec) : found
}

const serve = (answers: Record<string, string>): Promise<Listener> => {
  const app: App = new Hono<{ Bindings: HttpBindings }>()
  app.use(async ({ header }, next) => {
    header('connection', 'close')
    await next()
  })
  for (const [path, answer] of Object.entries(answers)) app.all(path, ({ text }) => text(answer))
  return listen(app)
}

/** Containers without an engine: no process, no image, only their outward behaviour, on the clock of the local cloud. */
export const scriptedRuntime = (script: Script, time: Time): ContainerRuntime => {
  const running = new Set<() => void>()
  let started = 0

  return {
    async start(spec, events, signal) {
      const acts = behaviour(script, spec)
      if (acts.startsAfter) await time.sleep(acts.startsAfter, signal)
      if (acts.failsToPull !== undefined) throw new PullError(acts.failsToPull)
      signal?.throwIfAborted()

      const servers = new Map<number, Listener>()
      if (acts.answers) for (const port of spec.ports) servers.set(port, await serve(acts.answers))

      const ended = Promise.withResolvers<Exit>()
      const timers: (() => void)[] = []
      const exit = (code: number, oomKilled = false): void => {
        if (!running.delete(kill)) return
        for (const cancel of timers) cancel()
        for (const server of servers.values()) void server.close()
        ended.resolve({ code, oomKilled })
      }
      const kill = (): void => exit(137)
      running.add(kill)

      type Script = { healthyAfter?: number | undefined; never?: boolean | undefined; unhealthyAfter?: number | undefined }
      const check = (by: Counting | undefined, tell: ContainerEvents['health'] | undefined, does: Script): void => {
        if (!by || !tell) return
        const at = (after: number, status: 'HEALTHY' | 'UNHEALTHY') => timers.push(time.after(after, () => tell(status)))
        if (does.never) at(unhealthyAfter(by), 'UNHEALTHY')
        else at(does.healthyAfter ?? by.interval, 'HEALTHY')
        if (does.unhealthyAfter !== undefined) at(does.unhealthyAfter, 'UNHEALTHY')
      }
      check(spec.healthCheck, events.health, {
        healthyAfter: acts.healthyAfter,
        never: acts.neverHealthy,
        unhealthyAfter: acts.unhealthyAfter,
      })
      check(spec.targetCheck, events.target, {
        healthyAfter: acts.targetHealthyAfter,
        never: acts.neverTargetHealthy,
        unhealthyAfter: acts.targetUnhealthyAfter,
      })
      if (acts.exitsWith !== undefined || acts.exitsAfter !== undefined) {
        const code = acts.exitsWith ?? (acts.oomKilled ? 137 : 0)
        timers.push(time.after(acts.exitsAfter ?? 0, () => exit(code, acts.oomKilled)))
      }
      for (const line of acts.logs ?? []) events.log(line, time.now().getTime())

      started += 1
      const container: Container = {
        id: randomBytes(32).toString('hex'),
        address: `10.0.${(started >> 8) & 255}.${started & 255}`,
        ports: new Map([...servers].map(([port, server]) => [port, server.port])),
        exited: ended.promise,
        async stop() {
          if (acts.ignoresSigterm && running.has(kill)) timers.push(time.after(spec.stopTimeout, kill))
          else exit(0)
          await ended.promise
        },
      }
      return container
    },
    gateway: async () => ({ listen: '127.0.0.1', reach: '127.0.0.1' }),
    async removeAll() {
      for (const kill of [...running]) kill()
    },
  }
}
