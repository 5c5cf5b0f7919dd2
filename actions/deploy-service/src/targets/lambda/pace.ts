import { patience } from '../../patience.ts'
import type { Cause, TargetTools, WatchOptions } from '../../target.ts'

/** The job was cancelled, or the time of the deployment is over. */
export class Stopped extends Error {
  override readonly name = 'Stopped'
}

/** Somebody else has changed what this deployment was changing. The message says what stands there now. */
export class Superseded extends Error {
  override readonly name = 'Superseded'
}

/** It did not work, and that is certain: the cause says why. */
export class Failed extends Error {
  override readonly name = 'Failed'
  readonly trouble: Cause
  constructor(trouble: Cause, options?: ErrorOptions) {
    super(trouble.reason, options)
    this.trouble = trouble
  }
}

/** Keeps one deployment within its limits. */
export type Pace = {
  /** Throws `Stopped` where nothing further may be begun. */
  check(): void
  /** Waits until the next look is due. Throws `Stopped`. */
  pause(milliseconds?: number): Promise<void>
  /** A read that is repeated while it fails in a way that passes. */
  read<T>(ask: () => Promise<T>): Promise<T>
}

/** What a return may take where the deployment's own limits say stop. */
export const FREE = { signal: new AbortController().signal, deadline: Number.POSITIVE_INFINITY }

export const paceOf = (tools: TargetTools, { signal, deadline }: Pick<WatchOptions, 'signal' | 'deadline'>): Pace => {
  const { clock, pollInterval } = tools
  const check = (): void => {
    if (signal.aborted) throw new Stopped('it was cancelled')
    if (clock.monotonic() > deadline) throw new Stopped('its time is over')
  }
  const pause = async (milliseconds = pollInterval): Promise<void> => {
    await clock.sleep(milliseconds, signal)
    check()
  }
  return {
    check,
    pause,
    read: async (ask) => {
      const reading = patience(tools)
      for (;;) {
        try {
          return await ask()
        } catch (error) {
          reading.bear(error)
          await pause()
        }
      }
    },
  }
}

/** Works on all at once and waits for each of them, so that nothing goes on unseen; the gravest of what went wrong is thrown. */
export const together = async <T, R>(all: readonly T[], work: (each: T) => Promise<R>, onFirst?: () => void): Promise<R[]> => {
  const settled = await Promise.allSettled(
    all.map((each) =>
      work(each).catch((error) => {
        onFirst?.()
        throw error
      }),
    ),
  )
  const errors = settled.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []))
  const gravest = errors.toSorted((one, other) => gravity(one) - gravity(other))[0]
  if (gravest !== undefined) throw gravest
  return settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
}

const gravity = (error: unknown): number => {
  if (error instanceof Superseded) return 1
  if (error instanceof Failed) return 2
  return error instanceof Stopped ? 3 : 0
}
