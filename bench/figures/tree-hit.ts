import { startAction } from '../../local/github/step.ts'
import { account, type BuildWorld, region, startBuildWorld } from '../../test/build-world.ts'
import { putImage } from '../../test/images.ts'
import { bundleOf } from '../bundles.ts'
import { distributionOf } from '../distribution.ts'
import { type Figure, milliseconds, type Options, type Row, summary } from '../figure.ts'

const ACTION = 'build-push-image'
const MOST = 400

const step = ({ cloud, bin, git, keys }: BuildWorld, inputs: Record<string, string> = {}) =>
  startAction(
    ACTION,
    { context: 'app', repository: 'shop/app', 'aws-account-id': account, 'aws-region': region, ...inputs },
    {
      entry: bundleOf(ACTION),
      env: {
        AWS_ENDPOINT_URL: cloud.endpoint,
        ...keys(account),
        GITHUB_WORKSPACE: git('rev-parse', '--show-toplevel'),
        GITHUB_SHA: git('rev-parse', 'HEAD'),
        PATH: `${bin}:${process.env['PATH']}`,
      },
    },
  ).done

type Hit = { milliseconds: number; calls: string[] }

const hit = async (world: BuildWorld, digest: string): Promise<Hit> => {
  const since = world.cloud.recorder.mark()
  const { outputs, log, milliseconds } = await step(world)
  if (outputs['result'] !== 'found' || outputs['digest'] !== digest) throw new Error(`the image was not found:\n${log}`)
  return { milliseconds, calls: world.calls(since) }
}

const measure = async ({ runs }: Options): Promise<Row[]> => {
  const world = await startBuildWorld()
  try {
    const { outputs, log } = await step(world, { 'dry-run': 'true' })
    const { tag } = outputs
    if (!tag) throw new Error(`the dry run gave no content tag:\n${log}`)
    const digest = await putImage(world.cloud, account, region, 'shop/app', tag)
    const hits: Hit[] = []
    for (let run = 0; run < runs; run += 1) hits.push(await hit(world, digest))
    return rowsOf(hits, world.dockerCalls().length)
  } finally {
    await world.close()
  }
}

const rowsOf = (hits: readonly Hit[], docker: number): Row[] => {
  const times = distributionOf(hits.map((each) => each.milliseconds))
  const counts = hits.map(({ calls }) => calls.length)
  const most = Math.max(...counts)
  const how =
    'whole step build-push-image, process start to end, in a clone with one commit whose image is in the registry; the target is for the median'
  return [
    {
      what: 'step when the image exists',
      how,
      result: summary(times),
      target: `≤ ${milliseconds(MOST)}`,
      met: times.median <= MOST,
      samples: hits.map((each) => each.milliseconds),
    },
    {
      what: 'AWS and registry calls of it (count)',
      how: 'calls that the recorder of the local cloud saw, of any service and by any interface; the largest of all runs',
      result: `${most} (${[...new Set(hits.flatMap(({ calls }) => calls))].join(', ')})`,
      target: '1 ECR call',
      met: hits.every(({ calls }) => calls.length === 1 && calls[0]?.startsWith('ecr:')),
      samples: counts,
    },
    {
      what: 'docker processes of it (count)',
      how: 'a docker first on PATH that notes each start; the sum of all runs',
      result: `${docker}`,
      target: '0',
      met: docker === 0,
    },
  ]
}

export const treeHit: Figure = { name: 'tree-hit', alone: true, runs: 20, measure }
