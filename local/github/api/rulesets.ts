import { GitHubError, invalid, notFound, type Request, type Route } from './route.ts'
import { repositoryUrl, requirePlan, text } from './shown.ts'
import type { GitHubState, Ruleset } from './state.ts'

const RULES = [
  'creation',
  'update',
  'deletion',
  'required_linear_history',
  'merge_queue',
  'required_deployments',
  'required_signatures',
  'pull_request',
  'required_status_checks',
  'non_fast_forward',
  'commit_message_pattern',
  'commit_author_email_pattern',
  'committer_email_pattern',
  'branch_name_pattern',
  'tag_name_pattern',
  'file_path_restriction',
  'max_file_path_length',
  'file_extension_restriction',
  'max_file_size',
  'workflows',
  'code_scanning',
  'copilot_code_review',
]

/** fnmatch as rulesets use it: `*` stops at a slash, `**` does not. */
const pattern = (text: string): RegExp => {
  const parts = text.split(/(\*\*\/?|\*|\?)/).map((part) => {
    if (part.startsWith('**')) return '.*'
    if (part === '*') return '[^/]*'
    return part === '?' ? '[^/]' : part.replace(/[.+^${}()|[\]\\]/g, '\\$&')
  })
  return new RegExp(`^${parts.join('')}$`)
}

const covers = ({ defaultBranch }: GitHubState, { target, enforcement, conditions }: Ruleset, branch: string): boolean => {
  const names = (name: string): boolean => {
    if (name === '~ALL') return true
    return name === '~DEFAULT_BRANCH' ? branch === defaultBranch : pattern(name).test(`refs/heads/${branch}`)
  }
  const { include = [], exclude = [] } = conditions.ref_name ?? {}
  return target === 'branch' && enforcement === 'active' && include.some(names) && !exclude.some(names)
}

/** The rules that hold on a branch, each with the ruleset that it comes from. */
export const rulesOfBranch = (state: GitHubState, branch: string) =>
  state.rulesets
    .filter((ruleset) => covers(state, ruleset, branch))
    .flatMap(({ id, rules }) =>
      rules.map((rule) => ({
        ...rule,
        ruleset_source_type: 'Repository',
        ruleset_source: `${state.owner.login}/${state.repository.name}`,
        ruleset_id: id,
      })),
    )

const summary = ({ state, base }: Request, { id, name, target, enforcement }: Ruleset) => ({
  id,
  name,
  target,
  source_type: 'Repository',
  source: `${state.owner.login}/${state.repository.name}`,
  enforcement,
  node_id: `RRS_${id}`,
  _links: { self: { href: `${repositoryUrl(state, base)}/rulesets/${id}` } },
})

/** Who may bypass is shown only to those who could change it. */
const show = (request: Request, ruleset: Ruleset) => {
  const isAdministrator = request.actor.permissions.administration === 'write'
  return {
    ...summary(request, ruleset),
    conditions: ruleset.conditions,
    rules: ruleset.rules,
    ...(isAdministrator && { bypass_actors: ruleset.bypass_actors, current_user_can_bypass: 'never' }),
  }
}

const find = ({ state, params }: Request): Ruleset => {
  requirePlan(state)
  const found = state.rulesets.find(({ id }) => String(id) === params['id'])
  if (found === undefined) throw notFound()
  return found
}

const check = ({ state, body }: Request, own?: Ruleset): void => {
  requirePlan(state)
  const [name, enforcement] = [text(body, 'name'), text(body, 'enforcement')]
  if (state.rulesets.some((each) => each !== own && each.name === name))
    throw new GitHubError(422, 'Validation Failed', ['Name must be unique'])
  if (enforcement !== undefined && !['active', 'disabled', 'evaluate'].includes(enforcement))
    throw invalid({ resource: 'RepositoryRuleset', field: 'enforcement', code: 'invalid', value: enforcement })
  for (const { type } of (body['rules'] ?? []) as Ruleset['rules'])
    if (!RULES.includes(type)) throw new GitHubError(422, 'Validation Failed', [`Invalid rule '${type}': `])
  for (const ref of ((body['conditions'] ?? {}) as Ruleset['conditions']).ref_name?.include ?? [])
    if (!/^(refs\/|~ALL$|~DEFAULT_BRANCH$)/.test(ref))
      throw new GitHubError(422, 'Validation Failed', [`Invalid target patterns: '${ref}'`])
}

const change = (ruleset: Ruleset, body: Record<string, unknown>): Ruleset =>
  Object.assign(ruleset, Object.fromEntries(Object.entries(body).filter(([name]) => name in ruleset && name !== 'id')))

const path = '/repos/:owner/:repo/rulesets'
const docs = 'repos/rules#'
const fields = { target: 'string', bypass_actors: 'array', conditions: 'object', rules: 'array' } as const

export const rulesetRoutes: Route[] = [
  {
    method: 'GET',
    path,
    needs: [['metadata', 'read']],
    docs: `${docs}get-all-repository-rulesets`,
    run: (request) => {
      requirePlan(request.state)
      return { list: request.state.rulesets.map((each) => summary(request, each)) }
    },
  },
  {
    method: 'POST',
    path,
    needs: [['administration', 'write']],
    docs: `${docs}create-a-repository-ruleset`,
    fields: { ...fields, name: 'string!', enforcement: 'string!' },
    run: (request) => {
      check(request)
      const { state, body } = request
      const empty: Ruleset = {
        id: state.nextId(),
        name: '',
        target: 'branch',
        enforcement: 'active',
        conditions: {},
        rules: [],
        bypass_actors: [],
      }
      const made = change(empty, body)
      state.rulesets.push(made)
      return { status: 201, body: show(request, made) }
    },
  },
  {
    method: 'GET',
    path: `${path}/:id`,
    needs: [['metadata', 'read']],
    docs: `${docs}get-a-repository-ruleset`,
    run: (request) => ({ body: show(request, find(request)) }),
  },
  {
    method: 'PUT',
    path: `${path}/:id`,
    needs: [['administration', 'write']],
    docs: `${docs}update-a-repository-ruleset`,
    fields: { ...fields, name: 'string', enforcement: 'string' },
    run: (request) => {
      const found = find(request)
      check(request, found)
      return { body: show(request, change(found, request.body)) }
    },
  },
  {
    method: 'DELETE',
    path: `${path}/:id`,
    needs: [['administration', 'write']],
    docs: `${docs}delete-a-repository-ruleset`,
    run: (request) => {
      const found = find(request)
      request.state.rulesets.splice(request.state.rulesets.indexOf(found), 1)
      return { status: 204 }
    },
  },
  {
    method: 'GET',
    path: '/repos/:owner/:repo/rules/branches/:branch{.+}',
    needs: [['metadata', 'read']],
    docs: `${docs}get-rules-for-a-branch`,
    run: ({ state, params }) => {
      requirePlan(state)
      return { list: rulesOfBranch(state, params['branch'] ?? '') }
    },
  },
]
