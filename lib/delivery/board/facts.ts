import type { Environment } from '../configuration.ts'
import type { Hold, Release } from '../records.ts'

/** Everything that a board is made of, as it was read. Order of `delivery.json`. */
export type Facts = {
  project: string
  /** Milliseconds since the epoch. */
  now: number
  environments: EnvironmentFacts[]
  /** Why nothing is known of images; `kept` is empty then, and no head has digests. */
  registryProblem?: string
}

/** A release and when its record was written, in milliseconds since the epoch. */
export type RecordedRelease = { release: Release; writtenAt: number }

export type EnvironmentFacts = {
  name: string
  place: Environment
  /** Why nothing of this environment could be read; everything else is empty then. */
  unreadable?: string
  head: Head
  /** Oldest first; the last one stands. */
  history: readonly RecordedRelease[]
  hold?: Hold
  lock?: Lock
  /** Each service that the branch declares or that the release has. */
  services: ServiceFacts[]
  /** Images that the release runs, or that a rollback would bring back. */
  kept: KeptImage[]
  /** What GitHub says is still under way; absent where GitHub was not asked. */
  openDeployments?: OpenDeployment[]
}

/** What the newest commit of the environment's branch wants. */
export type Head =
  | { problem: string }
  | {
      /** Where it was found, for example `refs/remotes/origin/dev`. */
      ref: string
      commit: string
      /** Image to content tag, and to its digest where the registry has it. */
      images: Record<string, { tag: string; digest?: string }>
      /** Service to name of its image. */
      services: Record<string, string>
      /** Commits since the recorded one, and commits that only the recorded one has; absent where the clone lacks it. */
      distance?: { behind: number; ahead: number }
    }

/** A lease that somebody holds, or left behind. Milliseconds since the epoch. */
export type Lock = { owner: string; purpose: string; expiresAt: number }

export type ServiceFacts = {
  name: string
  target: 'ecs' | 'lambda' | 'ec2' | 'unknown'
  /** Name of its image. */
  image?: string
  /** Value of its `image` record. */
  record?: string
  live: Live
}

/** What the platform says of one service. */
export type Live =
  | {
      state: 'seen'
      /** Copies that are asked for. */
      desired: number
      /** Digest to running copies; `unknown` where the platform does not say. */
      running: Record<string, number>
      /** A deployment is under way. */
      changing: boolean
    }
  | { state: 'missing' | 'not-seen'; reason: string }

/** An image of a recorded release, and what the registry says of it. */
export type KeptImage = {
  name: string
  digest: string
  /** Id of the release, and whether that is the one which stands or the one before. */
  release: string
  role: 'runs' | 'rollback'
  /** The tag that spares it from lifecycle rules. */
  keepTag: string
  found: 'kept' | 'unprotected' | 'missing'
  /** Digests of an index's own images: the platform may name either. */
  children: readonly string[]
}

/** A GitHub Deployment whose newest status is not an end. `at`: milliseconds since the epoch. */
export type OpenDeployment = { id: number; service: string; state: string; at: number }
