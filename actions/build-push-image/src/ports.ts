import type { GitObjects } from '../../../lib/delivery/tag.ts'
import type { ImageContent } from '../../../lib/oci/layout.ts'
import type { Pushed } from '../../../lib/oci/push.ts'
import type { Registry } from '../../../lib/oci/registry.ts'
import type { Clock } from '../../../lib/runner/clock.ts'
import type { Log } from '../../../lib/runner/log.ts'
import type { BuildRequest } from './buildx.ts'
import type { Ledger } from './ledger.ts'

/** An image as the registry has it. The bytes hash to the digest: that was checked when they were read. */
export type RegistryImage = { digest: string; mediaType: string; manifest: string }

/** Whether a tag that exists may be moved; `unknown` where the role may not ask. */
export type TagRule = 'fixed' | 'movable' | 'unknown'

/** The repository in ECR. Errors are in the user's words and keep AWS's name. */
export type ImageRepository = {
  /** Everything that exists of these tags and digests, in one call. Throws a `Refusal` where the repository does not exist. */
  find(wanted: { tags: string[]; digests?: string[] }): Promise<Map<string, RegistryImage>>
  tagRule(tag: string): Promise<TagRule>
  /** Rejects with a `Refusal` unless the credentials belong to the expected account. */
  guard(): Promise<void>
  /** Asks for the registry's credentials. What it resolves to must be closed. */
  connect(signal: AbortSignal): Promise<Registry>
  /** As `connect`; what it resolves to pushes by digest, and can be called once. */
  openUpload(signal: AbortSignal): Promise<(image: ImageContent) => Promise<Pushed>>
  /** Sends the request once. Not for direct use: see `setTag`. */
  putTag(image: RegistryImage, tag: string): Promise<void>
}

/** The clone that the runner has. */
export type SourceRepository = {
  read(commit: string, paths: string[]): Promise<{ id: string; objects: GitObjects }>
  export(commit: string, paths: string[], destination: string): Promise<void>
}

export type ImageBuilder = {
  /** Builds into `request.layout`. Ends with the build's own reason, or soon after the signal. */
  build(request: BuildRequest, signal: AbortSignal): Promise<ImageContent>
}

export type Ports = {
  source: SourceRepository
  repository(): Promise<ImageRepository>
  /** The repository of input `source`; only asked for where there is one. */
  imageSource(): Promise<ImageRepository>
  builder(): Promise<ImageBuilder>
  /** Gives `work` an empty folder, and removes it afterwards. */
  withFolder<T>(work: (folder: string) => Promise<T>): Promise<T>
  log: Log
  clock: Clock
  /** From 0 to 1. */
  random(): number
  ledger: Ledger
  /** Aborted when the job is cancelled. */
  signal: AbortSignal
}
