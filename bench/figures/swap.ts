import { join } from 'node:path'
import { type Engine, ensureEngine } from '../../local/engine/engine.ts'
import { type Load, startLoad } from '../../test/host/load.ts'
import { type HostWorld, startHostWorld } from '../../test/host/world.ts'
import { distributionOf } from '../distribution.ts'
import { type Figure, type Options, type Row, summary } from '../figure.ts'

const BAKE_SECONDS = 2

type Swap = { whole: number; phases: Record<string, number> }

/** Steps of the program in their order. `lock` is its own start. */
const PHASES = ['lock', 'reconcile', 'preflight', 'pull', 'start', 'gate', 'switch', 'bake', 'commit', 'drain', 'prune']

const swapOnce = async (host: Awaited<ReturnType<HostWorld['host']>>, run: number): Promise<Swap> => {
  const begun = performance.now()
  const variant = run % 2 === 0 ? 'v2' : 'v1'
  const { verdict, stdout } = await host.deploy(variant, `r${run}`, { version: variant })
  if (verdict?.result !== 'deployed') throw new Error(`a swap ended otherwise:\n${stdout}`)
  return { whole: performance.now() - begun, phases: verdict.phases }
}

const measureIn = async (world: HostWorld, runs: number): Promise<Row[]> => {
  const host = await world.host({ BAKE_SECONDS: `${BAKE_SECONDS}` })
  await swapOnce(host, -1)
  const load = startLoad(host.address)
  const swaps: Swap[] = []
  try {
    for (let run = 0; run < runs; run += 1) swaps.push(await swapOnce(host, run))
  } finally {
    await load.stop()
  }
  return rowsOf(swaps, load.load)
}

const measure = async ({ runs }: Options): Promise<Row[]> => {
  const home = join(import.meta.dirname, '../../.slipway')
  const engine: Engine = await ensureEngine({ home, say: () => undefined, install: false })
  Object.assign(process.env, engine.env)
  try {
    const world = await startHostWorld()
    return await measureIn(world, runs).finally(() => world.close())
  } finally {
    await engine.stop()
  }
}

const rowsOf = (swaps: readonly Swap[], { requests, slow, failures }: Load): Row[] => {
  const how =
    `the program as it ships, on a simulated host on the Docker engine, HAProxy in front, ${BAKE_SECONDS} s of bake, while eight clients on kept ` +
    'connections ask all the time and four wait 3 s for every answer; both images are small and of the same layers'
  const row = (what: string, samples: readonly number[]): Row => ({
    what,
    how,
    result: summary(distributionOf(samples)),
    target: '',
    samples,
  })
  return [
    row(
      'swap of one host, whole',
      swaps.map(({ whole }) => whole),
    ),
    ...PHASES.map((phase) =>
      row(
        `of it: ${phase}`,
        swaps.map(({ phases }) => phases[phase] ?? 0),
      ),
    ),
    {
      what: 'failed requests in all swaps (count)',
      how: 'clients never try again; any error of a socket and any status but 200 counts',
      result: `${failures.length} of ${requests}, ${slow} of them slow`,
      target: '0',
      met: failures.length === 0,
    },
  ]
}

export const swap: Figure = { name: 'swap', alone: true, runs: 8, measure }
