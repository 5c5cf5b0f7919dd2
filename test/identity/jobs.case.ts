import { branchJob } from '../../local/github/claims.case.ts'
import { type GitHubJob, gitHubClaims } from '../../local/github/claims.ts'
import type { Claims } from '../../scripts/oidc-explain/evaluate.ts'

/** The branches of the environments of the example in `lib/delivery/configuration.case.ts`. */
export const BRANCHES = ['dev', 'staging', 'main']
export const FILES = ['_plan.yml', '_build.yml', '_infra.yml', '_deploy.yml', '_budget.yml', '_reconcile.yml', '_preview.yml']
export const ENVIRONMENTS = ['build', 'budget', 'dev', 'staging', 'prod', 'dev-infra', 'staging-infra', 'prod-infra']

/** A job that is meant to get a role: in which called file, on which branch, and which environment it names. */
export type Place = { file: string; branch: string; environment?: string }

const at = (file: string, branch: string, environment: string): Place => ({ file, branch, environment })

const readers: Place[] = BRANCHES.flatMap((branch) => [
  { file: '_plan.yml', branch },
  { file: '_reconcile.yml', branch },
])
const budget = [at('_budget.yml', 'main', 'budget')]

/** Said here once more, by hand and by role, so that a slip in what derives the roles is seen. */
export const INTENDED: Record<string, Place[]> = {
  'shop-registry-build': [at('_build.yml', 'dev', 'build'), at('_build.yml', 'main', 'build')],
  'shop-registry-read': readers,
  'shop-dev-deploy': [at('_deploy.yml', 'dev', 'dev')],
  'shop-dev-prepare': [{ file: '_infra.yml', branch: 'dev' }],
  'shop-dev-infra': [at('_infra.yml', 'dev', 'dev-infra')],
  'shop-dev-read': readers,
  'shop-dev-budget': budget,
  'shop-staging-deploy': [at('_deploy.yml', 'staging', 'staging')],
  'shop-staging-prepare': [{ file: '_infra.yml', branch: 'staging' }],
  'shop-staging-infra': [at('_infra.yml', 'staging', 'staging-infra')],
  'shop-staging-read': readers,
  'shop-staging-budget': budget,
  'shop-prod-deploy': [at('_deploy.yml', 'main', 'prod')],
  'shop-prod-prepare': [{ file: '_infra.yml', branch: 'main' }],
  'shop-prod-infra': [at('_infra.yml', 'main', 'prod-infra')],
  'shop-prod-read': readers,
  'shop-prod-budget': budget,
}

/** All that GitHub writes into the token of such a job. */
export const claimsOf = ({ file, branch, environment }: Place, over: Partial<GitHubJob> = {}): Claims => ({
  aud: 'sts.amazonaws.com',
  ...gitHubClaims({
    ...branchJob(`refs/heads/${branch}`),
    jobWorkflowFile: file,
    ...(environment !== undefined && { environment }),
    ...over,
  }),
})
