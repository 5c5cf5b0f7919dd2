import type { Service as AwsService, Operation } from '../service.ts'
import { type Place, placeOf } from './find.ts'
import { type Target, targetsOf } from './health.ts'
import type { Region, Task } from './model.ts'

const shown = { UNKNOWN: 'initial', HEALTHY: 'healthy', UNHEALTHY: 'unhealthy' }
const reasons = { UNKNOWN: 'Elb.InitialHealthChecking', HEALTHY: undefined, UNHEALTHY: 'Target.FailedHealthChecks' }

/** States and reasons: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealth.html */
const describe = (task: Task, { port, container }: Target) => ({
  Target: { Id: container.address, Port: port },
  HealthCheckPort: String(port),
  TargetHealth: task.stopping.signal.aborted
    ? { State: 'draining', Reason: 'Target.DeregistrationInProgress' }
    : { State: shown[container.targetHealth], Reason: reasons[container.targetHealth] },
})

/** Elastic Load Balancing, as far as it tells of the targets that ECS registers: tasks that have run, and have not stopped. */
export const targetHealthService = (regionOf: (place: Place) => Region): AwsService => {
  const describeTargetHealth: Operation<{ TargetGroupArn?: string }> = {
    authorize: () => [{ action: 'elasticloadbalancing:DescribeTargetHealth', resource: '*' }],
    run: ({ TargetGroupArn }, call) => ({
      TargetHealthDescriptions: [...regionOf(placeOf(call)).tasks.values()]
        .filter((task) => task.startedAt !== undefined && task.lastStatus !== 'STOPPED')
        .flatMap((task) => targetsOf(task).map((target) => ({ task, target })))
        .filter(({ target }) => target.arn === TargetGroupArn)
        .map(({ task, target }) => describe(task, target)),
    }),
  }
  return { name: 'elasticloadbalancing', operations: { DescribeTargetHealth: describeTargetHealth } }
}
