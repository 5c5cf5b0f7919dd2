import { CATCH, call, expression, quoted, RETRY, RUN, type ScheduledService, sdk, since } from './schedule-states.ts'

/** Seconds between looks at a deployment that is under way. */
const PAUSE = 30

/**
 * Finds the revision that was proven last: of a completed deployment whose image is the recorded one. The record of an image is
 * written before the first deployment too, so the service must also stand in the release; where that is partial, it leaves out
 * services that kept their image, and tasks that run tell those from one that was never there. While a deployment is under way or
 * goes back there may be no such revision: then it waits. It ends without a run where nothing was proven yet, and while the same
 * command still runs.
 */
export const findProven = ({ name, cluster, service, container, release, image, ...where }: ScheduledService) => ({
  ReadRecords: call(sdk(where, 'ssm:getParameters'), {
    Arguments: { Names: [release, image] },
    Assign: {
      image: expression(`(
        $found := $states.result.Parameters[Name = ${quoted(image)}].Value;
        $exists($found) ? $found : '')`),
      listed: expression(`(
        $found := $states.result.Parameters[Name = ${quoted(release)}].Value;
        $exists($found) ? $exists($lookup($parse($found).services, ${quoted(name)})) : false)`),
      partial: expression(`(
        $found := $states.result.Parameters[Name = ${quoted(release)}].Value;
        $exists($found) ? $parse($found).partial = true : false)`),
    },
    Next: 'WasProven',
  }),
  WasProven: {
    Type: 'Choice',
    Choices: [{ Condition: expression(`$image != '' and ($listed or $partial)`), Next: 'ReadService' }],
    Default: 'NothingProvenYet',
  },
  ReadService: call(sdk(where, 'ecs:describeServices'), {
    Arguments: { Cluster: cluster, Services: [service] },
    Assign: {
      revisions: expression(`
        [$distinct($states.result.Services[0].Deployments[RolloutState = 'COMPLETED' and ($listed or RunningCount > 0)].TaskDefinition)]`),
      network: expression('$states.result.Services[0].NetworkConfiguration'),
      capacity: expression('[$states.result.Services[0].CapacityProviderStrategy]'),
    },
    Next: 'ReadRevisions',
  }),
  ReadRevisions: {
    Type: 'Map',
    Items: expression('$revisions'),
    ItemProcessor: {
      ProcessorConfig: { Mode: 'INLINE' },
      StartAt: 'ReadRevision',
      States: {
        ReadRevision: {
          Type: 'Task',
          Resource: sdk(where, 'ecs:describeTaskDefinition'),
          Retry: RETRY,
          Arguments: { TaskDefinition: expression('$states.input') },
          Output: {
            arn: expression('$states.result.TaskDefinition.TaskDefinitionArn'),
            image: expression(`(
              $found := $states.result.TaskDefinition.ContainerDefinitions[Name = ${quoted(container)}].Image;
              $exists($found) ? $found : '')`),
          },
          End: true,
        },
      },
    },
    Catch: CATCH,
    Assign: { revision: expression(`($found := $states.result[image = $image][0].arn; $exists($found) ? $found : '')`) },
    Next: 'IsThere',
  },
  IsThere: {
    Type: 'Choice',
    Choices: [
      { Condition: expression(`$revision != ''`), Next: 'FindRunning' },
      { Condition: expression(`${since('$states.context.Execution.StartTime')} < ${RUN}.wait`), Next: 'WaitForDeployment' },
      {
        Condition: expression('$listed'),
        Assign: {
          error: 'NotDeployed',
          cause: expression(`'no completed deployment of ${service} runs the image that was proven last, ' & $image`),
        },
        Next: 'LeaveFailure',
      },
    ],
    Default: 'NothingProvenYet',
  },
  WaitForDeployment: { Type: 'Wait', Seconds: PAUSE, Next: 'ReadRecords' },
  FindRunning: call(sdk(where, 'ecs:listTasks'), {
    Arguments: { Cluster: cluster, StartedBy: expression(`${quoted(`schedule/${name}/`)} & ${RUN}.schedule`) },
    Assign: { running: expression('$count($states.result.TaskArns)') },
    Next: 'IsRunning',
  }),
  IsRunning: {
    Type: 'Choice',
    Choices: [{ Condition: expression('$running > 0'), Next: 'StillRunning' }],
    Default: 'Run',
  },
})
