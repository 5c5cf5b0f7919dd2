import { type CommandInvocation, GetCommandInvocationCommand, ListCommandInvocationsCommand } from '@aws-sdk/client-ssm'
import { call, isNamed } from '../../../../../lib/aws/errors.ts'
import { patience } from '../../patience.ts'
import { cancelCommand } from './command.ts'
import { AT_ONCE, type Fleet } from './fleet.ts'
import { findHosts } from './hosts.ts'
import { type Look, type Standing, standingOf } from './invocations.ts'

/** The last word of one host on one command, and milliseconds from sending it. */
export type Ended = Exclude<Standing, { state: 'waiting' }> & { took: number }

export type Following = {
  signal?: AbortSignal
  /** Monotonic milliseconds after which the command is cancelled. */
  deadline: number
  /** Of an operation that is over in a second: the first looks come soon. */
  isQuick?: boolean
  /** Of an operation that changes nothing: where it cannot be followed it is left alone. */
  isQuestion?: boolean
  /** Told of each host as soon as it is over. */
  onEnd?(id: string, ended: Ended): void
}

/** Before a quick operation's first look; the next ones spread out to the poll interval. */
const FIRST_PAUSE = 700
/** Looks after which it is asked whether the hosts are still there: of one that was terminated nobody hears before a time limit. */
const LOOKS_BETWEEN = 30
/** Milliseconds in which a command has begun wherever an agent answers. */
const UNBEGUN = 120_000
/** How long a cancelled command may take to be over. "There is no guarantee", says AWS. */
const GRACE = 45_000
/** The same of one that changes nothing: it does not matter when that ends. */
const GRACE_OF_QUESTION = 5_000
const BLIND_LOOKS = 5

/**
 * Follows one command to its end on each of its hosts; one request a look, whatever their number. The command's own status is not
 * asked: it is fine where a host was missed. When the signal or the deadline says so the command is cancelled, and what
 * has not ended some time later is unknown.
 */
export const followCommand = async (
  fleet: Fleet,
  command: string,
  ids: readonly string[],
  { signal, deadline, isQuick, isQuestion, onEnd }: Following,
): Promise<Map<string, Ended>> => {
  const { clock, log, pollInterval } = fleet.tools
  const sent = clock.monotonic()
  const ended = new Map<string, Ended>()
  const begun = new Set<string>()
  const delayed = new Set<string>()
  const reading = patience(fleet.tools)
  let giveUp: number | undefined
  let blind: Error | undefined
  let pause = isQuick ? Math.min(FIRST_PAUSE, pollInterval) : pollInterval
  let due = sent + pause

  const end = (id: string, standing: Exclude<Standing, { state: 'waiting' }>): void => {
    const why = blind !== undefined && standing.state === 'unknown' ? { reason: blind.message } : {}
    const result = { ...standing, ...why, took: clock.monotonic() - sent }
    ended.set(id, result)
    onEnd?.(id, result)
  }
  const see = async (): Promise<void> => {
    for (const invocation of await listInvocations(fleet, command)) {
      const { InstanceId: id = '' } = invocation
      // One that is not listed yet is not there yet: the lists of Systems Manager lag behind.
      if (!ids.includes(id) || ended.has(id)) continue
      const look = lookAt(invocation, begun.has(id))
      if (look.begun) begun.add(id)
      const standing = await certain(fleet, command, id, look)
      if (standing.state !== 'waiting') end(id, standing)
      else if (standing.delayed && !delayed.has(id)) {
        delayed.add(id)
        log.warning(`${id}: its agent does not answer yet`)
      }
    }
  }

  const dropGone = async (): Promise<void> => {
    const running = new Map((await findHosts(fleet)).flatMap((host) => (host.state === 'running' ? [[host.id, host]] : [])))
    for (const id of ids) if (!ended.has(id) && !running.has(id)) end(id, { state: 'unknown', reason: 'the host is gone' })
    if (clock.monotonic() - sent < UNBEGUN) return
    const lost = ids.filter((id) => !ended.has(id) && !begun.has(id) && running.get(id)?.agent?.ping !== 'Online')
    if (lost.length === 0) return
    await cancelCommand(fleet, command, lost)
    for (const id of lost) end(id, { state: 'unreached', reason: 'its agent went away before the command reached it' })
  }

  for (let look = 1; ; look += 1) {
    // From look to look, not from the end of one to the next; a cancelled job is not kept waiting for either.
    await clock.sleep(Math.max(due - clock.monotonic(), 0), giveUp === undefined && !reading.isTried() ? signal : undefined)
    due = clock.monotonic() + pause
    pause = Math.min(pause * 1.5, pollInterval)
    const mustEnd = signal?.aborted || clock.monotonic() > deadline
    if (mustEnd && giveUp === undefined) {
      giveUp = clock.monotonic() + (isQuestion ? GRACE_OF_QUESTION : GRACE)
      await cancelCommand(fleet, command)
      pause = Math.min(FIRST_PAUSE, pollInterval)
      due = clock.monotonic() + pause
    }
    try {
      await see()
      if (look % LOOKS_BETWEEN === 0 && ended.size < ids.length) await dropGone()
      reading.relieve()
    } catch (error) {
      // What cannot be followed is not left alone: it is cancelled, and looked at a few more times. A question may be left.
      blind ??= finalOf(reading, error)
      if (blind !== undefined && isQuestion) throw blind
      if (blind !== undefined && giveUp === undefined) {
        giveUp = clock.monotonic() + BLIND_LOOKS * pollInterval
        await cancelCommand(fleet, command).catch(() => undefined)
      }
    }
    const open = ids.filter((id) => !ended.has(id))
    if (open.length === 0) return ended
    if (blind !== undefined && giveUp !== undefined && clock.monotonic() > giveUp) throw blind
    if (giveUp !== undefined && clock.monotonic() > giveUp) {
      for (const id of open) end(id, { state: 'unknown', reason: 'the command did not end after it was cancelled' })
      return ended
    }
  }
}

