import { Refusal } from '../refusal.ts'
import { call, isNamed } from './errors.ts'
import type { Session } from './session.ts'

/** One version of a parameter; `at` is when AWS wrote it, in milliseconds since the epoch. */
export type ParameterVersion = { version: number; at: number; value: string }

/** The most that one GetParameterHistory gives, and that one GetParameters takes (API reference). */
const PAGE = 50
const BATCH = 10

/** Every version that AWS keeps (100), oldest first; none where the parameter was never written. */
export const parameterHistory = async (session: Session, name: string): Promise<ParameterVersion[]> => {
  const { paginateGetParameterHistory, SSMClient } = await import('@aws-sdk/client-ssm')
  const pages = paginateGetParameterHistory({ client: session.client(SSMClient), pageSize: PAGE }, { Name: name })
  const read = async (): Promise<ParameterVersion[]> => {
    const found: ParameterVersion[] = []
    for await (const { Parameters = [] } of pages)
      for (const { Version = 0, Value = '', LastModifiedDate } of Parameters)
        found.push({ version: Version, at: LastModifiedDate?.getTime() ?? 0, value: Value })
    return found.toSorted((one, other) => one.version - other.version)
  }
  return call('ssm:GetParameterHistory', read).catch((error) => {
    if (isNamed(error, 'ParameterNotFound')) return []
    throw error
  })
}

/** Values by name, as many requests at once as it takes. What does not exist is absent. */
export const readParameters = async (session: Session, names: readonly string[]): Promise<Map<string, string>> => {
  const { GetParametersCommand, SSMClient } = await import('@aws-sdk/client-ssm')
  const ssm = session.client(SSMClient)
  const batches = Array.from({ length: Math.ceil(names.length / BATCH) }, (_, index) =>
    names.slice(index * BATCH, (index + 1) * BATCH),
  )
  const answers = await Promise.all(
    batches.map((Names) => call('ssm:GetParameters', () => ssm.send(new GetParametersCommand({ Names })))),
  )
  const found = answers.flatMap(({ Parameters = [] }) => Parameters)
  return new Map(found.flatMap(({ Name, Value }) => (Name !== undefined && Value !== undefined ? [[Name, Value]] : [])))
}

/** Writes a parameter of the standard tier, whatever it held before. */
export const writeParameter = async (session: Session, name: string, value: string): Promise<void> => {
  const { PutParameterCommand, SSMClient } = await import('@aws-sdk/client-ssm')
  const request = new PutParameterCommand({ Name: name, Value: value, Type: 'String', Overwrite: true })
  await call('ssm:PutParameter', () => session.client(SSMClient).send(request))
}

/**
 * The value of a SecureString that holds a Slack webhook, decrypted. It is a secret: the caller masks it before anything
 * else. A parameter that does not exist is a `Refusal` with the command that makes it.
 */
export const secretParameter = async (session: Session, name: string): Promise<string> => {
  const { GetParameterCommand, SSMClient } = await import('@aws-sdk/client-ssm')
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
