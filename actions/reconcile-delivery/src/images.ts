import type { EnvironmentFacts, Facts, KeptImage } from '../../../lib/delivery/board/facts.ts'
import type { Configuration } from '../../../lib/delivery/configuration.ts'
import { REGISTRY, repositoryName, roleArn, roleName } from '../../../lib/delivery/names.ts'
import { predecessorOf } from '../../../lib/delivery/predecessor.ts'
import type { Release } from '../../../lib/delivery/records.ts'
import type { FoundImage, Ports } from './ports.ts'

/** Image name → reference (tag or digest) → what the registry has. */
type Found = ReadonlyMap<string, ReadonlyMap<string, FoundImage>>

/**
 * What the registry knows of everything that the branches want and the environments need, in one request a repository.
 * Where it may not be asked, nothing is known of images, and everything else stands.
 */
export const readImages = async (
  configuration: Configuration,
  environments: EnvironmentFacts[],
  ports: Ports,
): Promise<Pick<Facts, 'environments' | 'registryProblem'>> => {
  const wanted = new Map<string, Set<string>>()
  const want = (image: string, ...references: string[]): void => {
    wanted.set(image, new Set([...(wanted.get(image) ?? []), ...references]))
  }
  for (const environment of environments) {
    for (const [image, { tag }] of Object.entries(headImages(environment))) want(image, tag)
    for (const { name, digest, keepTag } of needed(environment)) want(name, digest, keepTag)
  }
  const { project, registry } = configuration
  const place = { place: REGISTRY, ...registry, role: roleArn(registry, roleName(project, REGISTRY, 'read')) }
  try {
    const port = await ports.openRegistry(place)
    const guard = port.guard()
    const looking = Promise.all(
      [...wanted].map(
        async ([image, references]) => [image, await port.images(repositoryName(project, image), [...references])] as const,
      ),
    )
    await Promise.allSettled([guard, looking])
    await guard
    const found = new Map(await looking)
    return { environments: environments.map((environment) => withImages(environment, found)) }
  } catch (error) {
    const problem = (error as Error).message.replaceAll(/\s*\n\s*/g, ' ')
    return { environments, registryProblem: problem }
  }
}

const headImages = ({ head }: EnvironmentFacts) => ('problem' in head ? {} : head.images)

type Needed = Omit<KeptImage, 'found' | 'children'>

/** The release that stands, and the one that a rollback would bring back. */
const needed = ({ name, history }: EnvironmentFacts): Needed[] => {
  const current = history.at(-1)?.release
  const previous = predecessorOf(history.map(({ release }) => release))
  const target = previous && 'release' in previous ? previous.release : undefined
  return [...imagesOf(name, current, 'runs'), ...imagesOf(name, target, 'rollback')]
}

const imagesOf = (environment: string, release: Release | undefined, role: KeptImage['role']): Needed[] =>
  Object.entries(release?.images ?? {}).map(([name, { digest }]) => ({
    name,
    digest,
    role,
    release: release?.release ?? '',
    keepTag: `keep-${environment}-${release?.release}`,
  }))

const withImages = (environment: EnvironmentFacts, found: Found): EnvironmentFacts => {
  const { head } = environment
  const kept = needed(environment).map((image): KeptImage => {
    const inRepository = found.get(image.name)
    const itself = inRepository?.get(image.digest)
    const isKept = inRepository?.get(image.keepTag)?.digest === image.digest
    return { ...image, found: itself ? (isKept ? 'kept' : 'unprotected') : 'missing', children: itself?.children ?? [] }
  })
  if ('problem' in head) return { ...environment, kept }
  const images = Object.entries(head.images).map(([name, { tag }]) => {
    const digest = found.get(name)?.get(tag)?.digest
    return [name, { tag, ...(digest !== undefined && { digest }) }]
  })
  return { ...environment, kept, head: { ...head, images: Object.fromEntries(images) } }
}
