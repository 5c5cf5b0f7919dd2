import type { Principal } from '../service.ts'
import { inert } from './inert.ts'
import { type Engine, type Made, type Properties, type Stack, tell } from './model.ts'
import type { Result, Tools } from './provisioner.ts'

/** One operation on a stack. */
export type Run = {
  engine: Engine
  stack: Stack
  /** Who works for it: the role that was handed over, or the caller. */
  caller: Principal
  token: string | undefined
  tags: { Key: string; Value: string }[]
  signal: AbortSignal
}

type Verb = 'CREATE' | 'UPDATE' | 'DELETE'

const words = { CREATE: 'creation', UPDATE: 'update', DELETE: 'deletion' }

/** What the resource's failure says: that of the call, or that another one has failed first. */
const reasonOf = (verb: Verb, error: unknown, signal: AbortSignal): string =>
  signal.aborted ? `Resource ${words[verb]} cancelled` : error instanceof Error ? error.message : String(error)

/** Tells the beginning and the end of what is done to a resource. Rejects where it fails, with that told as well. */
const told = async (
  { engine, stack, token, signal }: Run,
  verb: Verb,
  about: { logicalId: string; type: string; physicalId?: string | undefined; properties?: Properties },
  work: () => Promise<string>,
): Promise<void> => {
  tell(engine, stack, `${verb}_IN_PROGRESS`, about, token)
  try {
    const physicalId = await work()
    tell(engine, stack, `${verb}_COMPLETE`, { ...about, physicalId }, token)
  } catch (error) {
    tell(engine, stack, `${verb}_FAILED`, about, token, reasonOf(verb, error, signal))
    throw error
  }
}

const never = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason))
  })

const scripted = async ({ engine, stack, signal }: Run, logicalId: string, isRollback: boolean): Promise<void> => {
  const failure = engine.failure(stack, logicalId)
  if (failure === undefined || (isRollback && failure.then !== 'fail-on-rollback')) return
  if (failure.then === 'hang') await never(signal)
  throw new Error(failure.reason ?? 'Resource handler returned message: "Internal error" (HandlerErrorCode: InternalFailure)')
}

const toolsFor = ({ engine, stack, caller, tags, signal }: Run, logicalId: string, named: Tools['named']): Tools => ({
  place: stack.place,
  stack: stack.name,
  logicalId,
  tags,
  pace: engine.pace,
  named,
  call: async (service, operation, input) =>
    (await engine.invoke(caller, stack.place.region, service, operation, input)) as Record<string, unknown>,
  sleep: (milliseconds) => engine.time.sleep(milliseconds, signal),
})

const provisionerOf = ({ engine }: Run, type: string) => engine.provisioners[type] ?? inert(type)

/** What a resource is to become. */
export type Wanted = { logicalId: string; type: string; properties: Properties; policy: string }

/** Makes it, or changes what `made` is to it. What was begun and came to nothing is in the stack's resources all the same. */
export const bring = async (run: Run, wanted: Wanted, made: Made | undefined, isRollback = false): Promise<void> => {
  const { logicalId, type, properties, policy } = wanted
  const { stack, engine } = run
  const verb = made === undefined ? 'CREATE' : 'UPDATE'
  const hold = (result: Result, status: string): string => {
    stack.resources.set(logicalId, { ...result, type, properties, policy, status, at: engine.time.now() })
    return result.physicalId
  }
  if (made !== undefined) hold(made, 'UPDATE_IN_PROGRESS')
  const about = { logicalId, type, properties, ...(made && { physicalId: made.physicalId }) }
  await told(run, verb, about, async () => {
    await scripted(run, logicalId, isRollback)
    const tools = toolsFor(run, logicalId, (result) => hold(result, 'CREATE_IN_PROGRESS'))
    const provisioner = provisionerOf(run, type)
    const result = await (made === undefined
      ? provisioner.create(properties, tools)
      : provisioner.update(made, properties, tools))
    return hold(result, `${verb}_COMPLETE`)
  })
}

/**
 * Removes it, where its policy does not keep it. What the operation that is taken back has made is kept by `Retain` alone:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
 */
export const remove = async (run: Run, logicalId: string, made: Made, isTakenBack = false): Promise<void> => {
  const { engine, stack, token } = run
  const about = { logicalId, type: made.type, physicalId: made.physicalId }
  if (made.policy === 'Retain' || (made.policy === 'RetainExceptOnCreate' && !isTakenBack)) {
    made.status = 'DELETE_SKIPPED'
    return tell(engine, stack, 'DELETE_SKIPPED', about, token)
  }
  await told(run, 'DELETE', about, async () => {
    await scripted(run, logicalId, true)
    await provisionerOf(run, made.type).remove(
      made,
      toolsFor(run, logicalId, () => {}),
    )
    made.status = 'DELETE_COMPLETE'
    return made.physicalId
  }).catch((error) => {
    made.status = 'DELETE_FAILED'
    throw error
  })
}
