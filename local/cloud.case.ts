import { deployConditions, trustOf } from './github/claims.case.ts'
import type { Scenario } from './scenario.ts'

export const registryAccount = '111111111111'
export const devAccount = '222222222222'
export const region = 'eu-west-1'
export const deployRole = `arn:aws:iam::${devAccount}:role/shop-dev-deploy`

const readByDev = {
  Effect: 'Allow' as const,
  Principal: { AWS: `arn:aws:iam::${devAccount}:root` },
  Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchCheckLayerAvailability', 'ecr:DescribeImages'],
}

/** A registry account and a dev account with one role that a job of `deployJob` may assume. */
export const scenario: Scenario = {
  accounts: [registryAccount, devAccount],
  roles: [
    { arn: deployRole, trust: trustOf(devAccount, deployConditions) },
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