/** The error where it is final, or has lasted too long. */
const finalOf = (reading: ReturnType<typeof patience>, error: unknown): Error | undefined => {
  try {
    reading.bear(error)
    return undefined
  } catch (final) {
    return final as Error
  }
}

const listInvocations = async ({ ssm }: Fleet, CommandId: string): Promise<CommandInvocation[]> => {
  const found: CommandInvocation[] = []
  let NextToken: string | undefined
  do {
    const list = new ListCommandInvocationsCommand({
      CommandId,
      Details: true,
      MaxResults: AT_ONCE,
      ...(NextToken && { NextToken }),
    })
    const page = await call('ssm:ListCommandInvocations', () => ssm.send(list))
    found.push(...(page.CommandInvocations ?? []))
    NextToken = page.NextToken
  } while (NextToken)
  return found
}

const lookAt = ({ Status, StatusDetails = '', CommandPlugins = [] }: CommandInvocation, wasBegun: boolean): Look => {
  const [step] = CommandPlugins
  const begun = wasBegun || Status === 'InProgress' || step?.ResponseStartDateTime !== undefined
  return { status: Status ?? '', details: StatusDetails, exitCode: step?.ResponseCode ?? -1, output: step?.Output ?? '', begun }
}

/** The list cuts what a host printed at 2,500 characters; where no verdict is left of it the whole is asked for, 24,000. */
const certain = async ({ ssm }: Fleet, CommandId: string, InstanceId: string, look: Look): Promise<Standing> => {
  const standing = standingOf(look)
  if (standing.state !== 'unknown') return standing
  try {
    const command = new GetCommandInvocationCommand({ CommandId, InstanceId })
    const whole = await call('ssm:GetCommandInvocation', () => ssm.send(command))
    const { StandardOutputContent: output = '', ResponseCode: exitCode = look.exitCode } = whole
    return standingOf({ ...look, output, exitCode })
  } catch (error) {
    if (isNamed(error, 'InvocationDoesNotExist', 'AccessDeniedException')) return standing
    throw error
  }
}
