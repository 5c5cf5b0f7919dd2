import { isPassing } from '../../../lib/aws/errors.ts'
import { Refusal } from '../../../lib/refusal.ts'
import type { Tools } from './change-set.ts'
import { eventsOf, isOver } from './events.ts'
import { backOf, isSync } from './names.ts'
import type { StackEvent, Stacks } from './ports.ts'
import type { StandingStack } from './stack.ts'

/** An operation of CloudFormation on one stack, in plain data: a post step gets it back as JSON. */
export type Operation = { stack: string; region: string; stackId: string; token: string }

export type Limits = {
  /** Aborted when the job is cancelled, or may write no more; with a `Refusal` where there are words for it. */
  signal: AbortSignal
  /** Milliseconds of the monotonic clock after which an update is taken back. */
  deadline: number
  /** Aborted when there is no time to watch any longer. */
  enough?: AbortSignal
}

export type Watched = {
  /** Undefined where the stack is gone, or where it could not be read. */
  stack: StandingStack | undefined
  /** The first resource that failed, and why; empty where none did. */
  cause: string
  /** Why it was stopped, or is no longer watched. */
  stopped?: 'cancelled' | 'timed-out'
  /** How it was left, if its end was not seen: it goes on without us, or nothing shows that it has begun. */
  left?: 'going-on' | 'not-begun'
  /** Why it was left or stopped, in words. */
  why?: string
}

/** How long reads may fail in a row; how long going back may take. */
const MOST_TROUBLE = 120_000
const LONGEST_ROLLBACK = 3_600_000
/** How long the first event of an operation may take to be seen, and how long it is looked for once we are to stop. */
const LATEST_BEGINNING = 120_000
const LATEST_BEGINNING_STOPPED = 15_000
/** Looks at the events between two looks at the stack itself. */
const ROUNDS = 10

/**
 * Follows an operation to its end, its rollback included, and says what fails as soon as CloudFormation does. Never rejects for
 * what it cannot see: the operation then goes on unwatched, and the answer says so.
 */
export const watch = async (stacks: Stacks, operation: Operation, limits: Limits, tools: Tools): Promise<Watched> => {
  const { clock, log, pollInterval } = tools
  const { stackId, stack: name } = operation
  const news = eventsOf(stacks, operation)
  let cause = ''
  let stopped: Watched['stopped']
  let { deadline } = limits
  let since = clock.monotonic()
  let troubleSince: number | undefined
  let isDealtWith = isSync(operation.token)
  const ended = (stack: StandingStack | undefined, more: Partial<Watched> = {}): Watched => {
    const why = stopped === 'cancelled' ? whyStopped(limits) : undefined
    return { stack, cause, ...(stopped && { stopped }), ...(why !== undefined && { why }), ...more }
  }
  const tell = (events: readonly StackEvent[]): void => {
    for (const event of events) {
      log.info(`  ${name} ${event.resource} ${event.status}${event.reason === '' ? '' : `: ${event.reason}`}`)
      if (cause !== '' || !isFailure(event, operation)) continue
      cause = `${event.resource} (${event.type}): ${event.reason || event.status}`
      log.error(cause, name)
    }
  }
  for (let round = 1; ; round += 1) {
    const now = clock.monotonic()
    if (stopped === undefined) {
      stopped = reasonToStop(limits, deadline, now)
      if (stopped !== undefined) {
        since = now
        deadline = now + LONGEST_ROLLBACK
        if (isDealtWith) log.notice(`${name}: this brings what is recorded, and is left to come to its end`)
      }
    }
    try {
      const { state, events, isEnd } = await news()
      tell(events)
      if (state === 'overtaken')
        return ended(await stacks.describe(stackId), { left: 'going-on', why: 'another operation has begun on it' })
      if (state !== 'begun') {
        const stack = await stacks.describe(stackId)
        if (stack === undefined) return ended(stack)
        const patience = stopped === undefined ? LATEST_BEGINNING : LATEST_BEGINNING_STOPPED
        if ((state === 'others' && !isOver(stack)) || now - since > patience) return ended(stack, { left: 'not-begun' })
      } else if (stopped !== undefined && !isDealtWith) {
        isDealtWith = true
        const { goesBack, found } = await takeBack(stacks, operation, tools)
        if (!goesBack) return ended(found, isOver(found) ? {} : { left: 'going-on' })
      } else if (isEnd || round % ROUNDS === 0) {
        const stack = await stacks.describe(stackId)
        if (isOver(stack)) return ended(stack)
      }
      troubleSince = undefined
    } catch (error) {
      troubleSince ??= now
      const { message } = error as Error
      if (!isPassing(error) || now - troubleSince > MOST_TROUBLE)
        return ended(undefined, { left: 'going-on', why: `it can no longer be followed (${message})` })
      log.info(`  ${message}; looking again`)
    }
    if (limits.enough?.aborted || (stopped !== undefined && now > deadline))
      return ended(await stacks.describe(stackId).catch(() => undefined), { left: 'going-on' })
    await clock.sleep(pollInterval, stopped === undefined ? limits.signal : undefined)
  }
}

/** Where it was stopped for another reason than a cancelled job: why, in words. */
export const whyStopped = ({ signal }: Pick<Limits, 'signal'>): string | undefined =>
  signal.reason instanceof Refusal || signal.reason?.name === 'LeaseLost' ? signal.reason.message : undefined

export const reasonToStop = ({ signal }: Limits, deadline: number, now: number): Watched['stopped'] => {
  if (signal.aborted) return 'cancelled'
  return now > deadline ? 'timed-out' : undefined
}

type Back = { goesBack: boolean; found?: StandingStack | undefined }

/** A creation cannot be stopped, and what is going back already need not be. */
const takeBack = async (stacks: Stacks, { stack, stackId, token }: Operation, { log }: Tools): Promise<Back> => {
  const found = await stacks.describe(stackId)
  if (/ROLLBACK_IN_PROGRESS$/.test(found?.status ?? '')) return { goesBack: true }
  if (found?.status !== 'UPDATE_IN_PROGRESS') return { goesBack: false, found }
  const goesBack = await stacks.cancelUpdate(stackId, backOf(token)).catch((error: Error) => {
    if (error.name === 'LeaseLost') return false
    throw error
  })
  log.warning(goesBack ? `the update of ${stack} is taken back` : `the update of ${stack} can no longer be taken back`)
  return { goesBack, ...(!goesBack && { found: await stacks.describe(stackId) }) }
}

/** What fails only because something else did before says so (CloudFormation: "Resource update cancelled"). */
const isFailure = ({ status, reason, physicalId }: StackEvent, { stackId }: Operation): boolean =>
  status.endsWith('_FAILED') && physicalId !== stackId && !/cancelled$/i.test(reason)
