import { environmentNamed } from './environment-state.ts'
import { invalid, notFound, type Request, type Route } from './route.ts'
import { text } from './shown.ts'
import type { BranchPolicy, Environment } from './state.ts'

const show = (policy: BranchPolicy) => ({ ...policy, node_id: `DBP_${policy.id}` })

const environmentOf = ({ state, params }: Request): Environment => environmentNamed(state, params['name'])

const find = (request: Request): BranchPolicy => {
  const found = environmentOf(request).branch_policies.find(({ id }) => String(id) === request.params['id'])
  if (found === undefined) throw notFound()
  return found
}

const create = (request: Request): BranchPolicy => {
  const { state, body } = request
  const environment = environmentOf(request)
  if (environment.branch_policy?.custom_branch_policies !== true) throw notFound()
  const [name = '', type = 'branch'] = [text(body, 'name'), text(body, 'type')]
  if (name === '') throw invalid({ resource: 'DeploymentBranchPolicy', field: 'name', code: 'missing_field' })
  const standing = environment.branch_policies.find((each) => each.name === name && each.type === type)
  if (standing) return standing
  const made: BranchPolicy = { id: state.nextId(), name, type: type === 'tag' ? 'tag' : 'branch' }
  environment.branch_policies.push(made)
  return made
}

const path = '/repos/:owner/:repo/environments/:name/deployment-branch-policies'
const docs = 'deployments/branch-policies#'

/** Which branches and tags may deploy to an environment; they exist only where it asks for custom policies. */
export const branchPolicyRoutes: Route[] = [
  {
    method: 'GET',
    path,
    needs: [['actions', 'read']],
    docs: `${docs}list-deployment-branch-policies`,
    run: (request) => ({ list: environmentOf(request).branch_policies.map(show), under: 'branch_policies' }),
  },
  {
    method: 'POST',
    path,
    needs: [['administration', 'write']],
    docs: `${docs}create-a-deployment-branch-policy`,
    fields: { name: 'string!', type: 'string' },
    run: (request) => ({ body: show(create(request)) }),
  },
  {
    method: 'DELETE',
    path: `${path}/:id`,
    needs: [['administration', 'write']],
    docs: `${docs}delete-a-deployment-branch-policy`,
    run: (request) => {
      const { branch_policies } = environmentOf(request)
      branch_policies.splice(branch_policies.indexOf(find(request)), 1)
      return { status: 204 }
    },
  },
]
