import { environmentNamed } from './environment-state.ts'
import { GitHubError, notFound, type Request, type Route } from './route.ts'
import { text } from './shown.ts'
import type { Variable } from './state.ts'

const holder = ({ state, params }: Request): { variables: Variable[] } =>
  params['environment'] === undefined ? state : environmentNamed(state, params['environment'])

/** Names are kept in upper case and compared without it. */
const nameOf = (name: string): string => name.toUpperCase()

const find = (request: Request): Variable => {
  const found = holder(request).variables.find(({ name }) => name === nameOf(request.params['variable'] ?? ''))
  if (found === undefined) throw notFound()
  return found
}

const create = (request: Request): void => {
  const { variables } = holder(request)
  const [name = '', value = ''] = [text(request.body, 'name'), text(request.body, 'value')]
  if (!/^[A-Za-z_]\w*$/.test(name) || /^GITHUB_/i.test(name))
    throw new GitHubError(
      422,
      'Variable names can only contain alphanumeric characters and underscores, and must not start with a number or GITHUB_',
    )
  if (variables.some((each) => each.name === nameOf(name))) throw new GitHubError(409, 'Already exists - Variable already exists')
  const at = request.state.time()
  variables.push({ name: nameOf(name), value, created_at: at, updated_at: at })
}

const routesOf = (root: string, permission: 'environments' | 'actions_variables', docs: string): Route[] => [
  {
    method: 'GET',
    path: root,
    needs: [[permission, 'read']],
    docs: `${docs}list-variables`,
    run: (request) => ({ list: holder(request).variables, under: 'variables' }),
  },
  {
    method: 'POST',
    path: root,
    needs: [[permission, 'write']],
    docs: `${docs}create-a-variable`,
    fields: { name: 'string!', value: 'string!' },
    run: (request) => {
      create(request)
      return { status: 201, body: {} }
    },
  },
  {
    method: 'GET',
    path: `${root}/:variable`,
    needs: [[permission, 'read']],
    docs: `${docs}get-a-variable`,
    run: (request) => ({ body: find(request) }),
  },
  {
    method: 'PATCH',
    path: `${root}/:variable`,
    needs: [[permission, 'write']],
    docs: `${docs}update-a-variable`,
    fields: { name: 'string', value: 'string' },
    run: (request) => {
      const value = text(request.body, 'value')
      Object.assign(find(request), { updated_at: request.state.time() }, value === undefined ? {} : { value })
      return { status: 204 }
    },
  },
  {
    method: 'DELETE',
    path: `${root}/:variable`,
    needs: [[permission, 'write']],
    docs: `${docs}delete-a-variable`,
    run: (request) => {
      const { variables } = holder(request)
      variables.splice(variables.indexOf(find(request)), 1)
      return { status: 204 }
    },
  },
]

const repository = '/repos/:owner/:repo'
const environment = `${repository}/environments/:environment`

/** Variables of the repository and of environments. */
export const variableRoutes: Route[] = [
  ...routesOf(`${repository}/actions/variables`, 'actions_variables', 'actions/variables#'),
  ...routesOf(`${environment}/variables`, 'environments', 'actions/variables#'),
]
