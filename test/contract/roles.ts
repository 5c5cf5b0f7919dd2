import { gitHubClaims } from '../../local/github/claims.ts'

const issuer = 'token.actions.githubusercontent.com'

export const job = gitHubClaims({
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
})

export const roleArn = (account: string, name: string): string => `arn:aws:iam::${account}:role/${name}`

const byToken = (account: string, claims: Record<string, string>) => ({
  Version: '2012-10-17',
  Statement: {
    Effect: 'Allow' as const,
    Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/${issuer}` },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: {
      StringEquals: Object.fromEntries(Object.entries(claims).map(([name, value]) => [`${issuer}:${name}`, value])),
    },
  },
})

const byPrincipals = (...AWS: string[]) => ({
  Version: '2012-10-17',
  Statement: {
    Effect: 'Allow' as const,
    Principal: { AWS },
    Action: 'sts:AssumeRole',
  },
})

const ours = { aud: 'sts.amazonaws.com', sub: String(job['sub']) }

const root = (account: string): string => `arn:aws:iam::${account}:root`

/** The roles that the rules of STS ask for, in `account`; made by whoever sets a subject up. */
export const roles = (account: string, stranger: string) => [
  { name: 'contract-deploy', trust: byToken(account, ours) },
  { name: 'contract-deploy-main', trust: byToken(account, { ...ours, sub: 'repo:acme/shop:environment:prod' }) },
  { name: 'contract-deploy-ref', trust: byToken(account, { ...ours, ref: 'refs/heads/dev' }) },
  {
    name: 'contract-chained',
    trust: byPrincipals(root(account), roleArn(account, 'contract-deploy')),
    maxSessionDuration: 43_200,
  },
  { name: 'contract-strangers', trust: byPrincipals(root(stranger)) },
]
