import type { Board } from '../../../lib/delivery/board/board.ts'
import { composeBoard } from '../../../lib/delivery/board/compose.ts'
import type { EnvironmentFacts, Facts, Head, Live, RecordedRelease, ServiceFacts } from '../../../lib/delivery/board/facts.ts'
import type { Configuration, Environment, Service } from '../../../lib/delivery/configuration.ts'
import { roleArn, roleName } from '../../../lib/delivery/names.ts'
import { parseConfiguration } from '../../../lib/delivery/parse.ts'
import { parseHold, recordNames } from '../../../lib/delivery/records.ts'
import { ecsPlace, lambdaPlace, serviceIn } from '../../../lib/delivery/services.ts'
import { Refusal } from '../../../lib/refusal.ts'
import { type BranchHead, branchHead } from './heads.ts'
import { readImages } from './images.ts'
import type { AccountReader, Platforms, Ports } from './ports.ts'

type Request = {
  /** Commit whose configuration says which environments there are. */
  commit: string
  /** Path of the configuration. */
  config: string
}

/** Milliseconds until a second look. */
const PAUSE = 2_000

/**
 * The board of this moment. Drift is looked at twice: records and tasks are read one after the other, and a deployment may have
 * ended in between.
 */
export const readBoard = async (request: Request, ports: Ports): Promise<Board> => {
  const board = composeBoard(await readFacts(request, ports))
  if (!board.drift) return board
  await ports.sleep(PAUSE)
  return composeBoard(await readFacts(request, ports))
}

/** Everything that the board shows, read at once. An environment that cannot be read says why; the others are read. */
const readFacts = async ({ commit, config }: Request, ports: Ports): Promise<Facts> => {
  const text = await ports.source.file(commit, config)
  if (text === undefined) {
    throw new Refusal(
      `'${config}' is not a file of commit ${commit.slice(0, 12)}: check that commit out, or correct input 'config'`,
    )
  }
  const configuration = parseConfiguration(text, config)
  const environments = await Promise.all(
    Object.entries(configuration.environments).map(([name, place]) => readEnvironment(configuration, name, place, config, ports)),
  )
  return { project: configuration.project, now: ports.now(), ...(await readImages(configuration, environments, ports)) }
}

const readEnvironment = async (
  configuration: Configuration,
  name: string,
  place: Environment,
  config: string,
  ports: Ports,
): Promise<EnvironmentFacts> => {
  const found = await branchHead(ports.source, place.branch, config)
  const base = { name, place, head: found.head, history: [], services: [], kept: [] }
  try {
    const role = roleArn(place, roleName(configuration.project, name, 'read'))
    const account = await ports.openAccount({ place: name, account: place.account, region: place.region, role })
    const reading = readAccount(account, found.configuration ?? configuration, name)
    // In a wrong account everything else is missing too, so the account has the word.
    await Promise.allSettled([account.guard(), reading])
    await account.guard()
    const { history, ...read } = await reading
    const [head, openDeployments] = await Promise.all([withDistance(found, history, ports), ports.deployments?.open(name)])
    return { ...base, ...read, history, head, ...(openDeployments && { openDeployments }) }
  } catch (error) {
    return { ...base, unreadable: (error as Error).message.replaceAll(/\s*\n\s*/g, ' ') }
  }
}

type Declared = [name: string, service: Service]

const HOSTS =
  'hosts answer only to a command, and a role that reads sends none; every deployment asks them, also one that changes nothing'

/** What runs of each service, by its name. */
const lookAround = async (
  { ecs, lambda }: Platforms,
  project: string,
  environment: string,
  declared: readonly Declared[],
): Promise<Map<string, Live>> => {
  const onEcs = declared.flatMap(([name, service]) =>
    service.target === 'ecs' ? [{ name, ...ecsPlace(project, environment, name, service) }] : [],
  )
  const onLambda = declared.flatMap(([name, service]) => {
    if (service.target !== 'lambda') return []
    const { functions, alias } = lambdaPlace(project, environment, name, service)
    return [{ name, alias, functions: functions.map((each) => each.name) }]
  })
  const live = (await Promise.all([ecs.look(onEcs), lambda.look(onLambda)])).flat()
  return new Map([...onEcs, ...onLambda].flatMap(({ name }, index) => (live[index] ? [[name, live[index]]] : [])))
}

const readAccount = async ({ ledger, platforms }: AccountReader, { project, services }: Configuration, environment: string) => {
  const names = recordNames(project, environment)
  const declared = Object.entries(services).map(([name, service]): Declared => [name, serviceIn(service, environment)])
  const [history, lock, values, live] = await Promise.all([
    ledger.releases(names.release),
    ledger.lock(names.lock),
    ledger.values([names.hold, ...declared.map(([name]) => names.image(name))]),
    lookAround(platforms, project, environment, declared),
  ])
  const hold = parseHold(values.get(names.hold) ?? '{"state":"none"}', names.hold)
  const known = declared.map(([name, { target, image }]): ServiceFacts => {
    const record = values.get(names.image(name))
    const found = live.get(name) ?? { state: 'not-seen', reason: HOSTS }
    return { name, target, image, ...(record !== undefined && { record }), live: found }
  })
  return { history, ...(lock && { lock }), ...(hold && { hold }), services: [...known, ...removed(history, declared)] }
}

/** Services of the release that the branch does not declare any more; they leave it with the next deployment. */
const removed = (history: readonly RecordedRelease[], declared: readonly Declared[]): ServiceFacts[] => {
  const names = new Set(declared.map(([name]) => name))
  return Object.entries(history.at(-1)?.release.services ?? {})
    .filter(([name]) => !names.has(name))
    .map(([name, image]) => {
      const reason = 'it is not in delivery.json any more, and leaves the release with the next deployment'
      return { name, target: 'unknown', image, live: { state: 'not-seen', reason } }
    })
}

const withDistance = async ({ head }: BranchHead, history: readonly RecordedRelease[], { source }: Ports): Promise<Head> => {
  const recorded = history.at(-1)?.release.commit
  if ('problem' in head || recorded === undefined) return head
  const counts = await source.distance(head.commit, recorded)
  return counts === undefined ? head : { ...head, distance: { behind: counts.one, ahead: counts.other } }
}
