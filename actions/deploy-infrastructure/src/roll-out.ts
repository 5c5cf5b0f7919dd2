import { randomUUID } from 'node:crypto'
import { CREATED } from '../../../lib/infrastructure/template.ts'
import { Refusal } from '../../../lib/refusal.ts'
import type { ApprovedStack } from './approved.ts'
import { makeChangeSet, type Tools } from './change-set.ts'
import { unapproved } from './compare.ts'
import { givenTo, isCreated } from './given.ts'
import { changeSetName, type RunId, tokenOf } from './names.ts'
import { isGreen, type StackResult } from './outcome.ts'
import type { Job } from './place.ts'
import type { ChangeSet, ChangeSetRequest, Stacks } from './ports.ts'
import { resultOf } from './result.ts'
import { settle } from './settle.ts'
import type { StandingStack, WantedStack } from './stack.ts'
import { imagesIn, lookedUp, missingIn, type Values } from './values.ts'
import { type Limits, type Operation, watch } from './watch.ts'

export type RollOut = {
  job: Job
  stacksIn(region: string): Stacks
  run: RunId
  limits: Limits
  tools: Tools
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
  const { job, limits } = out
  const stacks = out.stacksIn(wanted.region)
  const missing = missingIn(wanted, values)
  if (missing.length > 0) throw new Refusal(sayMissing(wanted.name, missing, job))
  const settled = await settle(out, wanted)
  if (settled.result !== undefined) return settled.result
  const there = settled.standing.is === 'there' ? settled.standing.stack : undefined
  const synced = there === undefined ? undefined : await sync(out, wanted, there, values)
  if (synced !== undefined && !isGreen(synced.outcome)) return synced
  if (limits.signal.aborted) return { stack: wanted.name, outcome: 'cancelled', reason: 'cancelled before it was begun' }

  const kind = there === undefined ? 'create' : 'update'
  const fresh = await makeFresh(stacks, out, {
    stack: wanted.name,
    kind: kind === 'create' ? 'CREATE' : 'UPDATE',
    name: changeSetName('execute', out.run, wanted.fingerprint),
    body: wanted.body,
    parameters: givenTo(wanted, there, approved.delivered),
    role: wanted.role,
    tags: wanted.tags,
  })
  let result: StackResult = { stack: wanted.name, outcome: synced || settled.adopted ? 'updated' : 'no-change' }
  if (fresh.state === 'ready') {
    const problems = [
      ...unapproved(approved, {
        ...wanted,
        ...fresh,
        kind,
        parameters: lookedUp(wanted, values, job.isImage),
        images: imagesIn(wanted, job.isImage),
      }),
      ...unrecorded(fresh, wanted, values, job),
    ]
    if (problems.length > 0) {
      await stacks.deleteChangeSet(fresh.arn)
      throw new Refusal(`${wanted.name}: ${problems.join('; ')}; run the infrastructure again, and approve what it shows`)
    }
    result = await carryOut(stacks, out, fresh)
  }
  if (result.outcome === 'created') result = await endCreation(out, wanted, result)
  if (isGreen(result.outcome)) await protect(out, wanted)
  return result
}

const carryOut = async (stacks: Stacks, out: RollOut, changeSet: ChangeSet): Promise<StackResult> => {
  const { limits, tools } = out
  const stack = changeSet.stackId.split('/')[1] ?? changeSet.stackId
  const operation = {
    stack,
    region: regionOf(changeSet.stackId),
    stackId: changeSet.stackId,
    token: tokenOf(out.run, changeSet.arn),
  }
  out.onStarted(operation)
  tools.log.info(`${stack}: executing ${changeSet.changes.length} changes`)
  await stacks.executeChangeSet(changeSet.arn, operation.token)
  const watched = await watch(stacks, operation, limits, tools)
  if (!watched.goesOn) out.onEnded(operation)
  return resultOf(stack, watched)
}

/**
 * A failed update falls back to what CloudFormation last had. So that this is the recorded image, it is told of that one
 * first, with the template that it has. A creation that was not brought to its end is ended the same way.
 */
const sync = async (
  out: RollOut,
  wanted: WantedStack,
  there: StandingStack,
  values: Values,
): Promise<StackResult | undefined> => {
  const { isImage } = out.job
  const isCurrent = Object.values(there.parameters).every(
    ({ value, resolved }) => !isImage(value) || resolved === undefined || resolved === (values.get(value) ?? resolved),
  )
  if (isCurrent && isCreated(there)) return undefined
  const stacks = out.stacksIn(wanted.region)
  const changeSet = await makeFresh(stacks, out, withTemplateThatIsThere(out, wanted, there.parameters))
  if (changeSet.state !== 'ready') return undefined
  out.tools.log.info(`${wanted.name}: telling CloudFormation which image is recorded`)
  return carryOut(stacks, out, changeSet)
}

const withTemplateThatIsThere = (
  { run }: RollOut,
  { name, role, fingerprint }: WantedStack,
  parameters: StandingStack['parameters'],
): ChangeSetRequest => ({
  stack: name,
  kind: 'UPDATE',
  name: changeSetName('sync', run, fingerprint),
  parameters: Object.fromEntries(
    Object.keys(parameters).map((key) => [key, key === CREATED ? 'yes' : { previous: true as const }]),
  ),
  role,
})

/** See `CREATED`. */
const endCreation = async (out: RollOut, wanted: WantedStack, created: StackResult): Promise<StackResult> => {
  if (wanted.template.Parameters?.[CREATED] === undefined) return created
  const stacks = out.stacksIn(wanted.region)
  const there = await stacks.describe(wanted.name)
  if (there === undefined || isCreated(there)) return created
  const changeSet = await makeFresh(stacks, out, withTemplateThatIsThere(out, wanted, there.parameters))
  const ended = changeSet.state === 'ready' ? await carryOut(stacks, out, changeSet) : created
  return isGreen(ended.outcome) ? created : ended
}

const protect = async ({ stacksIn, tools }: RollOut, { name, region, protect: on }: WantedStack): Promise<void> => {
  const stacks = stacksIn(region)
  const there = await stacks.describe(name)
  if (there === undefined || there.protected === on) return
  await stacks.protect(name, on)
  tools.log.info(`${name}: termination protection is ${on ? 'on' : 'off'}`)
}

/** The fourth part of an ARN. */
const regionOf = (arn: string): string => arn.split(':')[3] ?? ''

/** Never one that was made before: its images were looked up then. */
const makeFresh = (stacks: Stacks, { tools }: RollOut, request: ChangeSetRequest): Promise<ChangeSet> =>
  makeChangeSet(stacks, { ...request, name: `${request.name}-${randomUUID().slice(0, 8)}` }, tools)

/** Whoever holds the lease decides what is recorded, so this is not to happen; an image that differs is never brought. */
const unrecorded = ({ parameters }: ChangeSet, { lookups }: WantedStack, values: Values, { isImage }: Job): string[] =>
  Object.entries(lookups).flatMap(([key, name]) => {
    const resolved = parameters[key]?.resolved
    return !isImage(name) || resolved === undefined || resolved === values.get(name)
      ? []
      : [`${name} is ${values.get(name)}, and the change set would bring ${resolved}`]
  })

const sayMissing = (stack: string, missing: readonly string[], { isImage }: Job): string => {
  const images = missing.filter(isImage)
  return images.length > 0
    ? `${stack}: no image is recorded in ${images.join(', ')}; deliver once (deliver.yml), which records the first image before the stack is made`
    : `${stack}: ${missing.join(', ')} does not exist, and no stack of this run has made it`
}
