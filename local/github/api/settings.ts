import { GitHubError, type Request, type Route } from './route.ts'
import { repositoryUrl } from './shown.ts'

const root = '/repos/:owner/:repo/actions'

const permissions = ({ state, base }: Request) => {
  const { enabled, ...more } = state.actions
  if (!enabled) return { enabled }
  const selected = `${repositoryUrl(state, base)}/actions/permissions/selected-actions`
  return { enabled, ...more, ...(more.allowed_actions === 'selected' && { selected_actions_url: selected }) }
}

const subject = ({ state }: Request) => {
  const { owner, repository, oidc } = state
  const [ownerId, id] = oidc.use_immutable_subject ? [`@${owner.id}`, `@${repository.id}`] : ['', '']
  return { ...oidc, sub_claim_prefix: `repo:${owner.login}${ownerId}/${repository.name}${id}` }
}

const oneOf = (value: unknown, allowed: string[], field: string): void => {
  if (value !== undefined && !allowed.includes(String(value)))
    throw new GitHubError(
      422,
      `Invalid request.\n\n${JSON.stringify(value)} is not a member of ${JSON.stringify(allowed)}: ${field}`,
    )
}

const done = (): { status: 204 } => ({ status: 204 })

/** What Actions may do in the repository, and the form of its OIDC subject. */
export const settingRoutes: Route[] = [
  {
    method: 'GET',
    path: `${root}/permissions`,
    needs: [['administration', 'read']],
    docs: 'actions/permissions#get-github-actions-permissions-for-a-repository',
    run: (request) => ({ body: permissions(request) }),
  },
  {
    method: 'PUT',
    path: `${root}/permissions`,
    needs: [['administration', 'write']],
    docs: 'actions/permissions#set-github-actions-permissions-for-a-repository',
    fields: { enabled: 'boolean!', allowed_actions: 'string', sha_pinning_required: 'boolean' },
    run: ({ state, body }) => {
      oneOf(body['allowed_actions'], ['all', 'local_only', 'selected'], 'allowed_actions')
      const {
        enabled,
        allowed_actions = state.actions.allowed_actions,
        sha_pinning_required = state.actions.sha_pinning_required,
      } = body
      Object.assign(state.actions, { enabled, allowed_actions, sha_pinning_required })
      return done()
    },
  },
  {
    method: 'GET',
    path: `${root}/permissions/workflow`,
    needs: [['administration', 'read']],
    docs: 'actions/permissions#get-default-workflow-permissions-for-a-repository',
    run: ({ state }) => ({ body: state.workflowPermissions }),
  },
  {
    method: 'PUT',
    path: `${root}/permissions/workflow`,
    needs: [['administration', 'write']],
    docs: 'actions/permissions#set-default-workflow-permissions-for-a-repository',
    fields: { default_workflow_permissions: 'string', can_approve_pull_request_reviews: 'boolean' },
    run: ({ state, body }) => {
      oneOf(body['default_workflow_permissions'], ['read', 'write'], 'default_workflow_permissions')
      const { default_workflow_permissions, can_approve_pull_request_reviews } = { ...state.workflowPermissions, ...body }
      Object.assign(state.workflowPermissions, { default_workflow_permissions, can_approve_pull_request_reviews })
      return done()
    },
  },
  {
    method: 'GET',
    path: `${root}/oidc/customization/sub`,
    needs: [['actions', 'read']],
    docs: 'actions/oidc#get-the-customization-template-for-an-oidc-subject-claim-for-a-repository',
    run: (request) => ({ body: subject(request) }),
  },
  {
    method: 'PUT',
    path: `${root}/oidc/customization/sub`,
    needs: [['actions', 'write']],
    docs: 'actions/oidc#set-the-customization-template-for-an-oidc-subject-claim-for-a-repository',
    fields: { use_default: 'boolean!', include_claim_keys: 'array', use_immutable_subject: 'boolean' },
    run: ({ state, body }) => {
      const { use_default, include_claim_keys, use_immutable_subject } = { ...state.oidc, ...body }
      state.oidc = { use_default, use_immutable_subject, ...(!use_default && include_claim_keys && { include_claim_keys }) }
      return { status: 201, body: {} }
    },
  },
]
