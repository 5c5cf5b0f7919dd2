import type { Cloud } from '../../local/cloud.ts'
import { gitHubClaims } from '../../local/github/claims.ts'
import type { ScenarioRole } from '../../local/scenario.ts'

const provider = 'token.actions.githubusercontent.com'

/** A role that trusts the one job of these tests. */
export const roleIn = (account: string): ScenarioRole => ({
  arn: `arn:aws:iam::${account}:role/shop-dev-deploy`,
  trust: {
    Statement: {
      Effect: 'Allow',
      Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/${provider}` },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: {
        StringEquals: {
          [`${provider}:aud`]: 'sts.amazonaws.com',
          [`${provider}:sub`]: 'repo:acme@1/shop@2:environment:dev',
        },
      },
    },
  },
})

/** The job's right to ask for an OIDC token, and no other credential. */
export const jobOf = (cloud: Cloud, attempt: number): Record<string, string> => {
  const { url, token } = cloud.issuer.job(
    gitHubClaims({
      owner: 'acme',
      ownerId: 1,
      repository: 'shop',
      repositoryId: 2,
      ref: 'refs/heads/dev',
      sha: '0'.repeat(40),
      event: 'push',
      workflowFile: 'deliver.yml',
      environment: 'dev',
    }),
  )
  return {
    AWS_ACCESS_KEY_ID: '',
    AWS_SECRET_ACCESS_KEY: '',
    ACTIONS_ID_TOKEN_REQUEST_URL: url,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: token,
    GITHUB_REPOSITORY: 'acme/shop',
    GITHUB_ACTOR: 'mona',
    GITHUB_RUN_ID: '77',
    GITHUB_RUN_ATTEMPT: String(attempt),
  }
}

/** The job's request token, as `jobOf` gave it to the step. */
export const requestToken = (env: Record<string, string>): string => env['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] ?? ''
