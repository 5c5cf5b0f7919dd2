import type { Live, Lock, OpenDeployment, RecordedRelease } from '../../../lib/delivery/board/facts.ts'
import type { GitObjects } from '../../../lib/delivery/tag.ts'

/** The clone. Nothing of the working directory is seen. */
export interface Source {
  /** The newest commit of a branch that the clone knows: of the remote, else a local one. */
  head(branch: string): Promise<{ ref: string; commit: string } | undefined>
  /** Text of a file of a commit, undefined where the commit has no such file. */
  file(commit: string, path: string): Promise<string | undefined>
  objects(commit: string, paths: string[]): Promise<GitObjects>
  /** Commits that each of the two has and the other has not; undefined where the clone lacks one of them. */
  distance(one: string, other: string): Promise<{ one: number; other: number } | undefined>
}

/** What a port to AWS is opened with. */
export type Reader = {
  /** Environment, or `registry`. */
  place: string
  account: string
  region: string
  /** ARN of the `read` role; not used with ambient credentials. */
  role: string
}

export interface Ledger {
  /** Every release that the record ever held and still has, oldest first; empty where it was never written. */
  releases(parameter: string): Promise<RecordedRelease[]>
  /** Who has not given the lease back, in time or not. */
  lock(parameter: string): Promise<Lock | undefined>
  /** Values of those parameters that exist. */
  values(parameters: readonly string[]): Promise<Map<string, string>>
}

/** An ECS service, and the container whose image is delivered. */
export type EcsPlace = { cluster: string; service: string; container: string }

/** The functions of a service, and the alias by which they get traffic. */
export type LambdaPlace = { functions: readonly string[]; alias: string }

export interface Platform<Place> {
  /** In the order of the places. */
  look(places: readonly Place[]): Promise<Live[]>
}

export type Platforms = { ecs: Platform<EcsPlace>; lambda: Platform<LambdaPlace> }

/** One account. `guard` rejects with a `Refusal` unless AWS confirms it. */
export type AccountReader = { guard(): Promise<void>; ledger: Ledger; platforms: Platforms }

export type FoundImage = { digest: string; children: readonly string[] }

export interface Registry {
  guard(): Promise<void>
  /** What there is of these tags (`tag`) and digests (`sha256:…`), by the reference asked for. */
  images(repository: string, references: readonly string[]): Promise<Map<string, FoundImage>>
}

/** What is asked of GitHub; absent without a token. */
export interface Deployments {
  /** Of one environment, those whose newest status is no end. */
  open(environment: string): Promise<OpenDeployment[]>
}

export type Ports = {
  source: Source
  /** Resolves once the credentials are there; one session an account and region. */
  openAccount(reader: Reader): Promise<AccountReader>
  openRegistry(reader: Reader): Promise<Registry>
  deployments?: Deployments
  now(): number
  sleep(milliseconds: number): Promise<void>
}
