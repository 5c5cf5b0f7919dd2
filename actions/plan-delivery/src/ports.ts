import type { Release } from '../../../lib/delivery/records.ts'
import type { GitObjects } from '../../../lib/delivery/tag.ts'

/** The commit that is planned. Nothing of the working directory is seen. */
export interface Source {
  /** Text of a file; rejects with a `Refusal` where the commit has no such file. */
  file(path: string): Promise<string>
  objects(paths: string[]): Promise<GitObjects>
}

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
