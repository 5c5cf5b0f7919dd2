import type { GitHubClient } from '../../lib/github/client.ts'
import type { Desired } from '../setup/desired.ts'
import { observe, seen } from '../setup/observe.ts'
import type { Observed, Rule, Seen } from '../setup/observed.ts'

export type Subject = { usesDefault: boolean; isImmutable: boolean | undefined; prefix: string | undefined }

export type GitHubFacts = Observed & {
  /** Rules that hold on a branch, from whatever ruleset, the organisation's included. */
  inForce: Record<string, Seen<Rule[]>>
  subject: Seen<Subject>
  actions: Seen<{ enabled: boolean; allowed: string; pinned: boolean }>
  /** GitHub's name of what the owner pays for; undefined where GitHub does not show it to this token. */
  plan: Seen<string | undefined>
}

export const readGitHub = async (client: GitHubClient, desired: Desired): Promise<GitHubFacts> => {
  const { rest, paginate, owner, repo } = client
  const rulesOf = async (branch: string) =>
    [branch, await seen(paginate(rest.repos.getBranchRules, { owner, repo, branch, per_page: 100 }))] as const
  const [observed, inForce, subject, actions] = await Promise.all([
    observe(client, desired),
    Promise.all(desired.branches.map(rulesOf)),
    seen(readSubject(client)),
    seen(rest.actions.getGithubActionsPermissionsRepository({ owner, repo })),
  ])
  return {
    ...observed,
    inForce: Object.fromEntries(inForce.map(([branch, rules]) => [branch, rules as Seen<Rule[]>])),
    subject,
    actions:
      'unseen' in actions
        ? actions
        : {
            value: {
              enabled: actions.value.data.enabled,
              allowed: actions.value.data.allowed_actions ?? 'all',
              pinned: actions.value.data.sha_pinning_required === true,
            },
          },
    plan: await seen(readPlan(client, observed.repository.isOrganization)),
  }
}

const readSubject = async ({ rest, owner, repo }: GitHubClient): Promise<Subject> => {
  const { data } = await rest.actions.getCustomOidcSubClaimForRepo({ owner, repo })
  // Newer than the types of the client.
  const { use_immutable_subject: isImmutable, sub_claim_prefix: prefix } = data as {
    use_immutable_subject?: boolean
    sub_claim_prefix?: string
  }
  return { usesDefault: data.use_default, isImmutable, prefix }
}

const readPlan = async ({ rest, owner }: GitHubClient, isOrganization: boolean): Promise<string | undefined> => {
  if (isOrganization) return (await rest.orgs.get({ org: owner })).data.plan?.name
  const { data } = await rest.users.getAuthenticated()
  return data.login === owner && 'plan' in data ? data.plan?.name : undefined
}
