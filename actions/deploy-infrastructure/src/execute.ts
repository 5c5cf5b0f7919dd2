import { Refusal } from '../../../lib/refusal.ts'
import type { Approved } from './approved.ts'
import type { Assembly } from './assembly.ts'
import { isGreen, type StackResult } from './outcome.ts'
import type { RollOut } from './roll-out.ts'
import { rollOut } from './roll-out.ts'
import type { WantedStack } from './stack.ts'
import type { Values } from './values.ts'
import { wavesOf } from './waves.ts'

export type Execution = RollOut & {
  assembly: Assembly
  approved: Approved
  read(names: readonly string[]): Promise<Values>
  dryRun: boolean
}

/** Brings the stacks to what was approved, wave by wave; the first wave with a failure is the last. */
export const execute = async (execution: Execution): Promise<StackResult[]> => {
  const { assembly, approved, read, limits } = execution
  requireSame(approved, assembly)
  const results: StackResult[] = []
  let failed: StackResult | undefined
  for (const wave of wavesOf(assembly.stacks)) {
    const due = wave.flatMap((wanted) => {
      const stack = approved.stacks[wanted.name]
      return stack === undefined ? [] : [{ wanted, stack }]
    })
    if (failed !== undefined || limits.signal.aborted) {
      results.push(...due.map(({ wanted }) => notBegun(wanted, failed)))
      continue
    }
    if (due.length === 0) continue
    if (execution.dryRun) {
      results.push(...due.map(({ wanted }): StackResult => ({ stack: wanted.name, outcome: 'skipped', reason: 'dry run' })))
      continue
    }
    const values = await read([...new Set(due.flatMap(({ wanted }) => Object.values(wanted.lookups)))])
    // Side by side: a stack that fails leaves the others of its wave to their own end.
    const ended = await Promise.all(
      due.map(({ wanted, stack }) => rollOut(execution, wanted, stack, values).catch((error) => unbegun(wanted, error))),
    )
    results.push(...ended)
    failed = ended.find(({ outcome }) => !isGreen(outcome))
  }
  return results
}

const requireSame = ({ environment, stacks }: Approved, assembly: Assembly): void => {
  const known = new Map(assembly.stacks.map(({ name, fingerprint }) => [name, fingerprint]))
  const others = Object.entries(stacks).filter(([name, { fingerprint }]) => known.get(name) !== fingerprint)
  if (others.length === 0) return
  throw new Refusal(
    `what was approved for ${environment} is not what the cloud assembly has for ${others.map(([name]) => name).join(', ')}: ` +
      'prepare and execute from the same commit',
  )
}

const notBegun = ({ name }: WantedStack, failed: StackResult | undefined): StackResult =>
  failed === undefined
    ? { stack: name, outcome: 'cancelled', reason: 'cancelled before it was begun' }
    : { stack: name, outcome: 'skipped', reason: `not begun, because ${failed.stack} ended as ${failed.outcome}` }

const unbegun = ({ name }: WantedStack, error: unknown): StackResult => {
  const { message } = error instanceof Error ? error : new Error(String(error))
  if (error instanceof Refusal) return { stack: name, outcome: 'refused', reason: message }
  const isLost = error instanceof Error && error.name === 'LeaseLost'
  return { stack: name, outcome: isLost ? 'cancelled' : 'failed-not-rolled-back', reason: message }
}
