import type { GitHubClient } from '../../lib/github/client.ts'
import type { Change } from './plan.ts'

type RulesetRequest = NonNullable<Parameters<GitHubClient['rest']['repos']['createRepoRuleset']>[0]>

/** Sends the one request that the change stands for. */
export const apply = async ({ rest, owner, repo }: GitHubClient, change: Change): Promise<void> => {
  const here = { owner, repo }
  switch (change.kind) {
    case 'branch':
      await rest.git.createRef({ ...here, ref: `refs/heads/${change.name}`, sha: change.commit })
      return
    case 'ruleset': {
      const { name, enforcement, include, exclude, rules, bypassActors } = change.body
      const body = {
        ...here,
        name,
        target: 'branch' as const,
        enforcement,
        conditions: { ref_name: { include, exclude } },
        rules: rules as NonNullable<RulesetRequest['rules']>,
        ...(bypassActors && { bypass_actors: bypassActors as NonNullable<RulesetRequest['bypass_actors']> }),
      }
      if (change.id === undefined) await rest.repos.createRepoRuleset(body)
      else await rest.repos.updateRepoRuleset({ ...body, ruleset_id: change.id })
      return
    }
    case 'environment': {
      const { waitTimer, preventSelfReview, reviewers } = change.body
      await rest.repos.createOrUpdateEnvironment({
        ...here,
        environment_name: change.name,
        // Where the plan has not these, GitHub refuses the request for naming them, whatever their values; left out they are none.
        ...(waitTimer > 0 && { wait_timer: waitTimer }),
        ...(preventSelfReview && { prevent_self_review: true }),
        ...(reviewers.length > 0 && { reviewers }),
        deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
      })
      return
    }
    case 'branch-policy':
      await rest.repos.createDeploymentBranchPolicy({
        ...here,
        environment_name: change.environment,
        name: change.branch,
        type: 'branch',
      })
      return
    case 'label':
      await rest.issues.createLabel({ ...here, ...change.label })
      return
    case 'token':
      await rest.actions.setGithubActionsDefaultWorkflowPermissionsRepository({ ...here, default_workflow_permissions: 'read' })
      return
  }
}
