import { expect, it } from 'vitest'
import type { GitHubClient } from './client.ts'
import { gitHubDeployments } from './deployments.ts'

/** So many deployments of one service, the newest first, each with one good status. */
const client = (count: number, payload: (id: number) => unknown) => {
  const asked: string[] = []
  let underWay = 0
  let most = 0
  const repos = {
    listDeployments: async ({ page, per_page }: { page: number; per_page: number }) => {
      asked.push(`page ${page}`)
      const ids = Array.from({ length: count }, (_, index) => count - index).slice((page - 1) * per_page, page * per_page)
      return { data: ids.map((id) => ({ id, created_at: '2026-11-01T08:00:00Z', payload: payload(id) })) }
    },
    listDeploymentStatuses: async ({ deployment_id }: { deployment_id: number }) => {
      asked.push(`statuses ${deployment_id}`)
      most = Math.max(most, ++underWay)
      await new Promise((resolve) => setImmediate(resolve))
      underWay -= 1
      return { data: [{ state: 'success', created_at: '2026-11-01T08:05:00Z' }] }
    },
  }
  return { client: { rest: { repos }, owner: 'acme', repo: 'shop' } as unknown as GitHubClient, asked, most: () => most }
}

const ours = (id: number) => ({ service: 'api', digest: `sha256:${id}`, tag: `src-${id}`, release: `rel-${id}`, kind: 'first' })

it.each([
  [0, ['page 1'], true],
  [99, ['page 1'], true],
  [100, ['page 1', 'page 2'], true],
  [299, ['page 1', 'page 2', 'page 3'], true],
  [300, ['page 1', 'page 2', 'page 3'], false],
  [1000, ['page 1', 'page 2', 'page 3'], false],
])('of %i deployments the newest 300 are looked at, and whether that is all is said', async (count, pages, isWhole) => {
  const github = client(count, ours)
  const told = await gitHubDeployments(github.client).history('dev', () => false)
  expect(told).toEqual({ attempts: [], count: Math.min(count, 300), isWhole })
  expect(github.asked).toEqual(pages)
})

it('statuses are asked of those that matter only, eight at a time', async () => {
  const github = client(60, ours)
  const { attempts } = await gitHubDeployments(github.client).history('dev', ({ tag }) => Number(tag.slice(4)) > 40)
  expect(attempts.map(({ tag }) => tag)).toEqual(Array.from({ length: 20 }, (_, index) => `src-${60 - index}`))
  expect(attempts[0]).toMatchObject({ state: 'success', verifiedAt: '2026-11-01T08:05:00Z', startedAt: '2026-11-01T08:00:00Z' })
  expect(github.asked.filter((line) => line.startsWith('statuses'))).toHaveLength(20)
  expect(github.most()).toBe(8)
})

it('a payload of something else is passed over, one that came as text is read', async () => {
  const payloads: unknown[] = [
    JSON.stringify(ours(1)),
    null,
    '',
    '{',
    7,
    {},
    { service: 'api', tag: 't' },
    { ...ours(8), digest: 1 },
  ]
  const told = await gitHubDeployments(client(payloads.length, (id) => payloads[id - 1]).client).history('dev')
  expect(told.count).toBe(1)
  expect(told.attempts).toMatchObject([{ service: 'api', release: 'rel-1' }])
})

it('what goes wrong is said in words', async () => {
  const failing = Object.assign(new Error('Resource not accessible by integration'), { status: 403, response: { headers: {} } })
  const repos = { listDeployments: () => Promise.reject(failing) }
  const broken = { rest: { repos }, owner: 'acme', repo: 'shop' } as unknown as GitHubClient
  await expect(gitHubDeployments(broken).history('dev')).rejects.toThrow(
    "the deployments of dev: the token may not (403, Resource not accessible by integration): give the job 'permissions: deployments: read'",
  )
})
