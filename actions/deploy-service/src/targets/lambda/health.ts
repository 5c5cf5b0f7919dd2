import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import { call, isNamed } from '../../../../../lib/aws/errors.ts'
import type { TargetTools } from '../../target.ts'

/** A version that gets a share of the traffic of an alias. */
export type Watched = { name: string; version: string }

export type Health = {
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
    const command = new DescribeAlarmsCommand({ AlarmNames: [...alarms], AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] })
    const { MetricAlarms = [], CompositeAlarms = [] } = await call('cloudwatch:DescribeAlarms', () => cloudWatch.send(command))
    return new Map([...MetricAlarms, ...CompositeAlarms].map(({ AlarmName = '', StateValue = '' }) => [AlarmName, StateValue]))
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
    const { MetricDataResults = [] } = await call('cloudwatch:GetMetricData', () => cloudWatch.send(command))
    return new Map(
      versions.map(({ name }, index) => {
        const { Values = [] } = MetricDataResults.find(({ Id }) => Id === `errors${index}`) ?? {}
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
    begin: async () => {
      const states = await readAlarms()
      const missing = alarms.filter((alarm) => !states.has(alarm))
      if (missing.length > 0) throw new Error(`there is no alarm ${missing.map((name) => `'${name}'`).join(', ')}`)
      ringing = new Set(alarms.filter((alarm) => states.get(alarm) === 'ALARM'))
      for (const alarm of ringing)
        log.warning(`the alarm '${alarm}' is in ALARM before any traffic is moved; it is looked at once it has ended`)
    },
    problem: async (versions, since) => {
      const [states, failed] = await Promise.all([readAlarms(), errors(versions, since)])
      const fired = alarms.filter((alarm) => states.get(alarm) === 'ALARM' && !ringing.has(alarm))
      ringing = new Set([...ringing].filter((alarm) => states.get(alarm) === 'ALARM'))
      return fired.length > 0 ? `the alarms fired: ${fired.join(', ')}` : failed
    },
  }
}

const errorsProblem = (versions: readonly Watched[], sums: ReadonlyMap<string, number>): string | undefined => {
  const failing = versions.filter(({ name }) => (sums.get(name) ?? 0) > 0)
  if (failing.length === 0) return undefined
  const said = failing.map(({ name, version }) => `${sums.get(name)} of version ${version} of ${name}`)
  return `CloudWatch counts errors: ${said.join(', ')}`
}
