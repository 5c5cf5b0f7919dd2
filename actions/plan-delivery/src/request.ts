import type { Configuration } from '../../../lib/delivery/configuration.ts'

/** What plan-delivery can be asked for. */
export const OPERATIONS = ['deliver', 'promote', 'rollback', 'hotfix', 'hold', 'resume', 'infra'] as const
export type Operation = (typeof OPERATIONS)[number]

/** A pull request, as the event tells of it. Names of branches may hold anything that git allows. */
export type PullRequest = { base: string; head: string; isFork: boolean }

export type Request = {
  operation: Operation
  event: string
  /** `refs/heads/dev` */
  ref: string
  commit: string
  config: string
  environment: string | undefined
  /** `latest`, `previous` or the id of a release. */
  release: string | undefined
  reason: string | undefined
  /** GITHUB_RUN_ID; empty when started by hand. */
  runId: string
  /** By hand, without a workflow: infrastructure stays as it is. */
  imagesAlone?: true
  /** Present where a pull request is planned. */
  pull: PullRequest | undefined
}

/** A request for an environment that is known. */
export type Asked = Omit<Request, 'environment'> & { configuration: Configuration; environment: string }
