import { type Before, beforeRow, beforeWriting, FAR, type Whole, wholeRow } from '../call-rows.ts'
import { type Case, type Running, watchDeployments } from '../deployments.ts'
import type { Figure, Options, Row } from '../figure.ts'

/** One world a run, so that every call in it belongs to the one step. */
const allBefore = async (options: Options): Promise<Before[]> => {
  const alone = { ...options, runs: 1 }
  const one = async (): Promise<Before> => {
    let mark = 0
    const [calls = []] = await watchDeployments(alone, {
      latency: FAR,
      image: () => ({}),
      ready: ({ cloud }) => {
        mark = cloud.recorder.mark()
      },
      see: async ({ world }) => world.cloud.recorder.calls({ since: mark }),
    })
    return beforeWriting(calls)
  }
  return Promise.all(Array.from({ length: options.runs }, one))
}

/** Three minutes each: pull, health check and drain of all tasks at once, or of one task after the other. */
const scenes = [
  {
    which: 'all tasks at once',
    image: { startsAfter: 60_000, healthyAfter: 55_000 },
    stopTimeout: 58,
    service: { desiredCount: 2 },
  },
  {
    which: 'one task after the other',
    image: { startsAfter: 20_000, healthyAfter: 10_000 },
    stopTimeout: 11,
    service: { desiredCount: 4, deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 125 } },
  },
]

const threeMinutes = async (options: Options): Promise<Whole[]> => {
  const watch = async ({ which, image, stopTimeout, service }: (typeof scenes)[number]): Promise<Whole> => {
    let mark = 0
    const [whole] = await watchDeployments(
      { ...options, runs: 1 },
      {
        before: { ignoresSigterm: true, healthyAfter: 500 },
        image: () => image,
        service: (_: Case) => service,
        container: () => ({ stopTimeout, healthCheck: { command: ['CMD-SHELL', 'true'], interval: 10, timeout: 5, retries: 3 } }),
        ready: ({ cloud }) => {
          mark = cloud.recorder.mark()
        },
        see: async ({ step, name, world }: Running): Promise<Whole> => {
          await step.printed(`${name}: succeeded`)
          return { which, calls: world.cloud.recorder.calls({ since: mark }), step: await step.done }
        },
      },
    )
    return whole as Whole
  }
  return Promise.all(scenes.map(watch))
}

const measure = async (options: Options): Promise<Row[]> => {
  const [before, whole] = await Promise.all([allBefore(options), threeMinutes(options)])
  return [beforeRow(before, 'ECS'), ...whole.map(wholeRow)]
}

export const calls: Figure = { name: 'calls', alone: false, runs: 5, measure }
