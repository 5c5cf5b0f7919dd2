import { randomUUID } from 'node:crypto'
import type { CommandInvocationStatus } from '@aws-sdk/client-ssm'
import type { Time } from '../../time.ts'
import { type Fleet, type Instance, isReachable } from '../ec2/fleet.ts'
import { runDelivered, stepTimeout } from './agent.ts'
import { type Command, errorsAllowed, type Invocation, isError, isFinal, share } from './command.ts'
import type { HostExecutor } from './executor.ts'

/** How long the steps of a command take on their way, in nominal milliseconds. */
export type CommandPace = {
  /** Until a command that was sent is found by the calls that read it. */
  consistency: number
  /** From Systems Manager to the agent; an instance that cannot be reached is Delayed after it. */
  delivery: number
}

export const usualPace: CommandPace = { consistency: 1_000, delivery: 500 }

type Parts = { time: Time; fleet: Fleet; executor: HostExecutor; pace: CommandPace }

/** Sends commands to agents and keeps what became of them. */
export const createCommands = ({ time, fleet, executor, pace }: Parts) => {
  const commands = new Map<string, Command>()
  const lives = new Set<Promise<void>>()
  const timers = new Set<() => void>()

  const end = (invocation: Invocation, status: CommandInvocationStatus, details: string): void => {
    if (isFinal(invocation)) return
    Object.assign(invocation, { status, details, endedAt: time.now() })
  }

  const deliver = async (command: Command, invocation: Invocation): Promise<void> => {
    const { instanceId } = invocation
    const waiting = AbortSignal.any([invocation.cancelling.signal, invocation.given.signal])
    await time.sleep(pace.delivery, waiting)
    const instance = fleet.find(instanceId)
    if (instance?.state !== 'running') return end(invocation, 'Failed', 'Undeliverable')
    if (instance.platform !== 'Linux') return end(invocation, 'Failed', 'InvalidPlatform')
    if (!isReachable(instance)) Object.assign(invocation, { status: 'Delayed', details: 'Delayed' })
    await fleet.until(instanceId, isReachable, waiting)
    Object.assign(invocation, { status: 'InProgress', details: 'InProgress', startedAt: time.now() })
    await answer(command, invocation, instance)
  }

  /** The script dies with its instance, and an agent without a connection cannot answer until it has one again. */
  const answer = async (command: Command, invocation: Invocation, { instanceId }: Instance): Promise<void> => {
    const instance = fleet.find(instanceId)
    if (instance === undefined) return
    const gone = new AbortController()
    const unwatched = new AbortController()
    const watch = fleet.until(instanceId, (each) => each?.state !== 'running', unwatched.signal).then(() => gone.abort())
    const { id: commandId, document, values } = command
    const stop = AbortSignal.any([invocation.cancelling.signal, gone.signal])
    const reply = await runDelivered(time, executor, { commandId, content: document.parsed, values, instance }, stop)
    unwatched.abort()
    await watch.catch(() => {})
    await fleet.until(instanceId, (each) => isReachable(each) && !gone.signal.aborted, invocation.given.signal)
    const { status, details, code, stdout, stderr, refused } = reply
    if (!isFinal(invocation)) Object.assign(invocation, { code, stdout, stderr }, refused && { startedAt: undefined })
    end(invocation, status, details)
  }

  const attempt = async (command: Command, invocation: Invocation): Promise<void> => {
    try {
      await deliver(command, invocation)
    } catch (error) {
      if (invocation.given.signal.aborted) return
      if (invocation.cancelling.signal.aborted) end(invocation, 'Cancelled', 'Cancelled')
      else throw error
    }
  }

  const dispatch = async (command: Command): Promise<void> => {
    const { invocations, request } = command
    const queue = [...invocations]
    const places = Math.max(share(request.MaxConcurrency ?? '50', invocations.length, Math.ceil), 1)
    const work = async (): Promise<void> => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        if (invocations.filter(isError).length > errorsAllowed(command)) end(next, 'Cancelled', 'Terminated')
        if (!isFinal(next)) await attempt(command, next)
      }
    }
    await Promise.all(Array.from({ length: Math.min(places, invocations.length) }, work))
  }

  const expire = (command: Command): void => {
    for (const invocation of command.invocations) {
      end(invocation, 'TimedOut', 'DeliveryTimedOut')
      invocation.given.abort(new Error('the command has expired'))
    }
  }

  return {
    send(given: Pick<Command, 'account' | 'region' | 'document' | 'values' | 'request'>, instanceIds: string[]): Command {
      const requestedAt = time.now()
      const lasts = ((given.request.TimeoutSeconds ?? 3600) + stepTimeout(given.document.parsed)) * 1000
      const invocations = instanceIds.map((instanceId) => ({
        ...{ instanceId, status: 'Pending' as const, details: 'Pending', code: -1, stdout: '', stderr: '' },
        ...{ cancelling: new AbortController(), given: new AbortController() },
      }))
      const expiresAt = new Date(requestedAt.getTime() + lasts)
      const command: Command = { id: randomUUID(), ...given, requestedAt, expiresAt, invocations, cancelled: false }
      commands.set(command.id, command)
      // No timer of Node lasts longer.
      const cancelTimer = time.after(Math.min(lasts, 2 ** 31 - 1), () => expire(command))
      timers.add(cancelTimer)
      const life = dispatch(command).finally(() => {
        lives.delete(life)
        timers.delete(cancelTimer)
        cancelTimer()
      })
      lives.add(life)
      return command
    },
    /** Those that the reading calls find by now, the newest first. */
    visible: (account: string, region: string): Command[] =>
      [...commands.values()]
        .filter((each) => each.account === account && each.region === region)
        .filter(({ requestedAt }) => time.now().getTime() - requestedAt.getTime() >= pace.consistency / time.factor)
        .reverse(),
    sent: (account: string, region: string): Command[] =>
      [...commands.values()].filter((each) => each.account === account && each.region === region),
    /** Asks for the end of what has not ended, on these instances or on all. */
    cancel(command: Command, instanceIds: string[]): void {
      command.cancelled ||= instanceIds.length === 0
      for (const invocation of command.invocations) {
        if (isFinal(invocation) || (instanceIds.length > 0 && !instanceIds.includes(invocation.instanceId))) continue
        if (invocation.status === 'InProgress') Object.assign(invocation, { status: 'Cancelling', details: 'Cancelling' })
        else end(invocation, 'Cancelled', 'Cancelled')
        invocation.cancelling.abort(new Error('the command was cancelled'))
      }
    },
    /** Kills every script that runs. */
    async stopAll(): Promise<void> {
      for (const cancelTimer of timers) cancelTimer()
      for (const { invocations } of commands.values()) {
        for (const { cancelling, given } of invocations) {
          given.abort(new Error('the local cloud is closed'))
          cancelling.abort(new Error('the local cloud is closed'))
        }
      }
      await Promise.all(lives)
    },
  }
}

export type Commands = ReturnType<typeof createCommands>
