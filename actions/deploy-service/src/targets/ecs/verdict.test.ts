import { expect, test } from 'vitest'
import { type Look, type ServiceDeploymentLook, type Verdict, verdictOf } from './verdict.ts'

const ours = 'ecs-svc/2'
const before = ['ecs-svc/1']
const deployment = (change: Partial<ServiceDeploymentLook>): ServiceDeploymentLook => ({
  arn: 'sd/2',
  status: 'IN_PROGRESS',
  statusReason: '',
  triggered: undefined,
  rollbackReason: undefined,
  ...change,
})
const look = (change: Partial<Look>): Look => ({
  ours: { rolloutState: 'IN_PROGRESS', rolloutStateReason: '' },
  seen: true,
  primary: ours,
  primaryCompleted: false,
  serviceDeployment: deployment({}),
  current: 'sd/2',
  ...change,
})

const table: [what: string, look: Look, verdict: Verdict][] = [
  ['in progress', look({}), { state: 'running' }],
  ['pending', look({ serviceDeployment: deployment({ status: 'PENDING' }) }), { state: 'running' }],
  [
    'COMPLETED in one view, still open in the other (bake time of alarms)',
    look({ ours: { rolloutState: 'COMPLETED', rolloutStateReason: '' } }),
    { state: 'running' },
  ],
  ['successful', look({ serviceDeployment: deployment({ status: 'SUCCESSFUL' }) }), { state: 'completed' }],
  [
    'a breaker that fired and rolls back',
    look({ primary: 'ecs-svc/1', serviceDeployment: deployment({ status: 'ROLLBACK_IN_PROGRESS', rollbackReason: 'breaker' }) }),
    { state: 'rolling-back', reason: 'breaker' },
  ],
  [
    'rolled back',
    look({ primary: 'ecs-svc/1', serviceDeployment: deployment({ status: 'ROLLBACK_SUCCESSFUL', rollbackReason: 'breaker' }) }),
    { state: 'failed', restored: true, reason: 'breaker' },
  ],
  [
    'a rollback that failed',
    look({ serviceDeployment: deployment({ status: 'ROLLBACK_FAILED', statusReason: 'no capacity' }) }),
    { state: 'failed', restored: false, reason: 'no capacity' },
  ],
  [
    'a rollback that a newer deployment has ended',
    look({ primary: 'ecs-svc/3', serviceDeployment: deployment({ status: 'ROLLBACK_FAILED', statusReason: 'newer' }) }),
    { state: 'superseded', by: 'ecs-svc/3' },
  ],
  [
    'a stop that somebody asked for may still end well',
    look({ serviceDeployment: deployment({ status: 'ROLLBACK_REQUESTED', statusReason: 'asked' }) }),
    { state: 'rolling-back', reason: 'asked' },
  ],
  [
    'stopped, and another deployment is PRIMARY',
    look({ primary: 'ecs-svc/3', current: 'sd/3', serviceDeployment: deployment({ status: 'STOPPED' }) }),
    { state: 'superseded', by: 'ecs-svc/3' },
  ],
  [
    'stopped, another is PRIMARY, `current` lags behind',
    look({ primary: 'ecs-svc/3', serviceDeployment: deployment({ status: 'STOP_REQUESTED' }) }),
    { state: 'superseded', by: 'ecs-svc/3' },
  ],
  [
    'stopped because the breaker fired, though another is PRIMARY',
    look({ primary: 'ecs-svc/3', serviceDeployment: deployment({ status: 'STOPPED', triggered: 'the circuit breaker fired' }) }),
    { state: 'failed', restored: false, reason: 'the circuit breaker fired' },
  ],
  [
    'a breaker without rollback, service deployment still open',
    look({ ours: { rolloutState: 'FAILED', rolloutStateReason: 'tasks failed to start.' } }),
    { state: 'failed', restored: false, reason: 'tasks failed to start.' },
  ],
  [
    'no service deployments, completed',
    look({ serviceDeployment: undefined, ours: { rolloutState: 'COMPLETED', rolloutStateReason: '' } }),
    { state: 'completed' },
  ],
  [
    'no service deployments, not listed yet: a stale read',
    look({ serviceDeployment: undefined, ours: undefined, seen: false, primary: 'ecs-svc/1', primaryCompleted: true }),
    { state: 'running' },
  ],
  [
    'no service deployments, the previous one is back and complete',
    look({ serviceDeployment: undefined, ours: undefined, primary: 'ecs-svc/1', primaryCompleted: true }),
    { state: 'failed', restored: true, reason: 'ECS went back to the previous deployment' },
  ],
  [
    'no service deployments, an unknown one is PRIMARY',
    look({ serviceDeployment: undefined, ours: undefined, primary: 'ecs-svc/9', primaryCompleted: true }),
    { state: 'superseded', by: 'ecs-svc/9' },
  ],
]

test.each(table)('%s', (_, seen, verdict) => {
  expect(verdictOf(seen, ours, before)).toEqual(verdict)
})
