import type { Session } from '../../../lib/aws/session.ts'
import type { Place } from './place.ts'
import type { Registry } from './registry.ts'
import type { DeploymentTarget, TargetTools } from './target.ts'

/** What a target may want to know of the run beside its id: not of a post step, which only goes back. */
export type Around = { runUrl: string; registry: Registry }

/** The adapter for a target. Each is its own chunk of the bundle, loaded when it is chosen. */
export const targetOf = async (
  place: Place,
  session: Session,
  tools: TargetTools,
  run: string,
  around?: Around,
): Promise<DeploymentTarget> => {
  switch (place.kind) {
    case 'ecs':
      return (await import('./targets/ecs/target.ts')).ecsTarget(session, tools, { ...place, run })
    case 'lambda':
      return (await import('./targets/lambda/target.ts')).lambdaTarget(session, tools, { ...place, run, ...around })
    case 'ec2':
      return (await import('./targets/ec2/target.ts')).ec2Target(session, tools, {
        ...place,
        run,
        ...(around && { runUrl: around.runUrl }),
      })
  }
}
