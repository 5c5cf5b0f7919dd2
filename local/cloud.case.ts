import { type GitHubJob, gitHubClaims } from './github/claims.ts'
import type { Scenario } from './scenario.ts'

export const registryAccount = '111111111111'
export const devAccount = '222222222222'
export const region = 'eu-west-1'
export const deployRole = `arn:aws:iam::${devAccount}:role/shop-dev-deploy`

const provider = 'token.actions.githubusercontent.com'

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

const readByDev = {
  Effect: 'Allow' as const,
  Principal: { AWS: `arn:aws:iam::${devAccount}:root` },
  Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchCheckLayerAvailability', 'ecr:DescribeImages'],
}

/** A registry account and a dev account with one role that a job of `deployJob` may assume. */
export const scenario: Scenario = {
  accounts: [registryAccount, devAccount],
  roles: [
    {
      arn: deployRole,
      trust: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Federated: `arn:aws:iam::${devAccount}:oidc-provider/${provider}` },
            Action: 'sts:AssumeRoleWithWebIdentity',
            Condition: {
              StringEquals: {
                [`${provider}:aud`]: 'sts.amazonaws.com',
                [`${provider}:sub`]: 'repo:acme@1/shop@2:environment:dev',
                [`${provider}:ref`]: 'refs/heads/dev',
                [`${provider}:job_workflow_ref`]: 'acme/shop/.github/workflows/_deploy.yml@refs/heads/dev',
              },
            },
          },
        ],
      },
    },
    {
      arn: `arn:aws:iam::${devAccount}:role/chained`,
      trust: {
        Statement: { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${registryAccount}:root` }, Action: 'sts:AssumeRole' },
      },
      policies: [{ Statement: { Effect: 'Allow', Action: 'ssm:Get*', Resource: '*' } }],
    },
  ],
  repositories: [
    { account: registryAccount, region, name: 'shop/app', tagMutability: 'IMMUTABLE', policy: { Statement: readByDev } },
    { account: registryAccount, region, name: 'private' },
  ],
}
