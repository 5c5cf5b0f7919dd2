import type { CfnRole } from 'aws-cdk-lib/aws-iam'
import { CfnSchedule, CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler'
import type { CfnQueue } from 'aws-cdk-lib/aws-sqs'
import type { PlaceStack } from '../stack.ts'
import { idOf, type LambdaServicePlace } from './place.ts'

/** An invocation that EventBridge could not deliver is worth nothing an hour later; then it is left in the queue. */
const RETRIES = { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 30 }

/** Has EventBridge invoke the alias of every function of the service. The group is what carries the tags. */
export const schedules = (
  stack: PlaceStack,
  { names, functions }: LambdaServicePlace,
  schedule: string,
  { caller, queue }: { caller: CfnRole; queue: CfnQueue },
): void => {
  const group = new CfnScheduleGroup(stack, 'Schedules', { name: names.scheduleGroup })
  for (const { key, name, aliasArn } of functions) {
    new CfnSchedule(stack, `Schedule${idOf(key)}`, {
      name,
      groupName: group.ref,
      scheduleExpression: schedule,
      scheduleExpressionTimezone: 'UTC',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: aliasArn,
        roleArn: caller.attrArn,
        retryPolicy: RETRIES,
        deadLetterConfig: { arn: queue.attrArn },
      },
    })
  }
}
