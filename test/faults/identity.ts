import type { Cloud } from '../../local/cloud.ts'
import { deployConditions, deployJob, tokenRequest, trustOf } from '../../local/github/claims.case.ts'
import type { ScenarioRole } from '../../local/scenario.ts'

/** A role that trusts the one job of these tests. */
export const roleIn = (account: string): ScenarioRole => ({
  arn: `arn:aws:iam::${account}:role/shop-dev-deploy`,
  trust: trustOf(account, deployConditions),
})

/** What the runner gives that job. */
export const jobOf = (cloud: Cloud, attempt: number): Record<string, string> => ({
  ...tokenRequest(cloud.issuer, deployJob),
  GITHUB_REPOSITORY: 'acme/shop',
  GITHUB_ACTOR: 'mona',
  GITHUB_RUN_ID: '77',
  GITHUB_RUN_ATTEMPT: String(attempt),
})

/** The job's request token, as `jobOf` gave it to the step. */
export const requestToken = (env: Record<string, string>): string => env['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] ?? ''
