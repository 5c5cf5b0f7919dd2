import { GetParameterCommand, GetParameterHistoryCommand } from '@aws-sdk/client-ssm'
import { leaseAfter } from '../lib/delivery/lease.ts'
import type { DeploymentPlan } from '../lib/delivery/plan.ts'
import { type Hold, type Release, releaseId } from '../lib/delivery/records.ts'
import type { RunningStep, Step } from '../local/github/step.ts'
import { account, region, repository, type World } from './world.ts'

export type PlanOptions = Partial<Omit<DeploymentPlan, 'services' | 'release'>> & {
  services?: readonly {
    name: string
    dependsOn?: string[]
    preDeploy?: string[]
    url?: string
    count?: number
    alarms?: string[]
    stack?: string
  }[]
  commit?: string
}

/** A plan by which services of the cluster `shop` are to run the image with that tag. Without digests, as before a build. */
export const planOf = (tag: string, { services = [{ name: 'api' }], commit, ...over }: PlanOptions = {}): DeploymentPlan => ({
  version: 1,
  project: 'shop',
  environment: 'dev',
  account,
  region,
  role: `arn:aws:iam::${account}:role/shop-dev-deploy`,
  branch: 'dev',
  kind: 'first',
  release: { commit: commit ?? tag.padEnd(40, '0'), images: { app: { repository, tag } } },
  services: services.map(({ dependsOn = [], ...service }) => ({
    target: 'ecs',
    image: 'app',
    cluster: 'shop',
    service: service.name,
    container: 'app',
    count: 2,
    dependsOn,
    ...service,
  })),
  ...over,
})

export const runUrl = (run: number): string => `https://github.com/acme/shop/actions/runs/${run}`

/** Starts the bundle with a plan, as the job of that run. */
export const startPlan = (
  world: World,
  plan: DeploymentPlan,
  run: number,
  more: Record<string, string> = {},
  env: Record<string, string> = {},
  entry?: string,
): RunningStep =>
  world.startDeploy(
    { plan: JSON.stringify(plan), credentials: 'ambient', 'poll-interval': '500ms', ...more },
    {
      env: { GITHUB_RUN_ID: String(run), GITHUB_REPOSITORY: 'acme/shop', GITHUB_ACTOR: 'mona', ...env },
      ...(entry !== undefined && { entry }),
    },
  )

export const runPlan = (...given: Parameters<typeof startPlan>): Promise<Step> => startPlan(...given).done

export const parameter = async (world: World, name: string): Promise<string | undefined> =>
  (await world.ssm.send(new GetParameterCommand({ Name: `/shop/dev/${name}` })).catch(() => undefined))?.Parameter?.Value

export const release = async (world: World): Promise<Release> => JSON.parse((await parameter(world, 'release')) ?? '{}')
export const hold = async (world: World): Promise<Hold> => JSON.parse((await parameter(world, 'hold')) ?? '{}')

/** Id of the release in which these services run that image. */
export const idOf = (world: World, tag: string, services: readonly string[] = ['api']): string =>
  releaseId({ app: { digest: world.digests[tag] ?? '' } }, Object.fromEntries(services.map((name) => [name, 'app'])))

/** Who held the lease, in turn, and when it came to each and left it, by AWS's clock. Claims that failed are none. */
export const tenures = async (world: Pick<World, 'ssm'>): Promise<{ owner: string; from: number; to: number }[]> => {
  const { Parameters = [] } = await world.ssm.send(new GetParameterHistoryCommand({ Name: '/shop/dev/lock' }))
  const history = Parameters.map(({ Version: version = 0, Value: value = '', LastModifiedDate }) => ({
    version,
    value,
    at: LastModifiedDate?.getTime() ?? 0,
  }))
  const found = new Map<number, { owner: string; from: number; to: number }>()
  let before: number | undefined
  for (const [index, { at }] of history.entries()) {
    const { holder } = leaseAfter(history.slice(0, index + 1))
    const last = found.get(before ?? -1)
    if (last !== undefined && holder?.since !== before) last.to = at
    if (holder !== undefined && !found.has(holder.since)) {
      found.set(holder.since, { owner: holder.owner, from: at, to: Number.POSITIVE_INFINITY })
    }
    before = holder?.since
  }
  return [...found.values()]
}
