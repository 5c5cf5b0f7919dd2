import { GetParametersCommand, paginateGetParameterHistory, SSMClient } from '@aws-sdk/client-ssm'
import { call, isNamed } from '../../../lib/aws/errors.ts'
import type { Session } from '../../../lib/aws/session.ts'
import { parseHold, parseRelease, type Release } from '../../../lib/delivery/records.ts'
import type { Ledger } from './ports.ts'

/** Most that SSM gives in one page. */
const PAGE = 50

export const ssmLedger = (session: Session): Ledger => {
  const ssm = session.client(SSMClient)
  const values = async (parameter: string): Promise<string[]> => {
    const found: { version: number; value: string }[] = []
    for await (const page of paginateGetParameterHistory({ client: ssm, pageSize: PAGE }, { Name: parameter })) {
      for (const { Version = 0, Value = '' } of page.Parameters ?? []) found.push({ version: Version, value: Value })
    }
    return found.toSorted((a, b) => a.version - b.version).map(({ value }) => value)
  }
  return {
    guard: () => session.guard(),
    releases: async (parameter) => {
      try {
        return readable(await call('ssm:GetParameterHistory', () => values(parameter)), parameter)
      } catch (error) {
        if (isNamed(error, 'ParameterNotFound')) return []
        throw error
      }
    },
    standing: async (names) => {
      const command = new GetParametersCommand({ Names: [names.release, names.hold] })
      const { Parameters = [] } = await call('ssm:GetParameters', () => ssm.send(command))
      const read = (name: string): string | undefined => Parameters.find((parameter) => parameter.Name === name)?.Value
      const [release, held] = [read(names.release), read(names.hold)]
      const hold = held === undefined ? undefined : parseHold(held, names.hold)
      return { ...(release !== undefined && { release: parseRelease(release, names.release) }), ...(hold && { hold }) }
    },
  }
}

/**
 * The newest value must be a release, because it lists all that was rejected. An older one that was spoilt by hand proves
 * nothing and is passed over.
 */
const readable = (values: string[], parameter: string): Release[] => {
  const newest = values.at(-1)
  if (newest === undefined) return []
  const older = values.slice(0, -1).flatMap((value) => {
    try {
      return [parseRelease(value, parameter)]
    } catch {
      return []
    }
  })
  return [...older, parseRelease(newest, parameter)]
}
