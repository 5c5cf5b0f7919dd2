import type { AlarmType, CloudWatchClient, MessageData } from '@aws-sdk/client-cloudwatch'
import { call, isNamed } from '../../../../../lib/aws/errors.ts'
import type { TargetTools } from '../../target.ts'

/** A version that gets a share of the traffic of an alias. */
export type Watched = { name: string; version: string }

export type Health = {
  /** Which alarms are not there; undefined where all are. */
  missing(): Promise<string | undefined>
  /** Looks at the alarms before any traffic is moved: one that is in ALARM already says nothing about the new version. */
  begin(): Promise<void>
  /** Why the traffic is to go back; undefined where nothing speaks against it. `since`: when the versions first got traffic. */
  problem(versions: readonly Watched[], since: number): Promise<string | undefined>
}

type Place = { alias: string; alarms: readonly string[]; client: () => Promise<CloudWatchClient> }

const MINUTE = 60_000

export const healthOf = ({ alias, alarms, client }: Place, { log, clock }: Pick<TargetTools, 'log' | 'clock'>): Health => {
  let ringing: ReadonlySet<string> = new Set()
  let mayReadErrors = true

  const readAlarms = async (): Promise<Map<string, string>> => {
    if (alarms.length === 0) return new Map()
    const { DescribeAlarmsCommand } = await import('@aws-sdk/client-cloudwatch')
    const cloudWatch = await client()
    const states = new Map<string, string>()
    for (let NextToken: string | undefined; ; ) {
      const AlarmTypes: AlarmType[] = ['MetricAlarm', 'CompositeAlarm', 'LogAlarm']
      const command = new DescribeAlarmsCommand({ AlarmNames: [...alarms], AlarmTypes, ...(NextToken && { NextToken }) })
      const answer = await call('cloudwatch:DescribeAlarms', () => cloudWatch.send(command))
      const { MetricAlarms = [], CompositeAlarms = [], LogAlarms = [] } = answer
      for (const { AlarmName = '', StateValue = '' } of [...MetricAlarms, ...CompositeAlarms, ...LogAlarms])
        states.set(AlarmName, StateValue)
      NextToken = answer.NextToken
      if (NextToken === undefined) return states
    }
  }

  /** Sum of the errors of each version under the alias (Lambda guide, metrics: dimensions Resource and ExecutedVersion). */
  const readErrors = async (versions: readonly Watched[], since: number, until: number): Promise<Map<string, number>> => {
    const { GetMetricDataCommand } = await import('@aws-sdk/client-cloudwatch')
    const cloudWatch = await client()
    const command = new GetMetricDataCommand({
      StartTime: new Date(Math.floor(since / MINUTE) * MINUTE),
      EndTime: new Date(until + MINUTE),
      MetricDataQueries: versions.map(({ name, version }, index) => ({
        Id: `errors${index}`,
        MetricStat: {
          Metric: {
            Namespace: 'AWS/Lambda',
            MetricName: 'Errors',
            Dimensions: [
              { Name: 'FunctionName', Value: name },
              { Name: 'Resource', Value: `${name}:${alias}` },
              { Name: 'ExecutedVersion', Value: version },
            ],
          },
          Period: 60,
          Stat: 'Sum',
        },
      })),
    })
    const { MetricDataResults = [], Messages = [] } = await call('cloudwatch:GetMetricData', () => cloudWatch.send(command))
    return new Map(
      versions.map(({ name }, index) => {
        const { Values = [], ...result } = MetricDataResults.find(({ Id }) => Id === `errors${index}`) ?? {}
        if (result.StatusCode !== 'Complete') throw incomplete([...(result.Messages ?? []), ...Messages], result.StatusCode)
        return [name, Values.reduce((sum, value) => sum + value, 0)]
      }),
    )
  }

  const errors = async (versions: readonly Watched[], since: number): Promise<string | undefined> => {
    if (!mayReadErrors) return undefined
    try {
      return errorsProblem(versions, await readErrors(versions, since, clock.now()))
    } catch (error) {
      if (!isNamed(error, 'AccessDeniedException', 'AccessDenied')) throw error
      mayReadErrors = false
      log.notice(`${(error as Error).message}; without it errors of the new version do not stop the traffic`)
      return undefined
    }
  }

  return {
    missing: async () => missing(alarms, await readAlarms()),
    begin: async () => {
      const states = await readAlarms()
      const problem = missing(alarms, states)
      if (problem !== undefined) throw new Error(problem)
      ringing = new Set(alarms.filter((alarm) => states.get(alarm) === 'ALARM'))
      for (const alarm of ringing)
        log.warning(`the alarm '${alarm}' is in ALARM before any traffic is moved; it is looked at once it has ended`)
    },
    problem: async (versions, since) => {
      const [states, failed] = await Promise.all([readAlarms(), errors(versions, since)])
      const gone = missing(alarms, states)
      if (gone !== undefined) return gone
      const fired = alarms.filter((alarm) => states.get(alarm) === 'ALARM' && !ringing.has(alarm))
      ringing = new Set([...ringing].filter((alarm) => states.get(alarm) === 'ALARM'))
      return fired.length > 0 ? `the alarms fired: ${fired.join(', ')}` : failed
    },
  }
}

const missing = (alarms: readonly string[], states: ReadonlyMap<string, string>): string | undefined => {
  const names = alarms.filter((alarm) => !states.has(alarm)).map((alarm) => `'${alarm}'`)
  return names.length === 0 ? undefined : `there is no alarm ${names.join(', ')}`
}

/** No answer is not the answer that there were no errors. What CloudWatch could not read it may read the next time. */
const incomplete = (messages: readonly MessageData[], status = 'no answer'): Error => {
  const said = messages.map(({ Code = '', Value = '' }) => ` (${Code}: ${Value})`).join('')
  const error = new Error(`cloudwatch:GetMetricData could not tell the errors of the new version: ${status}${said}`)
  error.name = status === 'Forbidden' ? status : 'InternalError'
  return error
}

const errorsProblem = (versions: readonly Watched[], sums: ReadonlyMap<string, number>): string | undefined => {
  const failing = versions.filter(({ name }) => (sums.get(name) ?? 0) > 0)
  if (failing.length === 0) return undefined
  const said = failing.map(({ name, version }) => `${sums.get(name)} of version ${version} of ${name}`)
  return `CloudWatch counts errors: ${said.join(', ')}`
}
