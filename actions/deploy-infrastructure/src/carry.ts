import { randomUUID } from 'node:crypto'
import { isPassing } from '../../../lib/aws/errors.ts'
import { makeChangeSet } from './change-set.ts'
import { type Aim, tokenOf } from './names.ts'
import type { StackResult } from './outcome.ts'
import type { ChangeSet, ChangeSetRequest, Stacks } from './ports.ts'
import { resultOf } from './result.ts'
import type { RollOut } from './roll-out.ts'
import { watch } from './watch.ts'

/** Never one that was made before: its images were looked up then. */
export const makeFresh = (stacks: Stacks, { tools }: RollOut, request: ChangeSetRequest): Promise<ChangeSet> =>
  makeChangeSet(stacks, { ...request, name: `${request.name}-${randomUUID().slice(0, 8)}` }, tools)

/** Executes a change set and follows it to its end. Rejects only where AWS has refused to begin. */
export const carryOut = async (
  stacks: Stacks,
  out: RollOut,
  changeSet: ChangeSet,
  aim: Exclude<Aim, 'delete'>,
): Promise<StackResult> => {
  const { limits, tools, run } = out
  const { arn, stackId, changes } = changeSet
  const stack = stackId.split('/')[1] ?? stackId
  const operation = { stack, region: regionOf(stackId), stackId, token: tokenOf(run, aim, arn) }
  await out.begin()
  out.onStarted(operation)
  tools.log.info(`${stack}: executing ${changes.length} changes`)
  const trouble = await stacks.executeChangeSet(arn, operation.token).then(
    () => undefined,
    (error: Error) => {
      // It may have been begun all the same.
      if (!isPassing(error)) throw error
      tools.log.warning(`${error.message}; looking whether ${stack} has begun`)
      return error
    },
  )
  const watched = await watch(stacks, operation, limits, tools)
  if (watched.left === undefined) out.onEnded(operation)
  if (watched.left === 'not-begun' && trouble !== undefined)
    return {
      stack,
      outcome: 'refused',
      reason: `${trouble.message}, and CloudFormation shows no beginning of it: run this again`,
    }
  return resultOf(stack, watched)
}

/** The fourth part of an ARN. */
const regionOf = (arn: string): string => arn.split(':')[3] ?? ''
