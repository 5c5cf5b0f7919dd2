import type { Session } from '../../../lib/aws/session.ts'
import { type ImageReference, parseImage, short } from '../../../lib/image.ts'
import { type AgeingImage, expiryOf, sayExpiry } from './lifecycle.ts'
import type { Inspected } from './request.ts'
import type { TargetTools } from './target.ts'

export type ExpiryCheck = {
  /** Starts looking, beside whatever goes on; a second time does nothing. */
  begin(): void
  /** Sentences for the summary. Does not wait long: this is a warning, and no reason to be late or red. */
  end(): Promise<string[]>
}

/** After which a registry that gives no answer is not waited for, milliseconds. */
const PATIENCE = 2_000

/**
 * Warns of images that the repository's lifecycle policy is about to take away: those that are being deployed, and those that a
 * rollback would bring back. With `keptAs`, the tag that the wanted ones get once they are proven.
 */
export const expiryCheck = (
  inspected: readonly Inspected[],
  session: Session,
  { log, clock }: TargetTools,
  keptAs: string | undefined,
): ExpiryCheck => {
  const stop = new AbortController()
  let looking: Promise<string[]> | undefined

  const lookAt = async (repository: string, images: readonly Candidate[]): Promise<string[]> => {
    const { readLifecycle } = await import('./ecr-lifecycle.ts')
    const [{ reference }] = images as [Candidate]
    const digests = images.map(({ digest }) => digest)
    const found = await readLifecycle(session, reference, digests, stop.signal)
    return images.flatMap(({ digest, role }) => {
      const image = found?.images.find((each) => each.digest === digest)
      const expiry =
        found && image && expiryOf(found.rules, role === 'wanted' ? kept(image, keptAs) : image, found.images, clock.now())
      if (expiry === undefined) return []
      const consequence = role === 'wanted' ? 'what starts afterwards could not pull it' : 'a rollback to it would fail'
      const warning = `${WORDS[role]}, ${repository}@${digest}, ${sayExpiry(expiry)}; then ${consequence}`
      log.warning(warning)
      return [`Expires: ${WORDS[role]} ${short(digest)} ${sayExpiry(expiry)}.`]
    })
  }

  const look = async (): Promise<string[]> => {
    const repositories = Map.groupBy(candidates(inspected), ({ reference }) => `${reference.host}/${reference.name}`)
    try {
      return (await Promise.all([...repositories].map(([repository, images]) => lookAt(repository, images)))).flat()
    } catch (error) {
      if (!stop.signal.aborted) {
        log.info(`  whether a lifecycle rule takes an image away soon is not known: ${(error as Error).message}`)
      }
      return []
    }
  }

  return {
    begin: () => {
      looking ??= look()
    },
    end: async () => {
      const over = new AbortController()
      const patience = clock.sleep(PATIENCE, over.signal).then(() => {
        stop.abort()
        return []
      })
      try {
        return await Promise.race([looking ?? [], patience])
      } finally {
        over.abort()
      }
    },
  }
}

const WORDS = { wanted: 'the image that is deployed', before: 'the image that ran before' }

type Candidate = { reference: ImageReference; digest: string; role: keyof typeof WORDS }

/** An image that is both is wanted. */
const candidates = (inspected: readonly Inspected[]): Candidate[] => {
  const wanted = inspected.flatMap(({ request }) => request.wanted.map(({ image }) => image))
  const before = inspected.flatMap(({ running, expected }) => Object.keys(expected).flatMap((name) => running.images[name] ?? []))
  const named =
    (role: Candidate['role']) =>
    (image: string): [string, Candidate][] => {
      const reference = parseImage(image)
      return reference?.digest === undefined ? [] : [[image, { reference, digest: reference.digest, role }]]
    }
  return [...new Map([...before.flatMap(named('before')), ...wanted.flatMap(named('wanted'))]).values()]
}

const kept = (image: AgeingImage, tag: string | undefined): AgeingImage =>
  tag === undefined ? image : { ...image, tags: [...image.tags, tag] }
