import type { Source } from '../../../lib/delivery/images.ts'
import type { Release } from '../../../lib/delivery/records.ts'

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
  /** Digest of the image with this tag, or undefined. One request. Rejects with a `Refusal` where there is no such repository. */
  digest(repository: string, tag: string): Promise<string | undefined>
}

export interface Ledger extends Guarded {
  /** Everything that a `release` record ever held and still has, oldest first; empty where it was never written. */
  releases(parameter: string): Promise<Release[]>
}

export type Ports = {
  source: Source
  openRegistry(reader: Reader): Promise<Registry>
  openLedger(reader: Reader): Promise<Ledger>
}
