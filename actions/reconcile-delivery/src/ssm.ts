import { GetParametersCommand, type ParameterHistory, paginateGetParameterHistory, SSMClient } from '@aws-sdk/client-ssm'
import { call, isNamed } from '../../../lib/aws/errors.ts'
import type { Session } from '../../../lib/aws/session.ts'
import type { Lock, RecordedRelease } from '../../../lib/delivery/board/facts.ts'
import { leaseAfter } from '../../../lib/delivery/lease.ts'
import { parseRelease } from '../../../lib/delivery/records.ts'
import type { Ledger } from './ports.ts'

/** Most that SSM gives in one page of a history, and takes in one GetParameters (API reference). */
const PAGE = 50
const BATCH = 10

export const ssmLedger = (session: Session): Ledger => {
  const ssm = session.client(SSMClient)
  /** Oldest first; empty where the parameter was never written. */
  const history = async (parameter: string): Promise<ParameterHistory[]> => {
    const read = async (): Promise<ParameterHistory[]> => {
      const found: ParameterHistory[] = []
      for await (const page of paginateGetParameterHistory({ client: ssm, pageSize: PAGE }, { Name: parameter })) {
        found.push(...(page.Parameters ?? []))
      }
      return found.toSorted((a, b) => (a.Version ?? 0) - (b.Version ?? 0))
    }
    try {
      return await call('ssm:GetParameterHistory', read)
    } catch (error) {
      if (isNamed(error, 'ParameterNotFound')) return []
      throw error
    }
  }
  return {
    releases: async (parameter) => readable(await history(parameter), parameter),
    lock: async (parameter) => lastClaim(await history(parameter)),
    values: async (parameters) => {
      const batches = Array.from({ length: Math.ceil(parameters.length / BATCH) }, (_, index) =>
        parameters.slice(index * BATCH, (index + 1) * BATCH),
      )
      const answers = await Promise.all(
        batches.map((Names) => call('ssm:GetParameters', () => ssm.send(new GetParametersCommand({ Names })))),
      )
      const found = answers.flatMap(({ Parameters = [] }) => Parameters)
      return new Map(found.flatMap(({ Name, Value }) => (Name !== undefined && Value !== undefined ? [[Name, Value]] : [])))
    },
  }
}

/** The newest value must be a release. An older one that was spoilt by hand is passed over. */
const readable = (history: readonly ParameterHistory[], parameter: string): RecordedRelease[] =>
  history.flatMap(({ Value = '', LastModifiedDate }, index) => {
    try {
      return [{ release: parseRelease(Value, parameter), writtenAt: LastModifiedDate?.getTime() ?? 0 }]
    } catch (error) {
      if (index === history.length - 1) throw error
      return []
    }
  })

/** Whoever has not given the lease back, in time or not. */
const lastClaim = (history: readonly ParameterHistory[]): Lock | undefined => {
  const versions = history.map(({ Version = 0, Value = '', LastModifiedDate }) => ({
    version: Version,
    at: LastModifiedDate?.getTime() ?? 0,
    value: Value,
  }))
  const { holder } = leaseAfter(versions)
  if (holder === undefined || holder.until === 0) return undefined
  return { owner: holder.owner, purpose: holder.purpose, expiresAt: holder.until }
}
