import type { Clock } from '../../../lib/runner/clock.ts'

/** Where the time went and what was asked of whom, for the job summary. */
export type Ledger = {
  /** Milliseconds by phase, in the order in which they began. */
  phases: Map<string, number>
  /** Requests by name, `ecr:BatchGetImage`, `registry: PUT blob`. */
  calls: Map<string, number>
  count(call: string): void
  phase<T>(name: string, work: () => Promise<T>): Promise<T>
}

export const createLedger = (clock: Pick<Clock, 'monotonic'>): Ledger => {
  const phases = new Map<string, number>()
  const calls = new Map<string, number>()
  return {
    phases,
    calls,
    count: (call) => calls.set(call, (calls.get(call) ?? 0) + 1),
    phase: async (name, work) => {
      const started = clock.monotonic()
      const before = phases.get(name) ?? 0
      phases.set(name, before)
      try {
        return await work()
      } finally {
        phases.set(name, before + clock.monotonic() - started)
      }
    },
  }
}
