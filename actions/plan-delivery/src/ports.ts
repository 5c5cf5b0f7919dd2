import type { Source } from '../../../lib/delivery/images.ts'
import type { Hold, Infrastructure, Release } from '../../../lib/delivery/records.ts'
import type { GitObjects } from '../../../lib/delivery/tag.ts'
import type { Deployments } from '../../../lib/github/deployments.ts'

/** What a port to AWS is opened with. */
export type Reader = {
  account: string
  region: string
  /** ARN of the `read` role; not used with ambient credentials. */
  role: string
}

/** Both ports: `guard` rejects with a `Refusal` unless AWS confirms the account. */
interface Guarded {
  guard(): Promise<void>
}

export interface Registry extends Guarded {
  /**
   * Digest of the image with this tag or digest, or undefined. One request. Rejects with a `Refusal` where there is no such
   * repository.
   */
  digest(repository: string, image: { tag: string } | { digest: string }): Promise<string | undefined>
}

export interface Ledger extends Guarded {
  /** Everything that a `release` record ever held and still has, oldest first; empty where it was never written. */
  releases(parameter: string): Promise<Release[]>
  /**
   * What the records hold now; absent where one was never written or nothing is held. `missing`: those of `images` that were never
   * written. One request for up to seven of these.
   */
  standing(
    names: { release: string; hold: string; infra: string },
    images: readonly string[],
  ): Promise<{ release?: Release; hold?: Hold; infra?: Infrastructure; missing: string[] }>
}

export type Ports = {
  /** The commit that is planned. */
  source: Source
  /** The same of another commit; undefined where the clone does not have it. */
  objectsAt(commit: string, paths: string[]): Promise<GitObjects | undefined>
  openRegistry(reader: Reader): Promise<Registry>
  openLedger(reader: Reader): Promise<Ledger>
  /** Absent where no token was given. */
  deployments?: Pick<Deployments, 'history'>
  /** Milliseconds since the epoch. */
  now(): number
}
