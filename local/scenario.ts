import type { PolicyDocument } from './aws/policy.ts'

export type ScenarioRole = {
  arn: string
  trust: PolicyDocument
  /** Identity policies. With them calls are refused as IAM would; a role without this key may do everything. */
  policies?: PolicyDocument[]
  /** Seconds; AWS's default is 3600. */
  maxSessionDuration?: number
}

export type ScenarioRepository = {
  account: string
  region: string
  name: string
  /** AWS's default is MUTABLE. */
  tagMutability?: 'MUTABLE' | 'IMMUTABLE'
  policy?: PolicyDocument
}

/** What exists when the local cloud starts. Plain JSON, so that a generator can write it. */
export type Scenario = {
  accounts: string[]
  roles: ScenarioRole[]
  repositories?: ScenarioRepository[]
  /**
   * Client ids of GitHub's OIDC provider, by account. An account that is not named has a provider for `sts.amazonaws.com`;
   * one with an empty list has no provider.
   */
  oidcClientIds?: Record<string, string[]>
}
