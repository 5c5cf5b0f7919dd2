/** What one look at a service says about the deployment that is ours. All of it is copied from the two AWS views. */
export type Look = {
  /** Our entry in `deployments[]`, if it is (still) listed. */
  ours: { rolloutState: string; rolloutStateReason: string } | undefined
  /** Whether our entry was listed in this or an earlier look; reads may lag behind the update by seconds. */
  seen: boolean
  /** Id of the PRIMARY deployment, `ecs-svc/…`. */
  primary: string
  primaryCompleted: boolean
  /** Our service deployment, where the role may read it and AWS knows it yet. */
  serviceDeployment: ServiceDeploymentLook | undefined
  /** ARN of the service deployment that the service names as current. */
  current: string | undefined
}

export type ServiceDeploymentLook = {
  arn: string
  status: string
  statusReason: string
  /** A circuit breaker or an alarm that fired, in words. */
  triggered: string | undefined
  rollbackReason: string | undefined
}

export type Verdict =
  | { state: 'running' }
  /** Over in all but name: red already, the way back is still going on. */
  | { state: 'rolling-back'; reason: string }
  | { state: 'completed' }
  | { state: 'failed'; restored: boolean; reason: string }
  | { state: 'superseded'; by: string }

/**
 * What is happening to our deployment; `before` are the deployments that were listed before ours was started.
 * Ends of a service deployment (developer guide, service-deployment.html). There is no status FAILED. The order of the
 * questions matters: a deployment that was stopped because its circuit breaker fired also looks superseded.
 */
export const verdictOf = (look: Look, ourId: string, before: readonly string[]): Verdict => {
  const { serviceDeployment: deployment, primary } = look
  if (deployment === undefined) return withoutServiceDeployment(look, ourId, before)
  const reason = reasonOf(deployment)
  switch (deployment.status) {
    case 'SUCCESSFUL':
      return { state: 'completed' }
    case 'ROLLBACK_SUCCESSFUL':
      return { state: 'failed', restored: true, reason }
    case 'ROLLBACK_FAILED':
      // A newer deployment ends a rollback as well.
      return isThird(primary, ourId, before) ? { state: 'superseded', by: primary } : { state: 'failed', restored: false, reason }
    case 'ROLLBACK_REQUESTED':
    case 'ROLLBACK_IN_PROGRESS':
      return { state: 'rolling-back', reason }
    case 'STOP_REQUESTED':
    case 'STOPPED': {
      if (deployment.triggered === undefined && isReplaced(look, deployment.arn, ourId, before)) {
        return { state: 'superseded', by: primary }
      }
      return deployment.status === 'STOPPED' ? { state: 'failed', restored: false, reason } : { state: 'running' }
    }
    default:
      // With a breaker that does not roll back, FAILED stands here while the service deployment is still open.
      return look.ours?.rolloutState === 'FAILED'
        ? { state: 'failed', restored: false, reason: look.ours.rolloutStateReason }
        : { state: 'running' }
  }
}

/** ECS does not name the alarms in its own words. */
const reasonOf = ({ triggered, rollbackReason, statusReason, status }: ServiceDeploymentLook): string => {
  if (triggered !== undefined && rollbackReason !== undefined && !rollbackReason.includes(triggered))
    return `${triggered} (${rollbackReason})`
  return rollbackReason ?? triggered ?? (statusReason || `ECS says ${status}`)
}

/** `currentServiceDeployment` may lag behind a newer deployment, so a third PRIMARY is proof as well. */
const isReplaced = (look: Look, arn: string, ourId: string, before: readonly string[]): boolean =>
  (look.current !== undefined && look.current !== arn && !before.includes(look.primary)) || isThird(look.primary, ourId, before)

/** Neither ours nor one that was there before: somebody else's. */
export const isThird = (primary: string, ourId: string, before: readonly string[]): boolean =>
  primary !== '' && primary !== ourId && !before.includes(primary)

/** The poorer view, for roles that may not read service deployments and for the moments before one is listed. */
const withoutServiceDeployment = (look: Look, ourId: string, before: readonly string[]): Verdict => {
  const { ours, seen, primary, primaryCompleted } = look
  if (primary === ourId && ours?.rolloutState === 'COMPLETED') return { state: 'completed' }
  if (primary === ourId && ours?.rolloutState === 'FAILED')
    return { state: 'failed', restored: false, reason: ours.rolloutStateReason }
  if (primary === ourId || !seen) return { state: 'running' }
  if (!before.includes(primary)) return { state: 'superseded', by: primary }
  const reason = ours?.rolloutStateReason || 'ECS went back to the previous deployment'
  const gone = ours === undefined || ours.rolloutState === 'FAILED'
  return primaryCompleted && gone ? { state: 'failed', restored: true, reason } : { state: 'rolling-back', reason }
}
