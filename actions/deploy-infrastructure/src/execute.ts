import { Refusal } from '../../../lib/refusal.ts'
import type { Approved, ApprovedStack } from './approved.ts'
import type { Assembly } from './assembly.ts'
import { isGreen, type StackResult } from './outcome.ts'
import type { RollOut } from './roll-out.ts'
import { rollOut, stopped } from './roll-out.ts'
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
  const { assembly, approved } = execution
  requireSame(approved, assembly)
  const results: StackResult[] = []
  let failed: StackResult | undefined
  for (const wave of wavesOf(assembly.stacks)) {
    const due = wave.flatMap((wanted) => {
      const stack = approved.stacks[wanted.name]
      return stack === undefined ? [] : [{ wanted, stack }]
    })
    if (due.length === 0) continue
    const before = failed
    if (before !== undefined) {
      results.push(...due.map(({ wanted }) => skipped(wanted, before)))
      continue
    }
    if (execution.dryRun) {
      results.push(...due.map(({ wanted }): StackResult => ({ stack: wanted.name, outcome: 'skipped', reason: 'dry run' })))
      continue
    }
    const ended = await bringWave(execution, due)
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

const skipped = ({ name }: WantedStack, failed: StackResult): StackResult => ({
  stack: name,
  outcome: 'skipped',
  reason: `not begun, because ${failed.stack} ended as ${failed.outcome}`,
})

type Due = { wanted: WantedStack; stack: ApprovedStack }

/** Side by side: a stack that fails leaves the others of its wave to their own end. Never rejects: waves may have gone before. */
const bringWave = async (execution: Execution, due: readonly Due[]): Promise<StackResult[]> => {
  const names = [...new Set(due.flatMap(({ wanted }) => Object.values(wanted.lookups)))]
  const reading = execution.read(names)
  return Promise.all(
    due.map(({ wanted, stack }) =>
      reading
        .then((values) => stopped(execution, wanted) ?? rollOut(execution, wanted, stack, values))
        .catch((error) => unbegun(wanted, error)),
    ),
  )
}

/** What is begun does not end so, see `watch`. */
const unbegun = ({ name }: WantedStack, error: Error): StackResult =>
  error.name === 'LeaseLost'
    ? { stack: name, outcome: 'cancelled', reason: `not begun, because ${error.message}` }
    : { stack: name, outcome: 'refused', reason: error.message }
