import { deployConditions, trustOf } from '../../local/github/claims.case.ts'

export const roleArn = (account: string, name: string): string => `arn:aws:iam::${account}:role/${name}`

const byPrincipals = (...AWS: string[]) => ({
  Version: '2012-10-17',
  Statement: {
    Effect: 'Allow' as const,
    Principal: { AWS },
    Action: 'sts:AssumeRole',
  },
})

const sub = deployConditions['sub'] ?? ''

const root = (account: string): string => `arn:aws:iam::${account}:root`

/** The roles that the rules of STS ask for, in `account`; made by whoever sets a subject up. */
export const roles = (account: string, stranger: string) => [
  { name: 'contract-deploy', trust: trustOf(account, { sub }) },
  { name: 'contract-deploy-main', trust: trustOf(account, { sub: 'repo:acme/shop:environment:prod' }) },
  { name: 'contract-deploy-ref', trust: trustOf(account, { sub, ref: 'refs/heads/dev' }) },
  {
    name: 'contract-chained',
    trust: byPrincipals(root(account), roleArn(account, 'contract-deploy')),
    maxSessionDuration: 43_200,
  },
  { name: 'contract-strangers', trust: byPrincipals(root(stranger)) },
]
