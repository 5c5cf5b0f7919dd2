import { invalid, type Request, type Route } from './route.ts'
import { repositoryUrl, text } from './shown.ts'
import type { Label } from './state.ts'

const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()

const show = ({ state, base }: Request, label: Label) => ({
  ...label,
  node_id: `LA_${label.id}`,
  url: `${repositoryUrl(state, base)}/labels/${encodeURIComponent(label.name)}`,
  default: false,
})

const check = ({ state, body }: Request, name: string): void => {
  const resource = 'Label'
  const color = text(body, 'color')
  if (name === '') throw invalid({ resource, code: 'missing_field', field: 'name' })
  if (state.labels.some((each) => same(each.name, name))) throw invalid({ resource, code: 'already_exists', field: 'name' })
  if (color !== undefined && !/^[0-9a-fA-F]{6}$/.test(color)) throw invalid({ resource, code: 'invalid', field: 'color' })
  if ((text(body, 'description') ?? '').length > 100)
    throw invalid({
      resource,
      code: 'custom',
      field: 'description',
      message: 'description is too long (maximum is 100 characters)',
    })
}

const path = '/repos/:owner/:repo/labels'
const docs = 'issues/labels#'
const read: Route['needs'] = [
  ['issues', 'read'],
  ['pull_requests', 'read'],
]
const write: Route['needs'] = [
  ['issues', 'write'],
  ['pull_requests', 'write'],
]

export const labelRoutes: Route[] = [
  {
    method: 'GET',
    path,
    needs: read,
    docs: `${docs}list-labels-for-a-repository`,
    run: (request) => ({ list: request.state.labels.map((each) => show(request, each)) }),
  },
  {
    method: 'POST',
    path,
    needs: write,
    docs: `${docs}create-a-label`,
    fields: { name: 'string!', color: 'string', description: 'string' },
    run: (request) => {
      const { state, body } = request
      const name = text(body, 'name') ?? ''
      check(request, name)
      const made = {
        id: state.nextId(),
        name,
        color: text(body, 'color') ?? 'ededed',
        description: text(body, 'description') ?? null,
      }
      state.labels.push(made)
      return { status: 201, body: show(request, made) }
    },
  },
]
