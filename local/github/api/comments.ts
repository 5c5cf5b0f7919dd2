import { invalid, notFound, type Request, type Route } from './route.ts'
import { account, page, repositoryUrl, text } from './shown.ts'
import type { Comment, Pull } from './state.ts'

const MOST_CHARACTERS = 65_536

const pullOf = ({ state, params }: Request): Pull => {
  const found = state.pulls.find(({ number }) => String(number) === params['number'])
  if (found === undefined) throw notFound()
  return found
}

const bodyIn = ({ body }: Request): string => {
  const given = text(body, 'body') ?? ''
  if (given === '') throw invalid({ resource: 'IssueComment', code: 'missing_field', field: 'body' })
  if (given.length > MOST_CHARACTERS) {
    const message = `body is too long (maximum is ${MOST_CHARACTERS} characters)`
    throw invalid({ resource: 'IssueComment', code: 'unprocessable', field: 'data', message })
  }
  return given
}

const show = ({ state, base }: Request, comment: Comment) => ({
  id: comment.id,
  node_id: `IC_${comment.id}`,
  url: `${repositoryUrl(state, base)}/issues/comments/${comment.id}`,
  html_url: `${page(state)}/pull/${comment.pull}#issuecomment-${comment.id}`,
  issue_url: `${repositoryUrl(state, base)}/issues/${comment.pull}`,
  body: comment.body,
  user: account(state, base, comment.author),
  created_at: comment.created_at,
  updated_at: comment.updated_at,
  author_association: 'NONE',
})

const path = '/repos/:owner/:repo/issues'
const docs = 'issues/comments#'
const read: Route['needs'] = [
  ['issues', 'read'],
  ['pull_requests', 'read'],
]
const write: Route['needs'] = [
  ['issues', 'write'],
  ['pull_requests', 'write'],
]

/** Comments and labels of pull requests, which GitHub keeps as those of issues. */
export const commentRoutes: Route[] = [
  {
    method: 'GET',
    path: `${path}/:number/comments`,
    needs: read,
    docs: `${docs}list-issue-comments`,
    run: (request) => {
      const { number } = pullOf(request)
      return { list: request.state.comments.filter(({ pull }) => pull === number).map((each) => show(request, each)) }
    },
  },
  {
    method: 'POST',
    path: `${path}/:number/comments`,
    needs: write,
    docs: `${docs}create-an-issue-comment`,
    fields: { body: 'string!' },
    run: (request) => {
      const { state, actor } = request
      const at = new Date().toISOString()
      const made: Comment = {
        id: state.nextId(),
        pull: pullOf(request).number,
        body: bodyIn(request),
        author: actor.login,
        created_at: at,
        updated_at: at,
      }
      state.comments.push(made)
      return { status: 201, body: show(request, made) }
    },
  },
  {
    method: 'PATCH',
    path: `${path}/comments/:id`,
    needs: write,
    docs: `${docs}update-an-issue-comment`,
    fields: { body: 'string!' },
    run: (request) => {
      const found = request.state.comments.find(({ id }) => String(id) === request.params['id'])
      if (found === undefined) throw notFound()
      found.body = bodyIn(request)
      found.updated_at = new Date().toISOString()
      return { body: show(request, found) }
    },
  },
  {
    method: 'GET',
    path: `${path}/:number/labels`,
    needs: read,
    docs: 'issues/labels#list-labels-for-an-issue',
    run: (request) => {
      const { labels } = pullOf(request)
      return { list: labels.map((name) => request.state.labels.find((label) => label.name === name) ?? { name }) }
    },
  },
  {
    method: 'DELETE',
    path: `${path}/:number/labels/:name`,
    needs: write,
    docs: 'issues/labels#remove-a-label-from-an-issue',
    run: (request) => {
      const { labels } = pullOf(request)
      const index = labels.indexOf(request.params['name'] ?? '')
      if (index === -1) throw notFound()
      labels.splice(index, 1)
      return { body: labels.map((name) => ({ name })) }
    },
  },
]
