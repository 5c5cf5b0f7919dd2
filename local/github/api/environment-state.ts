import { notFound } from './route.ts'
import type { Environment, GitHubState } from './state.ts'

const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()

/** Names of environments do not depend on case. */
export const environmentNamed = (state: GitHubState, name: string | undefined): Environment => {
  const found = state.environments.find((each) => same(each.name, name ?? ''))
  if (found === undefined) throw notFound()
  return found
}

/** Whatever names an environment that does not exist creates it, without any protection: a deployment, a workflow's job. */
export const ensureEnvironment = (state: GitHubState, name: string): Environment => {
  const standing = state.environments.find((each) => same(each.name, name))
  if (standing) return standing
  const made: Environment = {
    id: state.nextId(),
    name,
    wait_timer: 0,
    prevent_self_review: false,
    reviewers: [],
    branch_policy: null,
    branch_policies: [],
    created_at: state.time(),
  }
  state.environments.push(made)
  return made
}
