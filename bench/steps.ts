import type { RecordedCall } from '../local/aws/recorder.ts'
import type { RunningStep } from '../local/github/step.ts'
import type { CloudWorld } from '../test/cloud-world.ts'
import { bundleOf } from './bundles.ts'
import { type Case, cases, eventually } from './deployments.ts'
import type { Options } from './figure.ts'
import { atDistance } from './latency.ts'

export type Seen<W> = Case & {
  world: W
  step: RunningStep
  /** Calls since the step was started. */
  calls(call?: string): RecordedCall[]
}

export type StepScene<W, T> = {
  /** A world at time factor 1 in which the service stands. */
  open(which: Case): Promise<W>
  inputs(world: W, which: Case): Record<string, string>
  /** Milliseconds that the network adds, where it is not as the user says. */
  latency?: number
  see(seen: Seen<W>): Promise<T>
}

/** One step a run, each in a world of its own, with the default inputs of the action; killed when `see` has seen enough. */
export const watchSteps = <W extends CloudWorld, T>({ runs, latency, place }: Options, scene: StepScene<W, T>): Promise<T[]> => {
  const watch = async (which: Case): Promise<T> => {
    const world = await scene.open(which)
    const distance = await atDistance(world.cloud.endpoint, scene.latency ?? latency)
    const since = world.cloud.recorder.mark()
    const step = world.startDeploy(
      { ...scene.inputs(world, which), 'poll-interval': '' },
      { entry: bundleOf('deploy-service'), env: { AWS_ENDPOINT_URL: distance.url } },
    )
    step.done.catch(() => undefined)
    const calls = (call?: string) => world.cloud.recorder.calls({ since, ...(call !== undefined && { call }) })
    try {
      return await scene.see({ ...which, world, step, calls })
    } finally {
      step.process.kill('SIGKILL')
      await step.done
      await distance.close()
      await world.close()
    }
  }
  return Promise.all(cases(runs).map((which) => place(() => watch(which))))
}

/** The first call that is meant, as soon as it has arrived. */
export const arrival = async (calls: () => RecordedCall[], isMeant = (_: RecordedCall) => true): Promise<number> => {
  const found = await eventually(
    async () => calls().find(isMeant),
    (call) => call !== undefined,
  )
  return found?.time ?? Number.NaN
}
