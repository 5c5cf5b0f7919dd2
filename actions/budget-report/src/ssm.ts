import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { call, isNamed } from '../../../lib/aws/errors.ts'
import type { Session } from '../../../lib/aws/session.ts'
import { Refusal } from '../../../lib/refusal.ts'

/** The value of a SecureString, decrypted. It is a secret: the caller masks it before anything else. */
export const secretParameter = async (session: Session, name: string): Promise<string> => {
  const request = new GetParameterCommand({ Name: name, WithDecryption: true })
  try {
    const { Parameter } = await call('ssm:GetParameter', () => session.client(SSMClient).send(request))
    return Parameter?.Value?.trim() ?? ''
  } catch (cause) {
    if (!isNamed(cause, 'ParameterNotFound')) throw cause
    throw new Refusal(
      `there is no parameter ${name} in account ${session.account}: ` +
        `aws ssm put-parameter --type SecureString --name ${name} --value 'https://hooks.slack.com/services/…'`,
      { cause },
    )
  }
}
