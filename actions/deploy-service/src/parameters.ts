import { call } from '../../../lib/aws/errors.ts'
import { parameterHistory, readParameters } from '../../../lib/aws/parameters.ts'
import type { Session } from '../../../lib/aws/session.ts'
import type { Records } from './records.ts'

export const ssmRecords = (session: Session): Records => ({
  read: (parameters) => readParameters(session, parameters),
  history: async (parameter) => (await parameterHistory(session, parameter)).map(({ value }) => value),
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
