import { Refusal } from '../../../lib/refusal.ts'
import type { ApprovedStack } from './approved.ts'
import { carryOut, makeFresh } from './carry.ts'
import type { Tools } from './change-set.ts'
import { moved, resolvedOf, unapproved } from './compare.ts'
import { givenTo } from './given.ts'
import { changeSetName, type RunId } from './names.ts'
import { isGreen, type StackResult } from './outcome.ts'
import type { Job } from './place.ts'
import type { ChangeSet, Stacks } from './ports.ts'
import { settle } from './settle.ts'
import type { StandingStack, WantedStack } from './stack.ts'
import { type Due, endCreation, sync } from './sync.ts'
import { imagesIn, lookedUp, missingIn, unrecorded, type Values } from './values.ts'
import { type Limits, type Operation, reasonToStop, whyStopped } from './watch.ts'

export type RollOut = {
  job: Job
  stacksIn(region: string): Stacks
  /** Services of the release that is recorded. */
  delivered: readonly string[]
  run: RunId
  limits: Limits
  tools: Tools
  /** Before every operation; rejects where none may be begun. */
  begin(): Promise<void>
  /** Told of every operation before it begins, and when its end was seen. */
  onStarted(operation: Operation): void
  onEnded(operation: Operation): void
}

/** Brings one stack to what was approved. Rejects with a `Refusal` where that cannot be begun. */
export const rollOut = async (
  out: RollOut,
  wanted: WantedStack,
  approved: ApprovedStack,
  values: Values,
): Promise<StackResult> => {
  const due = { wanted, approved, values }
  requireSameValues(out, due)
  const settled = await settle(out, wanted)
  if (settled.result !== undefined) return settled.result
  const there = settled.standing.is === 'there' ? settled.standing.stack : undefined
  const late = stopped(out, wanted)
  if (late !== undefined) return late
  const synced = there === undefined ? undefined : await sync(out, due, there)
  if (synced !== undefined && !isGreen(synced.outcome)) return synced
  const later = stopped(out, wanted)
  if (later !== undefined) return later

  const fresh = await makeApproved(out, due, there)
  let result: StackResult = { stack: wanted.name, outcome: synced || settled.adopted ? 'updated' : 'no-change' }
  if (fresh !== undefined) result = await carryOut(out.stacksIn(wanted.region), out, fresh, 'change')
  if (result.outcome === 'created') result = await endCreation(out, due, result)
  if (isGreen(result.outcome)) await protect(out, wanted)
  return result
}

/** Before anything is executed, also what only tells CloudFormation of the recorded image: that looks up everything anew. */
const requireSameValues = ({ job }: RollOut, { wanted, approved, values }: Due): void => {
  const missing = missingIn(wanted, values)
  if (missing.length > 0) throw new Refusal(sayMissing(wanted.name, missing, job))
  refuse(wanted, moved(approved, lookedUp(wanted, values, job.isImage)))
}

/** The change set that is executed; undefined where nothing is to be done. */
const makeApproved = async (
  out: RollOut,
  { wanted, approved, values }: Due,
  there: StandingStack | undefined,
): Promise<ChangeSet | undefined> => {
  const { isImage } = out.job
  const kind = there === undefined ? 'create' : 'update'
  const stacks = out.stacksIn(wanted.region)
  const fresh = await makeFresh(stacks, out, {
    stack: wanted.name,
    kind: kind === 'create' ? 'CREATE' : 'UPDATE',
    name: changeSetName('execute', out.run, wanted.fingerprint),
    body: wanted.body,
    parameters: givenTo(wanted, there, approved.delivered),
    role: wanted.role,
    tags: wanted.tags,
  })
  if (fresh.state !== 'ready') return undefined
  const parameters = { ...lookedUp(wanted, values, isImage), ...resolvedOf(fresh.parameters, isImage) }
  const problems = [
    ...unapproved(approved, { ...wanted, ...fresh, kind, parameters, images: imagesIn(wanted, isImage) }),
    ...unrecorded(fresh, values, isImage),
  ]
  if (problems.length > 0) await stacks.deleteChangeSet(fresh.arn)
  refuse(wanted, problems)
  return fresh
}

const refuse = ({ name }: WantedStack, problems: readonly string[]): void => {
  if (problems.length === 0) return
  throw new Refusal(`${name}: ${problems.join('; ')}; run the infrastructure again, and approve what it shows`)
}

/** How a stack ends where the job may begin nothing any more. */
export const stopped = (
  { limits, tools }: Pick<RollOut, 'limits' | 'tools'>,
  { name }: Pick<WantedStack, 'name'>,
): StackResult | undefined => {
  const outcome = reasonToStop(limits, limits.deadline, tools.clock.monotonic())
  if (outcome === undefined) return undefined
  const why = outcome === 'cancelled' ? (whyStopped(limits) ?? 'the job was cancelled') : "the time given by 'timeout' is over"
  return { stack: name, outcome, reason: `not begun, because ${why}` }
}

const protect = async ({ stacksIn, tools }: RollOut, { name, region, protect: on }: WantedStack): Promise<void> => {
  const stacks = stacksIn(region)
  const there = await stacks.describe(name)
  if (there === undefined || there.protected === on) return
  await stacks.protect(name, on)
  tools.log.info(`${name}: termination protection is ${on ? 'on' : 'off'}`)
}

const sayMissing = (stack: string, missing: readonly string[], { isImage }: Job): string => {
  const images = missing.filter(isImage)
  return images.length > 0
    ? `${stack}: no image is recorded in ${images.join(', ')}; deliver once (deliver.yml), which records the first image before the stack is made`
    : `${stack}: ${missing.join(', ')} does not exist, and no stack of this run has made it`
}
