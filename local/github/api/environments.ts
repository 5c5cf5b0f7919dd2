import { ensureEnvironment, environmentNamed } from './environment-state.ts'
import { GitHubError, notFound, type Request, type Route } from './route.ts'
import { account, page, repositoryUrl } from './shown.ts'
import type { Environment, GitHubState, Reviewer } from './state.ts'

const reviewer = (state: GitHubState, base: string, { type, id }: Reviewer) => {
  if (type === 'Team') return { type, reviewer: state.teams.find((team) => team.id === id) ?? { id } }
  const user = state.users.find((each) => each.id === id)
  return { type, reviewer: user === undefined ? { id } : account(state, base, user.login) }
}

const rulesOf = (state: GitHubState, base: string, environment: Environment): object[] => {
  const rule = (offset: number, type: string, more: object = {}) => {
    const id = environment.id * 10 + offset
    return { id, node_id: `GA_${id}`, type, ...more }
  }
  const { wait_timer, reviewers, prevent_self_review, branch_policy } = environment
  return [
    ...(wait_timer > 0 ? [rule(1, 'wait_timer', { wait_timer })] : []),
    ...(reviewers.length > 0
      ? [rule(2, 'required_reviewers', { prevent_self_review, reviewers: reviewers.map((each) => reviewer(state, base, each)) })]
      : []),
    ...(branch_policy === null ? [] : [rule(3, 'branch_policy')]),
  ]
}

const show = ({ state, base }: Request, environment: Environment) => {
  const { id, name, created_at, branch_policy } = environment
  return {
    id,
    node_id: `EN_${id}`,
    name,
    url: `${repositoryUrl(state, base)}/environments/${encodeURIComponent(name)}`,
    html_url: `${page(state)}/deployments/activity_log?environments_filter=${encodeURIComponent(name)}`,
    created_at,
    updated_at: created_at,
    can_admins_bypass: true,
    protection_rules: rulesOf(state, base, environment),
    deployment_branch_policy: branch_policy,
  }
}

/** On a private repository reviewers and wait timers come with GitHub Enterprise. */
const checkPlan = ({ plan, repository }: GitHubState, timer: number, reviewers: Reviewer[]): void => {
  if (!repository.private || plan === 'enterprise') return
  const rule = reviewers.length > 0 ? 'required reviewers' : 'wait timer'
  if (timer > 0 || reviewers.length > 0)
    throw new GitHubError(
      422,
      `Failed to create the environment protection rule. Please ensure the billing plan supports the ${rule} protection rule.`,
    )
}

/** Everything that the body leaves out goes back to its default, as with GitHub. */
const put = (request: Request): Environment => {
  const { state, body, params } = request
  const timer = (body['wait_timer'] ?? 0) as number
  const reviewers = (body['reviewers'] ?? []) as Reviewer[]
  const policy = (body['deployment_branch_policy'] ?? null) as Environment['branch_policy']
  if (timer < 0 || timer > 43_200) throw new GitHubError(422, 'Invalid request.\n\nwait_timer must be between 0 and 43200.')
  if (reviewers.length > 6) throw new GitHubError(422, 'Invalid request.\n\nNo more than 6 reviewers are allowed.')
  if (policy !== null && policy.protected_branches === policy.custom_branch_policies)
    throw new GitHubError(422, 'Invalid request.\n\nprotected_branches and custom_branch_policies cannot have the same value.')
  for (const { type, id } of reviewers) {
    const known: { id: number }[] = type === 'Team' ? state.teams : state.users
    if (!known.some((each) => each.id === id))
      throw new GitHubError(422, `Invalid request.\n\nNo such ${type.toLowerCase()}: ${id}`)
  }
  checkPlan(state, timer, reviewers)
  const environment = ensureEnvironment(state, params['name'] ?? '')
  if (policy?.custom_branch_policies !== true) environment.branch_policies = []
  const prevent_self_review = body['prevent_self_review'] === true
  return Object.assign(environment, { wait_timer: timer, prevent_self_review, reviewers, branch_policy: policy })
}

/** GitHub Free has no environments in private repositories. */
const requireEnvironments = ({ plan, repository }: GitHubState): void => {
  if (plan === 'free' && repository.private) throw notFound()
}

const path = '/repos/:owner/:repo/environments'
const docs = 'deployments/environments#'

export const environmentRoutes: Route[] = [
  {
    method: 'GET',
    path,
    needs: [['actions', 'read']],
    docs: `${docs}list-environments`,
    run: (request) => {
      requireEnvironments(request.state)
      return { list: request.state.environments.map((each) => show(request, each)), under: 'environments' }
    },
  },
  {
    method: 'GET',
    path: `${path}/:name`,
    needs: [['actions', 'read']],
    docs: `${docs}get-an-environment`,
    run: (request) => {
      requireEnvironments(request.state)
      return { body: show(request, environmentNamed(request.state, request.params['name'])) }
    },
  },
  {
    method: 'PUT',
    path: `${path}/:name`,
    needs: [['administration', 'write']],
    docs: `${docs}create-or-update-an-environment`,
    fields: { wait_timer: 'integer', prevent_self_review: 'boolean', reviewers: 'array', deployment_branch_policy: 'object' },
    run: (request) => {
      requireEnvironments(request.state)
      return { body: show(request, put(request)) }
    },
  },
  {
    method: 'DELETE',
    path: `${path}/:name`,
    needs: [['administration', 'write']],
    docs: `${docs}delete-an-environment`,
    run: ({ state, params }) => {
      state.environments.splice(state.environments.indexOf(environmentNamed(state, params['name'])), 1)
      return { status: 204 }
    },
  },
]
