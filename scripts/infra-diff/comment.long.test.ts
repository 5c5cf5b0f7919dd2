import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type GitHub, startGitHub } from '../../local/github/api/api.ts'
import { memoryGit } from '../../local/github/api/memory-git.ts'
import type { Permissions } from '../../local/github/api/permissions.ts'
import type { Report } from './differences.ts'

let gitHub: GitHub
beforeEach(async () => {
  const git = memoryGit()
  gitHub = await startGitHub({ git })
  git.add('main', { tree: 'first' })
  const pull = { number: 7, title: 't', body: null, base: 'main', head: 'feature', state: 'open' as const, draft: false }
  gitHub.state.pulls.push({ ...pull, labels: [], author: 'octocat', created_at: '2026-11-01T08:00:00Z' })
})
afterEach(() => gitHub.close())

const report = (over: Partial<Report> = {}): Report => ({
  stacks: [{ name: 'shop-dev-network', kind: 'changed' }],
  broadening: [],
  destructive: [],
  digests: { broadening: 'b', destructive: 'd' },
  administrators: [],
  diff: 'Stack shop-dev-network',
  ...over,
})

const run = (given: Report, permissions: Permissions = { pull_requests: 'write' }) =>
  new Promise<{ exitCode: number; output: string }>((resolve) => {
    const { owner, repository } = gitHub.state
    const env = {
      REPORT: JSON.stringify(given),
      NUMBER: '7',
      GITHUB_API_URL: gitHub.url,
      GITHUB_REPOSITORY: `${owner.login}/${repository.name}`,
      GITHUB_TOKEN: gitHub.tokens.forJob(permissions),
    }
    execFile(process.execPath, [join(import.meta.dirname, 'comment.mjs')], { env }, (error, stdout, stderr) =>
      resolve({ exitCode: error === null ? 0 : Number(error.code), output: stdout + stderr }),
    )
  })

const bodies = (): string[] => gitHub.state.comments.map(({ body }) => body)
const only = (): string => {
  expect(bodies()).toHaveLength(1)
  return bodies()[0] ?? ''
}

it('comments once, changes the comment in place, and leaves those of others alone', async () => {
  const at = '2026-11-01T08:00:00Z'
  const theirs = {
    id: 1,
    pull: 7,
    body: '<!-- slipway: infrastructure --> mine',
    author: 'mallory',
    created_at: at,
    updated_at: at,
  }
  gitHub.state.comments.push(theirs)
  expect(await run(report())).toMatchObject({ exitCode: 0 })
  expect(bodies()).toHaveLength(2)
  expect(bodies()[1]).toContain('changed: shop-dev-network')
  expect(await run(report({ stacks: [{ name: 'shop-dev-api', kind: 'added' }], diff: 'Stack shop-dev-api' }))).toMatchObject({
    exitCode: 0,
  })
  expect(bodies()).toHaveLength(2)
  expect(bodies()[1]).toContain('added: shop-dev-api')
  expect(await run(report({ stacks: [], diff: '' }))).toMatchObject({ exitCode: 0 })
  expect(bodies()).toEqual([theirs.body, expect.stringContaining('No stack changes')])
})

it('says nothing where no stack changes', async () => {
  expect(await run(report({ stacks: [], diff: '' }))).toMatchObject({ exitCode: 0 })
  expect(bodies()).toEqual([])
})

it.each(['broadening', 'destructive'] as const)('is red for what is %s, until its label is set', async (finding) => {
  const given = report({ [finding]: ['shop-dev-network: Group lets in tcp 22'] })
  const refused = await run(given)
  expect(refused.exitCode).toBe(1)
  expect(refused.output).toContain(`adds the label infra:${finding}`)
  expect(only()).toContain(`needs the label \`infra:${finding}\``)
  gitHub.state.pulls[0]?.labels.push(`infra:${finding}`)
  expect(await run(given)).toMatchObject({ exitCode: 0 })
  expect(only()).toContain(`accepted by the label \`infra:${finding}\``)
})

it('a label counts for what the comment showed when it was set, and for nothing that a later commit brings', async () => {
  const labels = gitHub.state.pulls[0]?.labels ?? []
  const first = report({ broadening: ['shop-dev-network: Group lets in tcp 22'] })
  // Before anything was shown.
  labels.push('infra:broadening', 'infra:destructive')
  expect(await run(first)).toMatchObject({ exitCode: 1 })
  expect(labels).toEqual([])
  labels.push('infra:broadening')
  expect(await run(first)).toMatchObject({ exitCode: 0 })
  const later = report({ broadening: [...first.broadening, 'shop-dev-api: Role allows s3:* on *'] })
  const refused = await run(later)
  expect(refused).toMatchObject({ exitCode: 1, output: expect.stringContaining('counts no more') })
  expect(labels).toEqual([])
  // To run the job again is no acceptance.
  expect(await run(later)).toMatchObject({ exitCode: 1 })
  labels.push('infra:broadening')
  expect(await run(later)).toMatchObject({ exitCode: 0 })
  // What the lists do not show, because they are cut.
  expect(await run({ ...later, digests: { ...later.digests, broadening: 'other' } })).toMatchObject({ exitCode: 1 })
})

it('says which stacks a person deploys first', async () => {
  expect(await run(report({ administrators: ['dev', 'x`; rm -rf /'] }))).toMatchObject({ exitCode: 0 })
  expect(only()).toContain('npm run account -- --environment dev --yes')
  expect(only()).not.toContain('rm -rf')
})

it('shows a report as data: nothing in it leaves its fence, and it is cut', async () => {
  const evil = '```\n</details>\n@acme/everybody <!-- x --> ![x](https://example.org)\n````'
  await run(report({ diff: `${evil}${'x'.repeat(90_000)}`, stacks: [{ name: evil, kind: 'added' }] }))
  const body = only()
  expect(body.length).toBeLessThan(65_536)
  const outside = body.replaceAll(/^(`{3,})text\n[\s\S]*?\n\1$/gm, '')
  expect(outside).not.toMatch(/everybody|example\.org|<!-- x/)
  expect(outside.match(/<\/details>/g)).toHaveLength(1)
})

it('with a token that only reads, as of a fork, the verdict stands without a comment', async () => {
  gitHub.state.pulls[0]?.labels.push('infra:destructive')
  const ended = await run(report({ destructive: ['a'] }), { pull_requests: 'read' })
  expect(ended).toMatchObject({ exitCode: 1, output: expect.stringContaining('no comment was written') })
  expect(bodies()).toEqual([])
})

it('a report that is none is an error', async () => {
  expect((await run('nothing' as never)).exitCode).toBe(1)
})
