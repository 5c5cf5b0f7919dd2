import type { EC2Client } from '@aws-sdk/client-ec2'
import type { SSMClient } from '@aws-sdk/client-ssm'
import type { Ec2Place } from '../../place.ts'
import type { TargetTools } from '../../target.ts'
import type { Ledger } from './ledger.ts'
import type { Seen } from './perform.ts'

/** The hosts of one service, and the clients that reach them. */
export type Fleet = Omit<Ec2Place, 'kind'> & {
  ec2: EC2Client
  ssm: SSMClient
  /** Sends each call once; for calls that AWS gives no idempotency token. */
  once: SSMClient
  tools: TargetTools
  ledger: Ledger
  /** Hosts that were reached by this process: one of them that no longer answers is never left out. */
  reached: Set<string>
  /** What all hosts answered last, once nothing was left to switch, and when (monotonic milliseconds): proof enough for the next moment. */
  latest: { at: number; seen: ReadonlyMap<string, Seen> }
}

/** The document that hosts run, as it was read and compared: another one is refused by Systems Manager itself. */
export type Pin = { version: string; hash: string }

/** A fleet whose document is known to be ours. Nothing is sent to a host without it. */
export type PinnedFleet = Fleet & { pin: Pin }

/** The most hosts that one SendCommand takes, and one DescribeInstanceInformation names. */
export const AT_ONCE = 50

export const chunksOf = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, index) => all.slice(index * size, (index + 1) * size))
