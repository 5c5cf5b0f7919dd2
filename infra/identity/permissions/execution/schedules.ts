import { allow, type Statement } from '../policy.ts'
import { passRole, queues, schedules } from './functions.ts'
import { own, type Scope, verbs } from './scope.ts'

/** Scheduled commands of services on ECS: state machines that run them, what calls those, and the queues of what failed. */
export const scheduledCommands = (scope: Scope): Statement[] => [
  allow(
    'StateMachines',
    verbs(
      'states',
      'CreateStateMachine DeleteStateMachine DescribeStateMachine UpdateStateMachine ListTagsForResource TagResource UntagResource',
    ),
    [own(scope, 'states', 'stateMachine:')],
  ),
  schedules(scope),
  queues(scope),
  passRole(scope, 'PassScheduleRoles', '*-schedules', 'states'),
  passRole(scope, 'PassInvokeRoles', '*-invoke', 'scheduler'),
]
