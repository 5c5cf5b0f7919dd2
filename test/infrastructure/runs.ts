import type { RunningStep, Step } from '../../local/github/step.ts'
import type { InfrastructureWorld } from './world.ts'

/** Throws with the whole log where a step did not end as it should. */
export const green = async (running: RunningStep | Promise<Step>): Promise<Step> => {
  const step = await ('done' in running ? running.done : running)
  if (step.exitCode !== 0) throw new Error(step.log)
  return step
}

/** What `_infra.yml` does: prepared, approved by whoever looks at it, executed in the same run. */
export const deployInfrastructure = async (
  { infra }: Pick<InfrastructureWorld, 'infra'>,
  run: number,
  assembly: string,
  between: () => Promise<unknown> = async () => undefined,
): Promise<{ prepared: Step; executed: Step }> => {
  const prepared = await green(infra(run, { operation: 'prepare', assembly }))
  await between()
  const executed = await infra(run, { operation: 'execute', assembly, approved: prepared.outputs['approved'] ?? '' }).done
  return { prepared, executed }
}

/** Everything is there and runs `v1`: by run 1, as the first delivery of a project does it. */
export const establish = async (world: InfrastructureWorld, services: readonly string[] = ['api', 'events']): Promise<void> => {
  const plan = world.plan('v1', services)
  await green(world.startDelivery(plan, 1, { operation: 'seed' }))
  const { executed } = await deployInfrastructure(world, 1, world.assemble({ services }))
  await green(Promise.resolve(executed))
  await green(world.startDelivery(plan, 1))
}
