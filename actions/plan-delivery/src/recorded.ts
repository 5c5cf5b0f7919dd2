import type { Configuration } from '../../../lib/delivery/configuration.ts'
import type { AccountCheck } from '../../../lib/delivery/gates/account.ts'
import type { WantedImage } from '../../../lib/delivery/images.ts'
import { REGISTRY, repositoryName, roleArn, roleName } from '../../../lib/delivery/names.ts'
import { type Release, recordNames } from '../../../lib/delivery/records.ts'
import { Refusal } from '../../../lib/refusal.ts'
import type { Ports, Reader } from './ports.ts'

/** `history` is that of the environment from which is promoted, oldest release first. */
export type Recorded = { checks: AccountCheck[]; images: WantedImage[]; history: Release[] }

/** Everything that must be asked of AWS, at once: one registry request an image, and upstream's history. */
export const readAccounts = async (
  configuration: Configuration,
  environment: string,
  wanted: WantedImage[],
  ports: Ports,
): Promise<Recorded> => {
  const upstream = configuration.environments[environment]?.promotesFrom
  const [found, recorded] = await Promise.all([
    readRegistry(configuration, wanted, ports),
    upstream === undefined ? undefined : readLedger(configuration, upstream, ports),
  ])
  return {
    checks: [found.check, ...(recorded === undefined ? [] : [recorded.check])],
    images: found.images,
    history: recorded?.history ?? [],
  }
}

const readRegistry = async (configuration: Configuration, wanted: WantedImage[], ports: Ports) => {
  const { project, registry } = configuration
  const port = await ports.openRegistry(reader(project, REGISTRY, registry))
  const { check, value } = await guarded(REGISTRY, registry.account, port, () =>
    Promise.all(
      wanted.map(async (image) => ({ ...image, digest: await port.digest(repositoryName(project, image.name), image.tag) })),
    ),
  )
  return { check, images: value ?? wanted }
}

const readLedger = async ({ project, environments }: Configuration, upstream: string, ports: Ports) => {
  const place = environments[upstream]
  if (place === undefined) throw new Error(`environment ${upstream} is not in the configuration`)
  const port = await ports.openLedger(reader(project, upstream, place))
  const { check, value } = await guarded(upstream, place.account, port, () =>
    port.releases(recordNames(project, upstream).release),
  )
  return { check, history: value ?? [] }
}

/** Reads while AWS confirms the account; a wrong account explains a failed read, so it has the word. */
const guarded = async <T>(place: string, account: string, port: { guard(): Promise<void> }, read: () => Promise<T>) => {
  const [guard, answer] = await Promise.allSettled([port.guard(), read()])
  if (guard.status === 'rejected') {
    if (!(guard.reason instanceof Refusal)) throw answer.status === 'rejected' ? answer.reason : guard.reason
    return { check: { place, account, refusal: guard.reason.message }, value: undefined }
  }
  if (answer.status === 'rejected') throw answer.reason
  return { check: { place, account }, value: answer.value }
}

const reader = (project: string, environment: string, place: { account: string; region: string }): Reader => ({
  account: place.account,
  region: place.region,
  role: roleArn(place, roleName(project, environment, 'read')),
})
