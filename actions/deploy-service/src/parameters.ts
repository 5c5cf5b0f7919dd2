import { call } from '../../../lib/aws/errors.ts'
import type { Session } from '../../../lib/aws/session.ts'
import type { Records } from './records.ts'

/** The most that one GetParameters takes (API reference). */
const BATCH = 10

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
