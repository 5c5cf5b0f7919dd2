import { type Step, scopeOf, stepsFor } from './changes.ts'
import type { ChangeSet, Desired, Engine, Made, Stack } from './model.ts'
import { turn } from './model.ts'
import { bring, type Run, remove } from './resource.ts'
import { evaluate, holds, propertiesOf, type Scope } from './template.ts'

/**
 * Does the steps, each as soon as what it depends on is done. The first failure has the others given up; answers with the
 * resources that failed by themselves.
 */
const perform = async (
  run: Run,
  desired: Desired,
  steps: Step[],
  stop: AbortController,
  begun: Set<string>,
): Promise<string[]> => {
  const { stack } = run
  const scope = scopeOf(stack, desired, (id) => stack.resources.get(id))
  const failed: string[] = []
  const done = new Map<string, Promise<void>>()
  for (const { logicalId, resource, action, dependencies } of steps) {
    const work = async (): Promise<void> => {
      await Promise.all(dependencies.map((each) => done.get(each)))
      if (stop.signal.aborted || action === 'nothing') return
      const wanted = {
        logicalId,
        type: resource.Type,
        properties: propertiesOf(resource, scope),
        policy: resource.DeletionPolicy ?? 'Delete',
      }
      begun.add(logicalId)
      try {
        await bring(run, wanted, action === 'update' ? stack.resources.get(logicalId) : undefined)
      } catch {
        if (!stop.signal.aborted) failed.push(logicalId)
        stop.abort()
      }
    }
    done.set(logicalId, work())
  }
  await Promise.all(done.values())
  return failed
}

const outputsOf = (desired: Desired, scope: Scope) =>
  Object.entries(desired.template.Outputs ?? {})
    .filter(([, { Condition }]) => Condition === undefined || holds(Condition, scope))
    .map(([OutputKey, { Value, Description }]) => ({ OutputKey, OutputValue: String(evaluate(Value, scope)), Description }))

/** Removes one after the other, latest first; answers with those that could not be. */
const removeAll = async (run: Run, resources: [string, Made][], isTakenBack = false): Promise<string[]> => {
  const failed: string[] = []
  for (const [logicalId, made] of resources.toReversed())
    await remove(run, logicalId, made, isTakenBack).catch(() => failed.push(logicalId))
  return failed
}

const following = (failed: string[], what: string): string =>
  `The following resource(s) failed to ${what}: [${failed.join(', ')}]. `

/** A creation that fails leaves a stack that can only be deleted: `ROLLBACK_COMPLETE`. */
const create = async (run: Run, desired: Desired, steps: Step[], stop: AbortController): Promise<void> => {
  const { engine, stack, token } = run
  turn(engine, stack, 'CREATE_IN_PROGRESS', token, 'User Initiated')
  stack.desired = desired
  const failed = await perform(run, desired, steps, stop, new Set())
  if (!stop.signal.aborted) return turn(engine, stack, 'CREATE_COMPLETE', token)
  turn(engine, stack, 'ROLLBACK_IN_PROGRESS', token, `${following(failed, 'create')}Rollback requested by user.`)
  const kept = await removeAll({ ...run, signal: new AbortController().signal }, [...stack.resources], true)
  turn(
    engine,
    stack,
    kept.length === 0 ? 'ROLLBACK_COMPLETE' : 'ROLLBACK_FAILED',
    token,
    kept.length === 0 ? undefined : following(kept, 'delete'),
  )
}

/**
 * An update that fails gives every resource that it had begun with the properties that CloudFormation gave it last: of its own
 * template and parameters, and not of what others have done since.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
 */
const update = async (run: Run, desired: Desired, steps: Step[], stop: AbortController): Promise<void> => {
  const { engine, stack, token } = run
  const before = new Map(stack.resources)
  const begun = new Set<string>()
  turn(engine, stack, 'UPDATE_IN_PROGRESS', token, 'User Initiated')
  const failed = await perform(run, desired, steps, stop, begun)
  if (!stop.signal.aborted) {
    stack.desired = desired
    turn(engine, stack, 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', token)
    const wanted = new Set(steps.map(({ logicalId }) => logicalId))
    const policies = desired.template.Resources
    const leftover = [...before].flatMap(([id, made]): [string, Made][] => {
      const isReplaced = stack.resources.get(id)?.physicalId !== made.physicalId
      if (!wanted.has(id)) return [[id, made]]
      return isReplaced ? [[id, { ...made, policy: policies[id]?.UpdateReplacePolicy ?? 'Delete' }]] : []
    })
    for (const id of before.keys()) if (!wanted.has(id)) stack.resources.delete(id)
    await removeAll(run, leftover)
    return turn(engine, stack, 'UPDATE_COMPLETE', token)
  }
  const cancelled = failed.length === 0
  turn(engine, stack, 'UPDATE_ROLLBACK_IN_PROGRESS', token, cancelled ? 'User Initiated' : following(failed, 'update'))
  const back: Run = { ...run, signal: new AbortController().signal, tags: stack.desired?.tags as Run['tags'] }
  const stuck: string[] = []
  const fresh: [string, Made][] = []
  for (const { logicalId } of steps.filter(({ logicalId: id }) => begun.has(id))) {
    const old = before.get(logicalId)
    const now = stack.resources.get(logicalId)
    const isNew = now !== undefined && now.physicalId !== old?.physicalId
    if (isNew) fresh.push([logicalId, now])
    if (old === undefined) stack.resources.delete(logicalId)
    else if (isNew) stack.resources.set(logicalId, old)
    else await bring(back, { logicalId, ...old }, now, true).catch(() => stuck.push(logicalId))
  }
  if (stuck.length > 0) return turn(engine, stack, 'UPDATE_ROLLBACK_FAILED', token, following(stuck, 'update'))
  turn(engine, stack, 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', token)
  await removeAll(back, fresh, true)
  turn(engine, stack, 'UPDATE_ROLLBACK_COMPLETE', token)
}

/** Brings a stack to what the change set wants. Ends when the stack's status is an end; rejects never. */
export const execute = async (engine: Engine, stack: Stack, set: ChangeSet, caller: Run['caller'], token: string | undefined) => {
  const stop = new AbortController()
  stack.running = stop
  const run: Run = { engine, stack, caller, token, tags: set.desired.tags as Run['tags'], signal: stop.signal }
  const isNew = set.type === 'CREATE'
  if (isNew) stack.createdAt = engine.time.now()
  else stack.updatedAt = engine.time.now()
  await (isNew ? create : update)(run, set.desired, stepsFor(engine, stack, set.desired), stop)
  stack.running = undefined
  const succeeded = /^(CREATE|UPDATE)_COMPLETE$/.test(stack.status)
  set.execution = succeeded ? 'EXECUTE_COMPLETE' : 'EXECUTE_FAILED'
  if (succeeded)
    stack.outputs = outputsOf(
      set.desired,
      scopeOf(stack, set.desired, (id) => stack.resources.get(id)),
    )
}

export const destroy = async (engine: Engine, stack: Stack, caller: Run['caller'], token: string | undefined): Promise<void> => {
  turn(engine, stack, 'DELETE_IN_PROGRESS', token, 'User Initiated')
  const run: Run = { engine, stack, caller, token, tags: [], signal: new AbortController().signal }
  const kept = await removeAll(
    run,
    [...stack.resources].filter(([, { status }]) => status !== 'DELETE_COMPLETE'),
  )
  if (kept.length > 0) return turn(engine, stack, 'DELETE_FAILED', token, following(kept, 'delete'))
  turn(engine, stack, 'DELETE_COMPLETE', token)
  stack.deletedAt = engine.time.now()
}
