import { findProven } from './schedule-proven.ts'
import { CATCH, call, expression, quoted, RETRY, RUN, type ScheduledService, sdk, since } from './schedule-states.ts'

/** What EventBridge hands to a run. `at`: for which time it is, equal in every attempt to start it. Times are in seconds. */
export type ScheduledRun = { schedule: string; at: string; command: readonly string[]; wait: number; timeout: number }

/**
 * Definition of the state machine that runs a command of a service by the clock, in the Amazon States Language.
 *
 * It runs what was proven, and nothing else (`findProven`), and follows it to its end. Whatever fails is left in the queue, with why.
 */
export const scheduleMachine = (props: ScheduledService) => ({
  Comment: `Runs scheduled commands of ${props.name} in the image that was proven last`,
  QueryLanguage: 'JSONata',
  StartAt: 'ReadRecords',
  States: { ...findProven(props), ...runProven(props) },
})

/** The token was used for another request within 24 hours (ECS API reference, "Ensuring idempotency"). */
const TAKEN = 'Ecs.ConflictException'

const runProven = ({ name, cluster, container, queue, ...where }: ScheduledService) => ({
  Run: {
    ...call(sdk(where, 'ecs:runTask'), {
      Arguments: {
        Cluster: cluster,
        TaskDefinition: expression('$revision'),
        Count: 1,
        ClientToken: expression(`$hash(${quoted(`${name}/`)} & ${RUN}.schedule & '/' & ${RUN}.at, 'SHA-256')`),
        StartedBy: expression(`${quoted(`schedule/${name}/`)} & ${RUN}.schedule`),
        NetworkConfiguration: expression('$network'),
        CapacityProviderStrategy: expression('$capacity'),
        EnableECSManagedTags: true,
        PropagateTags: 'TASK_DEFINITION',
        Overrides: { ContainerOverrides: [{ Name: container, Command: expression(`${RUN}.command`) }] },
      },
      Assign: {
        task: expression(`$exists($states.result.Tasks[0]) ? $states.result.Tasks[0].TaskArn : ''`),
        began: expression('$states.context.State.EnteredTime'),
        error: 'NotStarted',
        cause: expression(
          `'ECS did not start the task: ' & ($exists($states.result.Failures[0].Reason) ? $states.result.Failures[0].Reason : 'no reason given')`,
        ),
      },
      Next: 'WasStarted',
    }),
    Retry: [{ ErrorEquals: [TAKEN], MaxAttempts: 0 }, ...RETRY],
    // Started before, of another revision: EventBridge called twice.
    Catch: [{ ErrorEquals: [TAKEN], Next: 'StillRunning' }, ...CATCH],
  },
  WasStarted: {
    Type: 'Choice',
    Choices: [{ Condition: expression(`$task != ''`), Next: 'WaitForTask' }],
    Default: 'LeaveFailure',
  },
  // The longer it takes, the less often it is looked at: each look costs four steps.
  WaitForTask: { Type: 'Wait', Seconds: expression(`$min([60, 10 + $floor(${since('$began')} / 10)])`), Next: 'ReadTask' },
  ReadTask: call(sdk(where, 'ecs:describeTasks'), {
    Arguments: { Cluster: cluster, Tasks: [expression('$task')] },
    Assign: {
      stopped: expression(`$states.result.Tasks[0].LastStatus = 'STOPPED'`),
      code: expression(`(
        $found := $states.result.Tasks[0].Containers[Name = ${quoted(container)}].ExitCode;
        $exists($found) ? $found : -1)`),
      why: expression(`(
        $ended := $states.result.Tasks[0].Containers[Name = ${quoted(container)}].Reason;
        $join([$states.result.Tasks[0].StoppedReason, $ended], ': '))`),
    },
    Next: 'HasEnded',
  }),
  HasEnded: {
    Type: 'Choice',
    Choices: [
      { Condition: expression('$stopped and $code = 0'), Next: 'Ran' },
      {
        Condition: expression('$stopped'),
        Assign: {
          error: 'CommandFailed',
          cause: expression(`($code < 0 ? 'it never ran' : 'it exited with ' & $string($code)) & ': ' & $why`),
        },
        Next: 'LeaveFailure',
      },
      { Condition: expression(`${since('$began')} >= ${RUN}.timeout`), Next: 'Stop' },
    ],
    Default: 'WaitForTask',
  },
  Stop: call(sdk(where, 'ecs:stopTask'), {
    Arguments: { Cluster: cluster, Task: expression('$task'), Reason: 'the scheduled command took longer than its timeout' },
    Assign: {
      error: 'TimedOut',
      cause: expression(`'it was stopped after ' & $string(${RUN}.timeout) & ' seconds'`),
    },
    Next: 'LeaveFailure',
  }),
  LeaveFailure: {
    ...call(sdk(where, 'sqs:sendMessage'), {
      Arguments: {
        QueueUrl: queue,
        MessageBody: expression(`$string({
          'service': ${quoted(name)},
          'schedule': ${RUN}.schedule,
          'at': ${RUN}.at,
          'error': $error,
          'cause': $cause,
          'execution': $states.context.Execution.Id })`),
      },
      Next: 'Failed',
    }),
    Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Failed' }],
  },
  Failed: { Type: 'Fail', Error: expression('$error'), Cause: expression('$cause') },
  Ran: { Type: 'Succeed', Output: { task: expression('$task'), revision: expression('$revision') } },
  StillRunning: { Type: 'Succeed', Output: { skipped: 'the same command still runs' } },
  NothingProvenYet: { Type: 'Succeed', Output: { skipped: `nothing of ${name} was proven yet` } },
})
