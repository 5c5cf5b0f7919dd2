import type { GitHubClient } from '../../lib/github/client.ts'
import type { Desired } from './desired.ts'
import { explainGitHub, orRefuse } from './github-error.ts'
import type { Observed, ObservedEnvironment, ObservedRepository, ObservedRuleset, Reviewer, Rule, Seen } from './observed.ts'

/** Reads what there is. Only the repository itself and its branches must be readable; all else may stay unseen. */
export const observe = async (client: GitHubClient, desired: Desired): Promise<Observed> => {
  const { owner, repo } = client
  const repository = await readRepository(client)
  const named = [...new Set(desired.environments.flatMap(({ reviewers }) => reviewers))]
  const [branches, rulesets, environments, labels, token, reviewers] = await Promise.all([
    client
      .paginate(client.rest.repos.listBranches, { owner, repo, per_page: 100 })
      .catch(orRefuse('the branches cannot be read')),
    seen(readRulesets(client)),
    seen(readEnvironments(client)),
    seen(client.paginate(client.rest.issues.listLabelsForRepo, { owner, repo, per_page: 100 })),
    seen(client.rest.actions.getGithubActionsDefaultWorkflowPermissionsRepository({ owner, repo })),
    Promise.all(named.map(async (name) => [name, await seen(findReviewer(client, name))] as const)),
  ])
  return {
    repository,
    branches: Object.fromEntries(branches.map(({ name, commit }) => [name, commit.sha])),
    rulesets,
    environments,
    labels: map(labels, (list) => list.map(({ name }) => name)),
    token: map(token, ({ data }) => ({
      default: data.default_workflow_permissions,
      mayApprove: data.can_approve_pull_request_reviews,
    })),
    reviewers: Object.fromEntries(reviewers),
  }
}

export const seen = async <T>(read: Promise<T>): Promise<Seen<T>> => {
  try {
    return { value: await read }
  } catch (error) {
    const unseen = explainGitHub(error)
    if (unseen === undefined) throw error
    return { unseen }
  }
}

const map = <T, U>(from: Seen<T>, change: (value: T) => U): Seen<U> => ('value' in from ? { value: change(from.value) } : from)

const readRepository = async ({ rest, owner, repo }: GitHubClient): Promise<ObservedRepository> => {
  const { data } = await rest.repos.get({ owner, repo }).catch(orRefuse(`the repository ${owner}/${repo} cannot be read`))
  return {
    owner: data.owner.login,
    ownerId: data.owner.id,
    isOrganization: data.owner.type === 'Organization',
    name: data.name,
    id: data.id,
    isPrivate: data.private,
    defaultBranch: data.default_branch,
    // Shown only to those who may push; who may not is told of no merge method.
    mergeMethods: [
      ...(data.allow_merge_commit === false ? [] : (['merge'] as const)),
      ...(data.allow_squash_merge === false ? [] : (['squash'] as const)),
      ...(data.allow_rebase_merge === false ? [] : (['rebase'] as const)),
    ],
  }
}

const readRulesets = async ({ rest, paginate, owner, repo }: GitHubClient): Promise<ObservedRuleset[]> => {
  const listed = await paginate(rest.repos.getRepoRulesets, { owner, repo, includes_parents: false, per_page: 100 })
  const full = await Promise.all(listed.map(({ id }) => rest.repos.getRepoRuleset({ owner, repo, ruleset_id: id })))
  return full
    .filter(({ data }) => data.target === 'branch')
    .map(({ data }) => ({
      id: data.id,
      name: data.name,
      enforcement: data.enforcement,
      include: data.conditions?.ref_name?.include ?? [],
      exclude: data.conditions?.ref_name?.exclude ?? [],
      rules: (data.rules ?? []) as Rule[],
      bypassActors: data.bypass_actors,
    }))
}

type ListedEnvironments = NonNullable<
  Awaited<ReturnType<GitHubClient['rest']['repos']['getAllEnvironments']>>['data']['environments']
>

const readEnvironments = async ({ rest, paginate, owner, repo }: GitHubClient): Promise<ObservedEnvironment[]> => {
  // The list is optional in GitHub's description of the answer, which the types of `paginate` make nothing of.
  const pages: unknown = await paginate(rest.repos.getAllEnvironments, { owner, repo, per_page: 100 })
  const listed = pages as ListedEnvironments
  return Promise.all(
    listed.map(async (environment) => {
      const { name, protection_rules: rules = [], deployment_branch_policy: policy } = environment
      const custom = policy?.custom_branch_policies === true
      const list = { owner, repo, environment_name: name, per_page: 100 }
      const policies = custom ? await paginate(rest.repos.listDeploymentBranchPolicies, list) : []
      const found = <T>(pick: (rule: (typeof rules)[number]) => T | undefined): T | undefined =>
        rules.map(pick).find((value) => value !== undefined)
      return {
        name,
        waitTimer: found((rule) => ('wait_timer' in rule ? rule.wait_timer : undefined)) ?? 0,
        preventSelfReview: found((rule) => ('prevent_self_review' in rule ? rule.prevent_self_review : undefined)) ?? false,
        adminsMayBypass: !('can_admins_bypass' in environment) || environment.can_admins_bypass !== false,
        reviewers: (found((rule) => ('reviewers' in rule ? rule.reviewers : undefined)) ?? []).map(asReviewer),
        refs: custom
          ? policies.map(({ id = 0, name = '', type = 'branch' }) => ({ id, name, type }))
          : policy?.protected_branches
            ? ('protected' as const)
            : ('all' as const),
      }
    }),
  )
}

type Listed = { type?: 'User' | 'Team'; reviewer?: object }

const asReviewer = ({ type = 'User', reviewer = {} }: Listed): Reviewer => {
  const { id = 0, login, slug } = reviewer as { id?: number; login?: string; slug?: string }
  return { type, id, name: login ?? slug ?? String(id) }
}

/** A user by name, or a team as `acme/platform`. */
const findReviewer = async ({ rest }: GitHubClient, name: string): Promise<Reviewer> => {
  const [org = '', team_slug] = name.split('/')
  if (team_slug !== undefined) {
    const { data } = await rest.teams.getByName({ org, team_slug })
    return { type: 'Team', id: data.id, name }
  }
  const { data } = await rest.users.getByUsername({ username: name })
  return { type: 'User', id: data.id, name }
}
