import type { CloudWatch, MetricDataQuery, MetricDataResult } from '@aws-sdk/client-cloudwatch'
import type { Wire } from '../ecs/model.ts'
import { AwsError, type InputOf, type Operation, type Service } from '../service.ts'
import type { Invoked, Place, Region } from './model.ts'
import { placeOf } from './operations.ts'

type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA'

export type Alarms = (place: Place) => Map<string, { state: AlarmState; since: Date; isComposite: boolean }>

const alarmArn = ({ account, region }: Place, name: string): string => `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`

/** Whether an invocation is counted under a dimension (https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html). */
const dimensions: Record<string, (invoked: Invoked) => string> = {
  FunctionName: (invoked) => invoked.function,
  Resource: (invoked) => invoked.resource,
  ExecutedVersion: (invoked) => invoked.executedVersion,
}

const counts: Record<string, (invoked: Invoked) => number> = { Invocations: () => 1, Errors: ({ failed }) => Number(failed) }

type Window = { StartTime: number; EndTime: number }

/** Sums by period. A period without an invocation has no value, as in CloudWatch. */
const sums = (
  invoked: Invoked[],
  { Id, MetricStat }: Wire<MetricDataQuery>,
  { StartTime, EndTime }: Window,
): Wire<MetricDataResult> => {
  const { Metric, Period = 60, Stat } = MetricStat ?? {}
  const count = counts[Metric?.MetricName ?? '']
  if (Metric?.Namespace !== 'AWS/Lambda' || Stat !== 'Sum' || count === undefined)
    throw new AwsError(
      'NotImplemented',
      `NotImplemented: cloudwatch:GetMetricData of ${Metric?.Namespace} ${Metric?.MetricName}`,
      501,
    )
  const periodOf = (seconds: number) => Math.floor(seconds / Period) * Period
  const values = new Map<number, number>()
  for (const each of invoked) {
    const at = each.at / 1_000
    const isMeant = (Metric.Dimensions ?? []).every(({ Name = '', Value }) => dimensions[Name]?.(each) === Value)
    if (!isMeant || at < periodOf(StartTime) || at >= EndTime) continue
    values.set(periodOf(at), (values.get(periodOf(at)) ?? 0) + count(each))
  }
  const latestFirst = [...values].sort(([a], [b]) => b - a)
  const [Timestamps, Values] = [latestFirst.map(([at]) => at), latestFirst.map(([, value]) => value)]
  return { Id, Label: Metric.MetricName, StatusCode: 'Complete', Timestamps, Values }
}

/** CloudWatch's alarms, as they were set, and its metrics of functions. */
export const alarmsAndMetrics = (alarms: Alarms, region: (place: Place) => Region): Service => {
  const describeAlarms: Operation<Wire<InputOf<CloudWatch, 'DescribeAlarms'>>> = {
    // Composite alarms take a permission for `*`: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
    authorize: ({ AlarmNames = ['*'], AlarmTypes = [] }, call) =>
      (AlarmTypes.includes('CompositeAlarm') ? ['*'] : AlarmNames.map((name) => alarmArn(placeOf(call), name))).map(
        (resource) => ({
          action: 'cloudwatch:DescribeAlarms',
          resource,
        }),
      ),
    run: ({ AlarmNames, AlarmTypes = ['MetricAlarm'], StateValue }, call) => {
      const described = (isWanted: boolean, composite: boolean) =>
        [...alarms(placeOf(call))]
          .filter(([, { isComposite }]) => isWanted && isComposite === composite)
          .filter(([name, { state }]) => (AlarmNames?.includes(name) ?? true) && (StateValue ?? state) === state)
          .map(([AlarmName, { state, since }]) => ({
            AlarmName,
            AlarmArn: alarmArn(placeOf(call), AlarmName),
            ActionsEnabled: true,
            StateValue: state,
            StateReason: state === 'ALARM' ? 'Threshold Crossed' : '',
            StateUpdatedTimestamp: since,
          }))
      return {
        MetricAlarms: described(AlarmTypes.includes('MetricAlarm'), false),
        CompositeAlarms: described(AlarmTypes.includes('CompositeAlarm'), true),
      }
    },
  }

  const getMetricData: Operation<Wire<InputOf<CloudWatch, 'GetMetricData'>>> = {
    authorize: () => [{ action: 'cloudwatch:GetMetricData', resource: '*' }],
    run: ({ MetricDataQueries = [], StartTime = 0, EndTime = 0 }, call) => ({
      Messages: [],
      MetricDataResults: MetricDataQueries.map((query) => sums(region(placeOf(call)).invoked, query, { StartTime, EndTime })),
    }),
  }
  return { name: 'cloudwatch', operations: { DescribeAlarms: describeAlarms, GetMetricData: getMetricData } }
}
