import type { Configuration } from '../../../lib/delivery/configuration.ts'
import type { AccountCheck } from '../../../lib/delivery/gates/account.ts'
import type { Rejections } from '../../../lib/delivery/gates/rejected.ts'
import type { WantedImage } from '../../../lib/delivery/images.ts'
import { REGISTRY, repositoryName, roleArn, roleName } from '../../../lib/delivery/names.ts'
import { type Hold, type Infrastructure, type Release, recordNames } from '../../../lib/delivery/records.ts'
import { isSeeded } from '../../../lib/delivery/services.ts'
import { Refusal } from '../../../lib/refusal.ts'
import { placeOf, upTo } from './places.ts'
import type { Ledger, Ports, Reader } from './ports.ts'
import { plannedServices } from './services.ts'

/** What one environment has on record. */
export type Standing = {
  release?: Release
  hold?: Hold
  infra?: Infrastructure
  history: Release[]
  /** Image records that infrastructure needs and that were never written, where that was asked. */
  missing: string[]
}

export type Recorded = {
  checks: AccountCheck[]
  own: Standing
  /** Releases of the environment that is promoted from, oldest first. */
  upstream: Release[]
  /** Of every environment that answered. */
  rejections: Rejections
  /** Why an environment that is not needed did not answer. */
  warnings: string[]
}

/** How much is read: of every environment; the same, with the history of this one and no other needed; this one alone. */
type Extent = 'all' | 'own-history' | 'own'

/**
 * Reads the records of all environments at once, since a release that was rolled back in any of them goes nowhere. Those
 * that are not on the way here may not exist yet, or have a bad day: they do not stop a delivery here.
 */
export const readLedgers = async (
  configuration: Configuration,
  environment: string,
  extent: Extent,
  ports: Ports,
): Promise<Recorded> => {
  const { promotesFrom } = placeOf(configuration, environment)
  const names = extent === 'own' ? [environment] : Object.keys(configuration.environments)
  const needed = extent === 'all' ? upTo(configuration, environment) : [environment]
  const mayFail = names.filter((name) => !needed.includes(name))
  const read = await Promise.all(
    names.map(async (name) => {
      const reading = readLedger(configuration, name, ports, async (ledger, names) => {
        if (extent !== 'own-history' && name === promotesFrom)
          return { history: await ledger.releases(names.release), missing: [] }
        const history = extent === 'own-history' && name === environment ? ledger.releases(names.release) : []
        const images = extent === 'all' && name === environment ? seededRecords(configuration, name) : []
        const [standing, releases] = await Promise.all([ledger.standing(names, images), history])
        return { ...standing, history: releases }
      })
      return { name, ...(mayFail.includes(name) ? await reading.catch(silent) : await reading) }
    }),
  )
  const answered = read.flatMap((each) => ('check' in each ? [each] : []))
  const isSilent = ({ name, check }: (typeof answered)[number]): boolean => check.refusal !== undefined && mayFail.includes(name)
  const standing = (name: string | undefined): Standing =>
    answered.find((each) => each.name === name)?.standing ?? { history: [], missing: [] }
  return {
    checks: answered.filter((each) => !isSilent(each)).map(({ check }) => check),
    own: standing(environment),
    upstream: standing(promotesFrom).history,
    rejections: Object.fromEntries(
      answered.map(({ name, standing: { release, history } }) => [name, rejectedIn(release, history)]),
    ),
    warnings: [
      ...read.flatMap((each) => ('problem' in each ? [notAsked(each.name, each.problem)] : [])),
      ...answered.filter(isSilent).map(({ name, check }) => notAsked(name, check.refusal ?? '')),
    ],
  }
}

/** The records without which infrastructure cannot make the services of an environment. */
const seededRecords = (configuration: Configuration, environment: string): string[] => {
  const { image } = recordNames(configuration.project, environment)
  return plannedServices(configuration, environment)
    .filter(isSeeded)
    .map(({ name }) => image(name))
}

const silent = (error: Error) => ({ problem: error.message })

const notAsked = (name: string, problem: string): string =>
  `${name} could not be asked what was rolled back there, and does not stop this: ${problem}`

const rejectedIn = (release: Release | undefined, history: readonly Release[]): string[] => [
  ...new Set([...(release?.rejected ?? []), ...history.flatMap(({ rejected }) => rejected)]),
]

const readLedger = async (
  configuration: Configuration,
  name: string,
  ports: Ports,
  read: (ledger: Ledger, names: { release: string; hold: string; infra: string }) => Promise<Standing>,
) => {
  const place = placeOf(configuration, name)
  const ledger = await ports.openLedger(reader(configuration.project, name, place))
  const names = recordNames(configuration.project, name)
  const { check, value } = await guarded(name, place.account, ledger, () => read(ledger, names))
  return { check, standing: value ?? { history: [], missing: [] } }
}

/** Looks the images up by their tags or, where `by` says so, by the digests that they have already. */
export const readRegistry = async (
  { project, registry }: Configuration,
  wanted: readonly WantedImage[],
  ports: Ports,
  by: 'tag' | 'digest' = 'tag',
): Promise<{ check: AccountCheck; images: WantedImage[] }> => {
  const port = await ports.openRegistry(reader(project, REGISTRY, registry))
  const { check, value } = await guarded(REGISTRY, registry.account, port, () =>
    Promise.all(
      wanted.map(async (image) => {
        const id = by === 'digest' && image.digest !== undefined ? { digest: image.digest } : { tag: image.tag }
        return { ...image, digest: await port.digest(repositoryName(project, image.name), id) }
      }),
    ),
  )
  return { check, images: value ?? wanted.map(({ digest: _, ...image }) => image) }
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
