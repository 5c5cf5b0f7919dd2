import type { GetParameterHistoryCommandOutput } from '@aws-sdk/client-ssm'
import type { LockRecord, LockVersion } from '../delivery/lease.ts'
import { call, isNamed } from './errors.ts'
import type { Session } from './session.ts'

/** The `lock` parameter. Every call is sent once: who holds must know when each was sent. */
export interface Lock {
  /** Every version that is kept, oldest first and without gaps, up to at least `upTo`. None where there is no parameter. */
  history(upTo?: number): Promise<LockVersion[]>
  /** Resolves to the version that was written. The parameter is never deleted, so versions only grow. */
  write(record: LockRecord): Promise<number>
}

/** The most that one GetParameterHistory gives (API reference). */
const PAGE = 50

export const ssmLock = (session: Session, parameter: string): Lock => ({
  history: async (upTo = 0) => {
    const { GetParameterHistoryCommand, SSMClient } = await import('@aws-sdk/client-ssm')
    const ssm = session.clientWithoutRetry(SSMClient)
    const versions = new Map<number, LockVersion>()
    let NextToken: string | undefined
    do {
      const command = new GetParameterHistoryCommand({ Name: parameter, MaxResults: PAGE, ...(NextToken && { NextToken }) })
      const page: Partial<GetParameterHistoryCommandOutput> = await call('ssm:GetParameterHistory', () =>
        ssm.send(command),
      ).catch((error) => {
        if (isNamed(error, 'ParameterNotFound')) return {}
        throw error
      })
      for (const { Version = 0, Value = '', LastModifiedDate } of page.Parameters ?? []) {
        versions.set(Version, { version: Version, at: LastModifiedDate?.getTime() ?? 0, value: Value })
      }
      NextToken = page.NextToken
    } while (NextToken)
    return withoutGaps([...versions.values()], upTo)
  },
  write: async (record) => {
    const { PutParameterCommand, SSMClient } = await import('@aws-sdk/client-ssm')
    const input = { Name: parameter, Value: JSON.stringify(record), Type: 'String', Overwrite: true } as const
    const ssm = session.clientWithoutRetry(SSMClient)
    const { Version = 0 } = await call('ssm:PutParameter', () => ssm.send(new PutParameterCommand(input)))
    return Version
  },
})

/** Versions may be written while pages are read, and a read may be older than a write: such a history decides nothing. */
const withoutGaps = (versions: LockVersion[], upTo: number): LockVersion[] => {
  const sorted = versions.toSorted((one, other) => one.version - other.version)
  const first = sorted[0]?.version ?? 1
  const isWhole = sorted.every(({ version }, index) => version === first + index)
  if (isWhole && (sorted.at(-1)?.version ?? 0) >= upTo) return sorted
  const error = new Error('ssm:GetParameterHistory answered with a part of the history')
  error.name = 'TimeoutError'
  throw error
}
