import type { Session } from '../../../../../lib/aws/session.ts'
import { Refusal } from '../../../../../lib/refusal.ts'
import type { Ec2Place } from '../../place.ts'
import type { DeploymentTarget, TargetTools } from '../../target.ts'

export const ec2Target = async (
  _session: Session,
  _tools: TargetTools,
  { kind }: Ec2Place & { run: string },
): Promise<DeploymentTarget> => {
  throw new Refusal(`this version does not deploy to ${kind}; nothing was changed`)
}
