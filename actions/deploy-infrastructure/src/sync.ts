import { CREATED } from '../../../lib/infrastructure/template.ts'
import { Refusal } from '../../../lib/refusal.ts'
import type { ApprovedStack } from './approved.ts'
import { carryOut, makeFresh } from './carry.ts'
import { isCurrent, unsynced } from './compare-sync.ts'
import { isCreated } from './given.ts'
import { changeSetName } from './names.ts'
import { isGreen, type StackResult } from './outcome.ts'
import { serviceOf } from './place.ts'
import type { ChangeSet, ChangeSetRequest } from './ports.ts'
import type { RollOut } from './roll-out.ts'
import { inRegion, type StandingStack, type WantedStack } from './stack.ts'
import { unrecorded, type Values } from './values.ts'

/** One stack that is to be brought to what was approved, and what is recorded. */
export type Due = { wanted: WantedStack; approved: ApprovedStack; values: Values }

/**
 * A failed update falls back to what CloudFormation last had. So that this is the recorded image, it is told of that one
 * first, with the template that it has. A creation that was not brought to its end is ended the same way. Undefined where
 * nothing was to be told; rejects with a `Refusal` where it would bring more than that.
 */
export const sync = async (out: RollOut, due: Due, there: StandingStack): Promise<StackResult | undefined> => {
  const { wanted, values } = due
  if (isCurrent(there, values, out.job.isImage)) return undefined
  const changeSet = await madeFor(out, due, there)
  if (changeSet === undefined) return undefined
  requireHarmless(out, wanted, there, changeSet)
  out.tools.log.info(`${wanted.name}: telling CloudFormation which image is recorded`)
  return carryOut(out.stacksIn(wanted.region), out, changeSet, 'sync')
}

/** See `CREATED`. What is created counts as such only with that. */
export const endCreation = async (out: RollOut, due: Due, created: StackResult): Promise<StackResult> => {
  const { wanted } = due
  if (wanted.template.Parameters?.[CREATED] === undefined) return created
  const stacks = out.stacksIn(wanted.region)
  const there = await stacks.describe(wanted.name)
  if (there !== undefined && isCreated(there)) return created
  const changeSet = there && (await madeFor(out, due, there))
  if (changeSet === undefined) throw new Refusal(sayUnended(wanted))
  const ended = await carryOut(stacks, out, changeSet, 'sync')
  return isGreen(ended.outcome) ? created : ended
}

/** With the template that is there. Undefined where CloudFormation has nothing to do. */
const madeFor = async (out: RollOut, { wanted, approved, values }: Due, there: StandingStack): Promise<ChangeSet | undefined> => {
  const { job, run } = out
  const stacks = out.stacksIn(wanted.region)
  const request: ChangeSetRequest = {
    stack: wanted.name,
    kind: 'UPDATE',
    name: changeSetName('sync', run, wanted.fingerprint),
    parameters: Object.fromEntries(
      Object.keys(there.parameters).map((key) => [key, key === CREATED ? 'yes' : { previous: true as const }]),
    ),
    role: wanted.role,
  }
  const fresh = await makeFresh(stacks, out, request)
  if (fresh.state !== 'ready') {
    // The update that follows must not be the one that ends a creation: it may go back.
    if (!isCreated(there)) throw new Refusal(sayUnended(wanted))
    return undefined
  }
  const problems = [
    ...unsynced(approved, { there, lookups: wanted.lookups, fresh, isImage: job.isImage }),
    ...unrecorded(fresh, values, job.isImage),
  ]
  if (problems.length === 0) return fresh
  await stacks.deleteChangeSet(fresh.arn)
  throw new Refusal(`${wanted.name}: ${problems.join('; ')}; run the infrastructure again, and approve what it shows`)
}

/**
 * The template of a creation that has not ended says that no task runs. Where an update of it went back, CloudFormation would
 * see to that, whatever runs by then: nothing does unless the service was delivered.
 */
const requireHarmless = ({ job, delivered }: RollOut, { name }: WantedStack, there: StandingStack, { arn }: ChangeSet): void => {
  const service = serviceOf(job, name)
  if (isCreated(there) || service === undefined || !delivered.includes(service)) return
  throw new Refusal(
    `${sayUnended({ name })}, and ${service} has been delivered: if the update that ends it went back, CloudFormation ` +
      'would stop its tasks. Execute it so that it cannot go back, and run this again: ' +
      `aws cloudformation execute-change-set --disable-rollback --change-set-name ${arn}${inRegion(there.id)}`,
  )
}

const sayUnended = ({ name }: Pick<WantedStack, 'name'>): string =>
  `the creation of ${name} was not brought to its end (its parameter ${CREATED} is not 'yes')`
