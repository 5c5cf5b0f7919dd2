import { call, isNamed } from '../../../lib/aws/errors.ts'
import type { Session } from '../../../lib/aws/session.ts'
import type { Records } from './records.ts'

/** The most that one GetParameters takes (API reference). */
const BATCH = 10
/** The most that one GetParameterHistory gives (API reference). */
const PAGE = 50

export const ssmRecords = (session: Session): Records => ({
  read: async (parameters) => {
    const { GetParametersCommand, SSMClient } = await import('@aws-sdk/client-ssm')
    const ssm = session.client(SSMClient)
    const batches = Array.from({ length: Math.ceil(parameters.length / BATCH) }, (_, index) =>
      parameters.slice(index * BATCH, (index + 1) * BATCH),
    )
    const answers = await Promise.all(
      batches.map((Names) => call('ssm:GetParameters', () => ssm.send(new GetParametersCommand({ Names })))),
    )
    const found = answers.flatMap(({ Parameters = [] }) => Parameters)
    return new Map(found.flatMap(({ Name, Value }) => (Name !== undefined && Value !== undefined ? [[Name, Value]] : [])))
  },
  history: async (parameter) => {
    const { paginateGetParameterHistory, SSMClient } = await import('@aws-sdk/client-ssm')
    const paginated = paginateGetParameterHistory({ client: session.client(SSMClient), pageSize: PAGE }, { Name: parameter })
    const read = async (): Promise<[number, string][]> => {
      const versions: [number, string][] = []
      for await (const { Parameters = [] } of paginated) {
        versions.push(...Parameters.map(({ Version = 0, Value = '' }): [number, string] => [Version, Value]))
      }
      return versions
    }
    const versions = await call('ssm:GetParameterHistory', read).catch((error) => {
      if (isNamed(error, 'ParameterNotFound')) return []
      throw error
    })
    return versions.toSorted(([one], [other]) => one - other).map(([, value]) => value)
  },
  /** Repeating a write that was applied makes one more version with the same value: harmless, so the SDK may retry. */
  write: async (parameter, value) => {
    const { PutParameterCommand, SSMClient } = await import('@aws-sdk/client-ssm')
    const command = new PutParameterCommand({
      Name: parameter,
      Value: value,
      Type: 'String',
      Overwrite: true,
      Tier: 'Intelligent-Tiering',
    })
    await call('ssm:PutParameter', () => session.client(SSMClient).send(command))
  },
})
