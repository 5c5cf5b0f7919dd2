import { StopServiceDeploymentCommand } from '@aws-sdk/client-ecs'
import { call, isNamed } from '../../../../../lib/aws/errors.ts'
import type { End, TargetTools } from '../../target.ts'
import { describeServiceDeployment, findServiceDeployment, type Place } from './observe.ts'

export type StopReason = { why: 'cancelled'; because: string } | { why: 'timed-out' } | { why: 'failing'; reason: string }

const announcement = (stop: StopReason): string => {
  if (stop.why === 'cancelled') return stop.because
  return stop.why === 'timed-out' ? "the time given by 'timeout' is over" : 'it cannot succeed'
}

/**
 * Asks ECS to go back, if the deployment is still ours and open. `impossible`: this service or role has no such call,
 * and the caller must put the previous revision back itself. A deployment that ended meanwhile is left as it is.
 */
export const stopDeployment = async (
  place: Place,
  { log }: TargetTools,
  known: string | undefined,
  id: string,
  reason: StopReason,
): Promise<'requested' | 'over' | 'impossible'> => {
  try {
    const arn = known ?? (await findServiceDeployment(place, id))
    if (arn === undefined) return 'impossible'
    const look = await describeServiceDeployment(place, arn)
    if (look?.status !== 'PENDING' && look?.status !== 'IN_PROGRESS') return 'over'
    const command = new StopServiceDeploymentCommand({ serviceDeploymentArn: arn, stopType: 'ROLLBACK' })
    await call('ecs:StopServiceDeployment', () => place.ecs.send(command))
    log.warning(`${announcement(reason)}: ECS was asked to stop the deployment and to go back`)
    return 'requested'
  } catch (error) {
    if (isNamed(error, 'ConflictException')) return 'over'
    if (!isNamed(error, 'AccessDeniedException', 'UnsupportedFeatureException', 'ServiceDeploymentNotFoundException')) throw error
    log.warning(`${(error as Error).message}; the previous revision is put back by a further deployment instead`)
    return 'impossible'
  }
}

/** What a verdict means after we asked for a stop. A deployment that completed all the same has completed. */
export const endOf = (stop: StopReason | undefined, verdict: Exclude<End, { state: 'cancelled' | 'timed-out' }>): End => {
  if (verdict.state !== 'failed' || stop === undefined) return verdict
  const { state: _, reason, ...back } = verdict
  return stop.why === 'failing' ? { state: 'failed', ...back, reason: stop.reason } : { state: stop.why, ...back }
}
