import { randomUUID } from 'node:crypto'
import { CancelCommandCommand, ListCommandsCommand, SendCommandCommand } from '@aws-sdk/client-ssm'
import { call, isNamed, isPassing, isThrottled } from '../../../../../lib/aws/errors.ts'
import type { Operation } from '../../../../../lib/host/verdict.ts'
import type { Fleet, PinnedFleet } from './fleet.ts'

/** What hosts are to do. At most 50 ids. */
export type Order = {
  operation: Operation
  ids: readonly string[]
  /** The deployment that it belongs to; of a reading, the run. */
  deployment: string
  image?: string
  release?: string
  /** Words of the command of `run`. */
  command?: readonly string[]
}

/** Seconds in which a command must reach an agent that is online. The least that AWS takes is 30. */
const DELIVERY = 60
const ATTEMPTS = 3
const LOOKS = 4
/** Of a command that is to run once: until it is certain that it would be listed. */
const LOOKS_OF_RUN = 8
/** A comment may have 100 characters; operation and number need the rest. */
const LONGEST_MARK = 80
/** A clock may be ahead of AWS's. */
const SKEW = 300_000

/** How commands of one deployment of one service begin in their comment: how another process finds them. */
const mark = (service: string, deployment: string): string => `${`${service} ${deployment}`.slice(0, LONGEST_MARK)} `

/**
 * Sends one command and resolves to its id. The API takes no token, so it is sent once; where the answer got lost it is looked for
 * by its comment, and sent again only where Systems Manager does not list it. Twice would be harmless as well: a host has a lock,
 * and what it runs already it does not deploy again.
 */
export const sendOrder = async (fleet: PinnedFleet, order: Order): Promise<string> => {
  const { once, tools, service, document, pin, version } = fleet
  const { operation, ids, deployment, image = '', release, command: words } = order
  const comment = `${mark(service, deployment)}${operation} ${randomUUID().slice(0, 8)}`
  const command = new SendCommandCommand({
    DocumentName: document,
    DocumentVersion: pin.version,
    DocumentHash: pin.hash,
    DocumentHashType: 'Sha256',
    InstanceIds: [...ids],
    Parameters: {
      Operation: [operation],
      Service: [service],
      ...(image !== '' && { Image: [image] }),
      ...(release !== undefined && { Release: [release] }),
      ...(version !== undefined && operation !== 'rollback' && { Version: [version] }),
      ...(words && { Command: [encoded(words)] }),
    },
    Comment: comment,
    TimeoutSeconds: DELIVERY,
    MaxConcurrency: String(ids.length),
    MaxErrors: '0',
  })
  const since = tools.clock.now()
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { Command } = await call('ssm:SendCommand', () => once.send(command))
      if (Command?.CommandId) return Command.CommandId
      throw new Error('ssm:SendCommand answered without the id of the command')
    } catch (error) {
      if (!isPassing(error)) throw error
      const isWorthLooking = operation !== 'status' && !isThrottled(error)
      const found = isWorthLooking ? await findLost(fleet, since, comment, operation === 'run' ? LOOKS_OF_RUN : LOOKS) : undefined
      if (found !== undefined) return found
      if (attempt === ATTEMPTS) throw error
      tools.log.info(`  ${(error as Error).message}; sending it again`)
    }
  }
}

/** The words of a command as the document takes them, so that no character of them means anything to a shell. */
export const encoded = (words: readonly string[]): string => Buffer.from(JSON.stringify(words)).toString('base64')

const findLost = async (fleet: Fleet, since: number, comment: string, looks: number): Promise<string | undefined> => {
  for (let look = 1; look <= looks; look += 1) {
    const [found] = await listCommands(fleet, since, (each) => each === comment)
    if (found !== undefined) return found.id
    if (look < looks) await fleet.tools.clock.sleep(look * 500)
  }
  return undefined
}

/** `isClean`: every program that it began came to a good end. */
export type Sent = { id: string; ids: readonly string[]; isOver: boolean; isClean: boolean }

/** What was sent to hosts for a deployment of this service since then, by whatever process. */
export const commandsOf = (fleet: Fleet, deployment: string, since: number): Promise<Sent[]> =>
  listCommands(fleet, since, (comment) => comment.startsWith(mark(fleet.service, deployment)))

const listCommands = async ({ ssm, document }: Fleet, since: number, isMeant: (comment: string) => boolean): Promise<Sent[]> => {
  const InvokedAfter = `${new Date(since - SKEW).toISOString().slice(0, 19)}Z`
  const Filters = [
    { key: 'DocumentName' as const, value: document },
    { key: 'InvokedAfter' as const, value: InvokedAfter },
  ]
  const found: Sent[] = []
  let NextToken: string | undefined
  do {
    const command = new ListCommandsCommand({ Filters, MaxResults: 50, ...(NextToken && { NextToken }) })
    const page = await call('ssm:ListCommands', () => ssm.send(command))
    for (const { CommandId: id = '', Comment = '', Status = '', InstanceIds: ids = [] } of page.Commands ?? []) {
      const isOver = !['Pending', 'InProgress', 'Cancelling'].includes(Status)
      if (isMeant(Comment)) found.push({ id, ids, isOver, isClean: Status === 'Success' })
    }
    NextToken = page.NextToken
  } while (NextToken)
  return found
}

/** Asks for an end, on all hosts or on these; the agent kills the program where it stands. What is over already stays as it is. */
export const cancelCommand = async ({ ssm, tools }: Fleet, CommandId: string, ids?: readonly string[]): Promise<void> => {
  try {
    const command = new CancelCommandCommand({ CommandId, ...(ids && { InstanceIds: [...ids] }) })
    await call('ssm:CancelCommand', () => ssm.send(command))
  } catch (error) {
    if (!isNamed(error, 'AccessDeniedException', 'InvalidCommandId') && !isPassing(error)) throw error
    tools.log.warning(`${(error as Error).message}; the command is waited for instead`)
  }
}
