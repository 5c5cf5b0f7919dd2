import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { Refusal } from '../refusal.ts'
import { gitHubClient } from './client.ts'
import { inWords } from './explain.ts'
import { pullRequests } from './pulls.ts'
import { commitStatuses } from './statuses.ts'

let close = async (): Promise<void> => undefined
afterEach(() => close())

type Answer = { status: number; body: object; headers?: Record<string, string> }

/** An API that gives these answers in turn, the last one for ever. */
const api = async (...answers: Answer[]) => {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    const { status, body, headers = {} } = (answers.length > 1 ? answers.shift() : answers[0]) ?? { status: 500, body: {} }
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  close = () => new Promise((resolve) => server.close(() => resolve()).closeAllConnections())
  const client = await gitHubClient('t', 'acme/shop', `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  return { asked, pulls: pullRequests(client), statuses: commitStatuses(client) }
}

test.each<[string, Answer, string]>([
  [
    'a wrong token',
    { status: 401, body: { message: 'Bad credentials' } },
    "GitHub does not know the token (401): give the job's own, github.token, as input 'github-token'",
  ],
  [
    'a missing permission',
    {
      status: 403,
      body: { message: 'Resource not accessible by integration', documentation_url: 'https://docs.github.com/rest' },
    },
    "the token may not (403, Resource not accessible by integration): give the job 'permissions: pull-requests: read'",
  ],
  [
    'a rate limit that is used up',
    {
      status: 403,
      body: { message: 'API rate limit exceeded for installation.' },
      headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1800000000' },
    },
    "GitHub's rate limit is used up until 2027-01-15T08:00:00.000Z; run the job again then",
  ],
  [
    'too many requests',
    { status: 429, body: { message: 'slow down' } },
    "GitHub's rate limit is used up; run the job again then",
  ],
  [
    'nothing there',
    { status: 404, body: { message: 'Not Found' } },
    "GitHub shows the token no such thing (404): it is gone, or the job lacks 'permissions: pull-requests: read'",
  ],
  ['an outage', { status: 502, body: { message: 'Server Error' } }, 'GitHub failed (502, Server Error); run the job again'],
  ['another refusal', { status: 422, body: { message: 'Validation Failed' } }, 'GitHub refused (422): Validation Failed'],
])('%s is said in words', async (_, answer, words) => {
  const { pulls } = await api(answer)
  const error = await pulls.get(5).catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(Refusal)
  expect((error as Refusal).message).toBe(`pull request 5 cannot be read: ${words}`)
})

test('an error that is no answer keeps its words, and a refusal stays what it is', async () => {
  const work = (error: unknown) => inWords('x', 'y', () => Promise.reject(error))
  await expect(work(new Error('socket hang up'))).rejects.toThrow('x: GitHub could not be asked: socket hang up')
  await expect(work(new Refusal('said already'))).rejects.toThrow(/^said already$/)
})

const shown = (repository: string | null) => ({
  number: 5,
  title: 't',
  body: null,
  html_url: 'u',
  state: 'open',
  head: { ref: 'dev', sha: 'c', repo: repository === null ? null : { full_name: repository } },
  base: { ref: 'staging' },
})

test.each([
  ['acme/shop', false],
  ['Acme/Shop', false],
  ['mallory/shop', true],
  [null, true],
])('a pull request from %s', async (repository, isFork) => {
  const { pulls } = await api({ status: 200, body: shown(repository) })
  expect(await pulls.get(5)).toEqual({
    number: 5,
    title: 't',
    body: '',
    url: 'u',
    isOpen: true,
    head: { branch: 'dev', commit: 'c', isFork },
    base: 'staging',
  })
})

test.each(['A pull request already exists for acme:dev.', 'No commits between staging and dev'])(
  '%s: that is no failure',
  async (message) => {
    const errors = [{ resource: 'PullRequest', code: 'custom', message }]
    const { pulls } = await api({ status: 422, body: { message: 'Validation Failed', errors } })
    expect(await pulls.create({ title: 't', body: '', head: 'dev', base: 'staging' })).toBeUndefined()
  },
)

test('a status without a page says nothing of one', async () => {
  const { statuses, asked } = await api({ status: 201, body: {} })
  await statuses.post('c'.repeat(40), { context: 'x', state: 'success', description: 'd', targetUrl: '' })
  expect(asked).toEqual([`POST /repos/acme/shop/statuses/${'c'.repeat(40)}`])
})
