import type { Kind } from '../plan.ts'
import type { Hold } from '../records.ts'
import type { Gate } from './gate.ts'

/** Automation is held; what a person asks for with a reason of their own is not. */
const HELD: readonly Kind[] = ['first', 'promotion']

type Place = { environment: string; branch: string }

/** While an environment is held nothing is delivered or promoted there, until `resume`. */
export const notHeld = (kind: Kind, { environment, branch }: Place, hold: Hold | undefined): Gate => {
  if (hold === undefined) {
    return { gate: 'hold', result: 'pass', reason: `${environment} is not held`, evidence: { hold: 'none' } }
  }
  const left = hold.release === undefined ? '' : `, which left ${hold.release}`
  const words = `${environment} is held by ${hold.by} since ${hold.at}${left}: ${hold.reason}`
  const evidence = { hold: hold.reason, by: hold.by, at: hold.at, run: hold.run, ...(hold.release && { release: hold.release }) }
  if (!HELD.includes(kind)) {
    return { gate: 'hold', result: 'pass', reason: `${words}; a ${kind} passes a hold`, evidence }
  }
  const resume = `gh workflow run rollback.yml --ref ${branch} -f operation=resume -f environment=${environment}`
  return { gate: 'hold', result: 'fail', reason: `${words}; when that is settled: ${resume}`, evidence }
}
