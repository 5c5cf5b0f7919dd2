import type { Clock } from '../runner/clock.ts'
import type { Log } from '../runner/log.ts'
import { isThrottled } from './errors.ts'
import type { ClientConfig, Session } from './session.ts'

type Middleware = (
  next: (args: object) => Promise<object>,
  context: { commandName?: string },
) => (args: object) => Promise<object>

/** The part of an SDK client that every one has, whatever it talks to. */
type Stacked = { middlewareStack: { add(middleware: Middleware, options: { step: 'initialize'; name: string }): void } }

/** How long AWS may ask to slow down before a call is given up: 50 registrations at 1 a second pass within it. */
const PATIENCE = 120_000
const LONGEST_PAUSE = 8_000

/**
 * The same session, whose clients send a throttled call again for up to two minutes, after pauses that grow and differ from
 * process to process. A throttled call was not carried out, so that is safe for every call; the SDK gives up after seconds.
 */
export const patient = (session: Session, { clock, log }: { clock: Clock; log: Log }): Session => {
  const slowDown: Middleware = (next, { commandName = 'a call' }) => {
    const begun = clock.monotonic()
    const send = async (args: object, attempt: number): Promise<object> => {
      try {
        return await next(args)
      } catch (error) {
        const pause = Math.min(1_000 * 2 ** attempt, LONGEST_PAUSE) * (0.5 + Math.random())
        if (!isThrottled(error) || clock.monotonic() + pause - begun > PATIENCE) throw error
        if (attempt === 0) log.info(`  AWS asks to slow down (${commandName.replace(/Command$/, '')}); sending it again`)
        await clock.sleep(pause)
        return send(args, attempt + 1)
      }
    }
    return (args) => send(args, 0)
  }
  const slowed = <C>(client: C): C => {
    const { middlewareStack } = client as C & Stacked
    middlewareStack.add(slowDown, { step: 'initialize', name: 'slowDown' })
    return client
  }
  return {
    ...session,
    client: <C>(Client: new (config: ClientConfig) => C, region?: string): C => slowed(session.client(Client, region)),
    clientWithoutRetry: <C>(Client: new (config: ClientConfig) => C): C => slowed(session.clientWithoutRetry(Client)),
  }
}
