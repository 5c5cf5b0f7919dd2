import type { PolicyDocument } from '../aws/policy.ts'
import { type Claims, type GitHubJob, gitHubClaims } from './claims.ts'
import type { Issuer, TokenOptions } from './oidc.ts'

const provider = 'token.actions.githubusercontent.com'

/** The job of `_deploy.yml` that brings a push on `dev` to the environment of that name. */
export const deployJob: GitHubJob = {
  owner: 'acme',
  ownerId: 1,
  repository: 'shop',
  repositoryId: 2,
  ref: 'refs/heads/dev',
  sha: '0'.repeat(40),
  event: 'push',
  workflowFile: 'deliver.yml',
  jobWorkflowFile: '_deploy.yml',
  environment: 'dev',
}

export const deployClaims = gitHubClaims(deployJob)

/** What the trust of its role asks for. */
export const deployConditions: Claims = {
  sub: 'repo:acme@1/shop@2:environment:dev',
  ref: 'refs/heads/dev',
  job_workflow_ref: 'acme/shop/.github/workflows/_deploy.yml@refs/heads/dev',
}

/** A job on a branch that names no environment. */
export const branchJob = (ref: string): GitHubJob => {
  const { environment: _, jobWorkflowFile: __, ...job } = deployJob
  return { ...job, ref }
}

/** Trusts the tokens that GitHub's provider in `account` vouches for and that carry these claims. */
export const trustOf = (account: string, claims: Claims): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: {
    Effect: 'Allow',
    Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/${provider}` },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: {
      StringEquals: Object.fromEntries(
        Object.entries({ aud: 'sts.amazonaws.com', ...claims }).map(([name, value]) => [`${provider}:${name}`, value]),
      ),
    },
  },
})

/** The job's right to ask for an OIDC token, and no other credential. */
export const tokenRequest = (issuer: Issuer, job: GitHubJob, options: TokenOptions = {}) => {
  const { url, token } = issuer.job(gitHubClaims(job), options)
  return {
    ACTIONS_ID_TOKEN_REQUEST_URL: url,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: token,
    AWS_ACCESS_KEY_ID: '',
    AWS_SECRET_ACCESS_KEY: '',
  }
}
