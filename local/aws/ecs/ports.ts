/** Where an image of a task definition can be pulled from on this machine, and what it is. */
type LocatedImage = {
  /** What the container engine is asked to pull: loopback registry, repository, digest. */
  reference: string
  /** Digest of the manifest that the reference in the task definition resolves to. */
  digest: string
  credentials: { username: string; password: string }
}

export type Images = {
  /**
   * Resolves an image reference of a task definition (`ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME:TAG` or `@DIGEST`).
   * Rejects with the text that ECS shows behind `CannotPullContainerError: ` when there is no such image.
   */
  locate(image: string): Promise<LocatedImage>
}

export type LogStreams = {
  /** Appends one line to an awslogs stream; group and stream are made when they are missing. */
  write(at: { account: string; region: string; group: string; stream: string }, message: string, timestamp: number): void
}

/**
 * Value of a container's secret, by `valueFrom`: the ARN or the name of an SSM parameter in the task's account and region.
 * Rejects when there is none; the task then fails with a `ResourceInitializationError`.
 */
export type Secrets = (at: { account: string; region: string }, valueFrom: string) => Promise<string>
