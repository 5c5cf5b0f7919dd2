import { isPassing } from '../../../lib/aws/errors.ts'
import type { Tools } from './change-set.ts'
import type { StackEvent, Stacks } from './ports.ts'
import type { StandingStack } from './stack.ts'

/** An operation of CloudFormation on one stack, in plain data: a post step gets it back as JSON. */
export type Operation = { stack: string; region: string; stackId: string; token: string }

export type Limits = {
  /** Aborted when the job is cancelled, or may write no more. */
  signal: AbortSignal
  /** Milliseconds of the monotonic clock after which an update is taken back. */
  deadline: number
  /** Aborted when there is no time to watch any longer. */
  enough?: AbortSignal
}

export type Watched = {
  /** Undefined where the stack is gone. */
  stack: StandingStack | undefined
  /** The first resource that failed, and why; empty where none did. */
  cause: string
  /** Why it was stopped, or is no longer watched. */
  stopped?: 'cancelled' | 'timed-out'
  /** It goes on without us. */
  goesOn?: true
}

/** How long reads may fail in a row; how long going back may take. */
const MOST_TROUBLE = 120_000
const LONGEST_ROLLBACK = 3_600_000
/** Looks at the events between two looks at the stack itself. */
const ROUNDS = 10

/** Follows an operation to its end, its rollback included, and says what fails as soon as CloudFormation does. */
export const watch = async (stacks: Stacks, operation: Operation, limits: Limits, tools: Tools): Promise<Watched> => {
  const { clock, log, pollInterval } = tools
  const news = eventsOf(stacks, operation)
  let cause = ''
  let stopped: Watched['stopped']
  let { deadline } = limits
  let since: number | undefined
  for (let round = 1; ; round += 1) {
    const why = stopped === undefined ? reasonToStop(limits, deadline, clock.monotonic()) : undefined
    try {
      if (why !== undefined) {
        stopped = why
        deadline = clock.monotonic() + LONGEST_ROLLBACK
        if (!(await takeBack(stacks, operation, tools))) {
          const stack = await stacks.describe(operation.stackId)
          return { stack, cause, stopped, ...(isOver(stack) ? {} : { goesOn: true }) }
        }
      }
      const events = await news()
      for (const event of events) {
        log.info(`  ${operation.stack} ${event.resource} ${event.status}${event.reason === '' ? '' : `: ${event.reason}`}`)
        if (cause !== '' || !isFailure(event, operation)) continue
        cause = `${event.resource} (${event.type}): ${event.reason || event.status}`
        log.error(cause, operation.stack)
      }
      if (round % ROUNDS === 0 || events.some((event) => isOfStack(event, operation) && isOver(event))) {
        const stack = await stacks.describe(operation.stackId)
        if (isOver(stack)) return { stack, cause, ...(stopped && { stopped }) }
      }
      since = undefined
    } catch (error) {
      since ??= clock.monotonic()
      if (!isPassing(error) || clock.monotonic() - since > MOST_TROUBLE) throw error
      log.info(`  ${(error as Error).message}; looking again`)
    }
    if (limits.enough?.aborted || (stopped !== undefined && clock.monotonic() > deadline))
      return { stack: await stacks.describe(operation.stackId), cause, ...(stopped && { stopped }), goesOn: true }
    await clock.sleep(pollInterval, stopped === undefined ? limits.signal : undefined)
  }
}

const reasonToStop = ({ signal }: Limits, deadline: number, now: number): Watched['stopped'] => {
  if (signal.aborted) return 'cancelled'
  return now > deadline ? 'timed-out' : undefined
}

/** Whether the update goes back now. A creation cannot be stopped, and neither can what is going back already. */
const takeBack = async (stacks: Stacks, { stack, stackId, token }: Operation, { log }: Tools): Promise<boolean> => {
  const found = await stacks.describe(stackId)
  if (/ROLLBACK_IN_PROGRESS$/.test(found?.status ?? '')) return true
  if (found?.status !== 'UPDATE_IN_PROGRESS') return false
  const taken = await stacks.cancelUpdate(stackId, `${token}-back`).catch((error: Error) => {
    if (error.name === 'LeaseLost') return false
    throw error
  })
  log.warning(taken ? `the update of ${stack} is taken back` : `the update of ${stack} can no longer be taken back`)
  return taken
}

/** Events of the operation that were not told yet, oldest first. Those of an operation before it are none. */
const eventsOf = (stacks: Stacks, operation: Operation) => {
  const seen = new Set<string>()
  let begun = false
  const isStart = (event: StackEvent): boolean =>
    isOfStack(event, operation) && /^(CREATE|UPDATE|DELETE|IMPORT)_IN_PROGRESS$/.test(event.status)
  return async (): Promise<StackEvent[]> => {
    const found = await stacks.events(
      operation.stackId,
      (event) => seen.has(event.id) || (isStart(event) && event.token !== operation.token),
    )
    const start = found.findIndex((event) => isStart(event) && event.token === operation.token)
    if (!begun && start < 0) return []
    begun = true
    const news = start < 0 ? found : found.slice(0, start + 1)
    for (const { id } of news) seen.add(id)
    return news.toReversed()
  }
}

const isOfStack = ({ physicalId, type }: StackEvent, { stackId }: Operation): boolean =>
  type === 'AWS::CloudFormation::Stack' && physicalId === stackId

/** What fails only because something else did before says so (CloudFormation: "Resource update cancelled"). */
const isFailure = (event: StackEvent, operation: Operation): boolean =>
  event.status.endsWith('_FAILED') && !isOfStack(event, operation) && !/cancelled$/i.test(event.reason)

const isOver = (found: { status: string } | undefined): boolean => found === undefined || !found.status.endsWith('_IN_PROGRESS')
