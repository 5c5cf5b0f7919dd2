import type { Screen } from './screen.ts'

/** What must be undone at the end, however it comes. */
export type Farewell = {
  /** Gets something and remembers how to give it back. A signal that comes meanwhile waits, so that nothing is forgotten. */
  keep<T>(get: () => Promise<T>, giveBack: (thing: T) => Promise<unknown> | unknown): Promise<T>
  /** Gives everything back, the latest first; once, whoever calls. Failures are collected, and thrown when all is done. */
  run(): Promise<void>
  /** Whether that has begun. */
  isEnding(): boolean
  /** Resolves when a signal has come; rejects when an error has found nobody to handle it. */
  interrupted: Promise<NodeJS.Signals>
}

export const createFarewell = (screen: Screen): Farewell => {
  const debts: (() => Promise<unknown> | unknown)[] = []
  const pending = new Set<Promise<unknown>>()
  const signal = Promise.withResolvers<NodeJS.Signals>()
  let ending: Promise<void> | undefined
  let signals = 0

  const giveBack = async (): Promise<void> => {
    const failures: unknown[] = []
    await Promise.allSettled(pending)
    for (let next = debts.pop(); next !== undefined; next = debts.pop()) {
      try {
        await next()
      } catch (error) {
        failures.push(error)
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, failures.map((error) => (error as Error).message).join('; '))
  }

  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      signals += 1
      if (signals === 1) signal.resolve(name)
      else if (signals === 2) screen.line('cleaning up already; a third signal leaves everything as it is')
      else process.exit(1)
    })
  }

  // npm ends its shell when it is ended itself, and the shell tells nobody.
  const parent = process.ppid
  const orphaned = () => process.ppid !== parent && signal.resolve('SIGTERM')
  if (process.env['npm_lifecycle_event']) setInterval(orphaned, 500).unref()
  process.on('uncaughtException', signal.reject).on('unhandledRejection', signal.reject)
  signal.promise.catch(() => undefined)
  // Where the reader of our output has gone (`| head`), the work and its end go on in silence.
  process.stdout.on('error', () => undefined)

  return {
    async keep(get, debt) {
      if (ending) throw new Error('the demonstration is being ended')
      const getting = get()
      pending.add(getting)
      try {
        const thing = await getting
        debts.push(() => debt(thing))
        return thing
      } finally {
        pending.delete(getting)
      }
    },
    run: () => {
      ending ??= giveBack()
      return ending
    },
    isEnding: () => ending !== undefined,
    interrupted: signal.promise,
  }
}
