import { ensureEnvironment } from './environment-state.ts'
import { resolve } from './git.ts'
import { GitHubError, invalid, notFound, type Request, type Route } from './route.ts'
import { account, flag, repositoryUrl, text } from './shown.ts'
import type { Deployment, DeploymentStatus, GitHubState } from './state.ts'

const STATES = ['error', 'failure', 'inactive', 'in_progress', 'queued', 'pending', 'success']

const show = ({ state, base }: Request, deployment: Deployment) => {
  const { statuses: _, creator, ...plain } = deployment
  const url = `${repositoryUrl(state, base)}/deployments/${deployment.id}`
  return {
    url,
    node_id: `DE_${deployment.id}`,
    ...plain,
    original_environment: deployment.environment,
    creator: account(state, base, creator),
    updated_at: deployment.statuses.at(-1)?.created_at ?? deployment.created_at,
    statuses_url: `${url}/statuses`,
    repository_url: repositoryUrl(state, base),
  }
}

const showStatus = ({ state, base }: Request, deployment: Deployment, status: DeploymentStatus) => {
  const url = `${repositoryUrl(state, base)}/deployments/${deployment.id}`
  return {
    url: `${url}/statuses/${status.id}`,
    node_id: `DES_${status.id}`,
    ...status,
    creator: account(state, base, status.creator),
    environment: deployment.environment,
    target_url: status.log_url,
    updated_at: status.created_at,
    deployment_url: url,
    repository_url: repositoryUrl(state, base),
  }
}

const find = ({ state, params }: Request): Deployment => {
  const found = state.deployments.find(({ id }) => String(id) === params['id'])
  if (found === undefined) throw notFound()
  return found
}

/** Unless they are told not to be asked, the ref's commit statuses must all be green. */
const checkContexts = ({ state, body }: Request, ref: string, sha: string): void => {
  const asked = body['required_contexts']
  const latest = new Map(state.statuses.filter((status) => status.sha === sha).map((status) => [status.context, status.state]))
  const contexts = Array.isArray(asked) ? asked.map(String) : [...latest.keys()]
  if (contexts.every((context) => latest.get(context) === 'success')) return
  const shown = contexts.map((context) => ({ context, state: latest.get(context) ?? 'pending' }))
  throw new GitHubError(409, `Conflict: Commit status checks failed for ${ref}.`, [
    { resource: 'Deployment', field: 'required_contexts', code: 'invalid', value: shown },
  ])
}

const create = (request: Request): Deployment => {
  const { state, body, actor } = request
  const ref = text(body, 'ref') ?? ''
  const sha = resolve(state.git, ref)
  if (sha === undefined) throw new GitHubError(422, `No ref found for: ${ref}`)
  if (body['auto_merge'] !== false) throw new GitHubError(501, 'Not served by this stand-in: a deployment with auto_merge')
  checkContexts(request, ref, sha)
  const environment = text(body, 'environment') ?? 'production'
  ensureEnvironment(state, environment)
  const deployment: Deployment = {
    id: state.nextId(),
    sha,
    ref,
    task: text(body, 'task') ?? 'deploy',
    environment,
    payload: body['payload'] ?? {},
    description: text(body, 'description') ?? null,
    transient_environment: flag(body, 'transient_environment') ?? false,
    production_environment: flag(body, 'production_environment') ?? environment === 'production',
    creator: actor.login,
    created_at: state.time(),
    statuses: [],
  }
  state.deployments.push(deployment)
  return deployment
}

/** GitHub's `auto_inactive`: what was live in the same environment is not any more, unless it is one of production or transient. */
const retireOthers = (state: GitHubState, deployment: Deployment, creator: string): void => {
  for (const other of state.deployments) {
    const isOther = other !== deployment && other.environment === deployment.environment
    if (!isOther || other.transient_environment || other.production_environment || other.statuses.at(-1)?.state !== 'success')
      continue
    const nothing = { description: '', environment_url: '', log_url: '' }
    other.statuses.push({ id: state.nextId(), state: 'inactive', ...nothing, creator, created_at: state.time() })
  }
}

const createStatus = (request: Request): DeploymentStatus => {
  const { state, body, actor } = request
  const deployment = find(request)
  const asked = text(body, 'state') ?? ''
  const resource = 'DeploymentStatus'
  if (!STATES.includes(asked))
    throw invalid({ resource, code: 'custom', field: 'state', message: 'state is not included in the list' })
  const description = text(body, 'description') ?? ''
  if ([...description].length > 140)
    throw invalid({
      resource,
      code: 'custom',
      field: 'description',
      message: 'description is too long (maximum is 140 characters)',
    })
  for (const field of ['environment_url', 'log_url', 'target_url']) {
    const address = text(body, field) ?? ''
    if (address !== '' && !/^https?:\/\/\S+$/.test(address))
      throw invalid({ resource, code: 'custom', field, message: `${field} must use http(s) scheme` })
  }
  const status: DeploymentStatus = {
    id: state.nextId(),
    state: asked as DeploymentStatus['state'],
    description,
    environment_url: text(body, 'environment_url') ?? '',
    log_url: text(body, 'log_url') ?? text(body, 'target_url') ?? '',
    creator: actor.login,
    created_at: state.time(),
  }
  deployment.statuses.push(status)
  const environment = text(body, 'environment')
  if (environment !== undefined) deployment.environment = environment
  if (asked === 'success' && body['auto_inactive'] !== false) retireOthers(state, deployment, actor.login)
  return status
}

const path = '/repos/:owner/:repo/deployments'
const docs = 'deployments/deployments#'
const statusDocs = 'deployments/statuses#'

export const deploymentRoutes: Route[] = [
  {
    method: 'GET',
    path,
    needs: [['deployments', 'read']],
    docs: `${docs}list-deployments`,
    run: (request) => {
      const { sha, ref, task, environment } = request.query
      const matches = (asked: string | undefined, value: string) => asked === undefined || asked === 'none' || asked === value
      const found = request.state.deployments.filter(
        (each) =>
          matches(sha, each.sha) && matches(ref, each.ref) && matches(task, each.task) && matches(environment, each.environment),
      )
      return { list: found.toReversed().map((each) => show(request, each)) }
    },
  },
  {
    method: 'POST',
    path,
    needs: [['deployments', 'write']],
    docs: `${docs}create-a-deployment`,
    fields: {
      ref: 'string!',
      task: 'string',
      auto_merge: 'boolean',
      required_contexts: 'array',
      payload: 'any',
      environment: 'string',
      description: 'string',
      transient_environment: 'boolean',
      production_environment: 'boolean',
    },
    run: (request) => ({ status: 201, body: show(request, create(request)) }),
  },
  {
    method: 'GET',
    path: `${path}/:id`,
    needs: [['deployments', 'read']],
    docs: `${docs}get-a-deployment`,
    run: (request) => ({ body: show(request, find(request)) }),
  },
  {
    method: 'GET',
    path: `${path}/:id/statuses`,
    needs: [['deployments', 'read']],
    docs: `${statusDocs}list-deployment-statuses`,
    run: (request) => {
      const deployment = find(request)
      return { list: deployment.statuses.toReversed().map((each) => showStatus(request, deployment, each)) }
    },
  },
  {
    method: 'POST',
    path: `${path}/:id/statuses`,
    needs: [['deployments', 'write']],
    docs: `${statusDocs}create-a-deployment-status`,
    fields: { state: 'string!', description: 'string', environment_url: 'string', log_url: 'string', auto_inactive: 'boolean' },
    run: (request) => ({ status: 201, body: showStatus(request, find(request), createStatus(request)) }),
  },
]
