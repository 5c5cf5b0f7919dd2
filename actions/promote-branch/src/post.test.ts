import { expect, test } from 'vitest'
import type { Pull } from '../../../lib/github/pulls.ts'
import type { CommitStatus, Statuses } from '../../../lib/github/statuses.ts'
import { Refusal } from '../../../lib/refusal.ts'
import { postVerdict } from './post.ts'
import type { Verdict } from './verdict.ts'

const pull = (isFork = false): Pull => ({
  number: 1,
  title: '',
  body: '',
  url: '',
  isOpen: true,
  head: { branch: 'dev', commit: 'c', isFork },
  base: 'staging',
})
const staging = { name: 'staging' }
const verdict: Verdict = { state: 'failure', reason: `${'x'.repeat(200)}\n::error::y` }

const statuses = (latest?: { state: string; description: string }, refusal?: Error) => {
  const posted: CommitStatus[] = []
  const port: Statuses = {
    latest: async () => latest,
    post: async (_, status) => {
      if (refusal) throw refusal
      posted.push(status)
    },
  }
  return { port, posted }
}
const settings = { runUrl: 'https://github.com/acme/shop/actions/runs/7', dryRun: false }
const description = `${'x'.repeat(139)}…`

test('a verdict is posted as one line that GitHub takes', async () => {
  const { port, posted } = statuses()
  expect(await postVerdict(settings, { statuses: port }, pull(), staging, verdict)).toBe('posted')
  expect(posted).toEqual([{ context: 'slipway/promotion/staging', state: 'failure', description, targetUrl: settings.runUrl }])
})

test.each<[string, { state: string; description: string }, string]>([
  ['the same is not said twice', { state: 'failure', description }, 'unchanged'],
  ['another state is', { state: 'pending', description }, 'posted'],
  ['other words are', { state: 'failure', description: 'x' }, 'posted'],
])('%s', async (_, latest, expected) => {
  const { port, posted } = statuses(latest)
  expect(await postVerdict(settings, { statuses: port }, pull(), staging, verdict)).toBe(expected)
  expect(posted).toHaveLength(expected === 'posted' ? 1 : 0)
})

test('a dry run posts nothing', async () => {
  const { port, posted } = statuses()
  expect(await postVerdict({ ...settings, dryRun: true }, { statuses: port }, pull(), staging, verdict)).toBe('posted')
  expect(posted).toEqual([])
})

test('the run of a pull request from a fork may not post, which is no failure; any other that may not is', async () => {
  const refusal = new Refusal('the token may not')
  const post = (isFork: boolean, error: Error) =>
    postVerdict(settings, { statuses: statuses(undefined, error).port }, pull(isFork), staging, verdict)
  expect(await post(true, refusal)).toBe('not-permitted')
  await expect(post(false, refusal)).rejects.toThrow(refusal)
  await expect(post(true, new Error('a bug'))).rejects.toThrow('a bug')
})
