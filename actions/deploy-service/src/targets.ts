import type { Session } from '../../../lib/aws/session.ts'
import type { JobService } from './job.ts'
import type { DeploymentTarget, TargetTools } from './target.ts'

/** The adapter for a target. Each is its own chunk of the bundle, loaded when it is chosen. */
export const targetOf = async (
  { kind, ...options }: JobService['target'],
  session: Session,
  tools: TargetTools,
  run: string,
): Promise<DeploymentTarget> => {
  switch (kind) {
    case 'ecs':
      return (await import('./targets/ecs/target.ts')).ecsTarget(session, tools, { ...options, run })
  }
}
