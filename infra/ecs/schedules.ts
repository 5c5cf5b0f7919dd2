import { CfnLogGroup } from 'aws-cdk-lib/aws-logs'
import { CfnSchedule, CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler'
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import type { EcsService } from '../../lib/delivery/ecs.ts'
import { type EcsSchedule, timeoutOf, waitOf } from '../../lib/delivery/ecs-schedules.ts'
import { partition, serviceNames } from '../../lib/delivery/names.ts'
import { recordNames } from '../../lib/delivery/records.ts'
import { ecsPlace } from '../../lib/delivery/services.ts'
import { LAST_QUEUE, UNTRACED } from '../checks/acknowledgements.ts'
import { explain } from '../checks/checks.ts'
import { deadLetters } from '../dead-letters.ts'
import { idOf } from '../lambda/place.ts'
import type { PlaceStack } from '../stack.ts'
import { schedulerRole, schedulesRole } from './schedule-roles.ts'
import { type ScheduledRun, scheduleMachine } from './schedule-run.ts'

type Props = { schedules: Record<string, EcsSchedule>; taskRoles: string[]; keptDays: number }

/** EventBridge could not start a run within the hour: then it is left in the queue. */
const RETRIES = { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 30 }

/**
 * Commands of a service that run by the clock. EventBridge cannot run them itself: it would take the revision of the template,
 * or the newest of the family, which may just have failed. So it starts a state machine, which finds what was proven.
 */
export const schedules = (
  stack: PlaceStack,
  name: string,
  service: EcsService,
  { schedules: all, taskRoles, keptDays }: Props,
): void => {
  const { project } = stack.configuration
  const names = serviceNames(project, stack.place, name)
  const records = recordNames(project, stack.place)
  const where = ecsPlace(project, stack.place, name, service)
  const queue = deadLetters(stack, names.deadLetters)
  queue.applyRemovalPolicy(stack.removal)
  explain(queue, LAST_QUEUE)
  const logs = new CfnLogGroup(stack, 'ScheduleLogs', { logGroupName: names.schedulesLog, retentionInDays: keptDays })
  logs.applyRemovalPolicy(stack.removal)
  const { name: awsPartition, suffix } = partition(stack.region)
  const definition = scheduleMachine({
    ...where,
    name,
    partition: awsPartition,
    release: records.release,
    image: records.image(name),
    queue: `https://sqs.${stack.region}.${suffix}/${stack.account}/${names.deadLetters}`,
  })
  const machine = new CfnStateMachine(stack, 'ScheduledCommands', {
    stateMachineName: names.stateMachine,
    stateMachineType: 'STANDARD',
    roleArn: schedulesRole(stack, { name, ...where, taskRoles, queue }).attrArn,
    definitionString: JSON.stringify(definition),
    loggingConfiguration: {
      level: 'ALL',
      includeExecutionData: true,
      destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: logs.attrArn } }],
    },
  })
  explain(machine, UNTRACED)
  const caller = schedulerRole(stack, { name, machine: names.stateMachine, queue })
  const group = new CfnScheduleGroup(stack, 'ScheduleGroup', { name: names.scheduleGroup })
  for (const [key, schedule] of Object.entries(all)) {
    new CfnSchedule(stack, `Schedule${idOf(key)}`, {
      name: names.schedule(key),
      groupName: group.ref,
      scheduleExpression: schedule.at,
      scheduleExpressionTimezone: schedule.timezone ?? 'UTC',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: machine.ref,
        roleArn: caller.attrArn,
        input: JSON.stringify(runOf(key, schedule)),
        retryPolicy: RETRIES,
        deadLetterConfig: { arn: queue.attrArn },
      },
    })
  }
}

const runOf = (key: string, schedule: EcsSchedule): ScheduledRun => ({
  schedule: key,
  at: '<aws.scheduler.scheduled-time>',
  command: schedule.command,
  wait: waitOf(schedule),
  timeout: timeoutOf(schedule),
})
