import { Refusal } from '../refusal.ts'
import type { GitHubClient } from './client.ts'
import { failedRequest, inWords, limited } from './explain.ts'

export type Pull = {
  number: number
  title: string
  body: string
  /** Its page. */
  url: string
  isOpen: boolean
  /** Branch and newest commit that it wants merged; `isFork` where they are in another repository. */
  head: { branch: string; commit: string; isFork: boolean }
  /** Branch that it wants to change. */
  base: string
}

export type NewPull = { title: string; body: string; head: string; base: string }

export interface Pulls {
  get(number: number): Promise<Pull>
  /** Open ones into `base`; with `head` only those from that branch of this repository. Oldest first. */
  open(base: string, head?: string): Promise<Pull[]>
  /** Undefined where GitHub sees nothing to merge, or somebody else opened the same one in this moment. */
  create(pull: NewPull): Promise<Pull | undefined>
  update(number: number, change: { title?: string; body?: string }): Promise<void>
}

/** Pull requests of a repository. Rejects with a `Refusal` in words. */
export const pullRequests = ({ rest, paginate, owner, repo }: GitHubClient): Pulls => {
  const shown = (data: Shown): Pull => read(data, `${owner}/${repo}`)
  return {
    get: (number) =>
      inWords(`pull request ${number} cannot be read`, 'pull-requests: read', async () =>
        shown((await rest.pulls.get({ owner, repo, pull_number: number, ...limited() })).data),
      ),
    open: (base, head) =>
      inWords(`the pull requests into ${base} cannot be listed`, 'pull-requests: read', async () => {
        const filter = head === undefined ? {} : { head: `${owner}:${head}` }
        const order = { sort: 'created', direction: 'asc' } as const
        const all = await paginate(rest.pulls.list, {
          owner,
          repo,
          state: 'open',
          base,
          ...filter,
          ...order,
          per_page: 100,
          ...limited(),
        })
        return all.map(shown)
      }),
    create: ({ title, body, head, base }) =>
      inWords(`a pull request from ${head} to ${base} cannot be opened`, 'pull-requests: write', async () => {
        try {
          return shown((await rest.pulls.create({ owner, repo, title, body, head, base, ...limited() })).data)
        } catch (error) {
          return explainRefused(error, head, base)
        }
      }),
    update: (number, change) =>
      inWords(`pull request ${number} cannot be refreshed`, 'pull-requests: write', async () => {
        await rest.pulls.update({ owner, repo, pull_number: number, ...change, ...limited() })
      }),
  }
}

const explainRefused = (error: unknown, head: string, base: string): undefined => {
  const { status, message = '' } = failedRequest(error) ?? {}
  if (status === 403 && /not permitted to create/i.test(message)) {
    throw new Refusal(
      `workflows of this repository may not open pull requests: turn on "Allow GitHub Actions to create and approve pull requests" in Settings → Actions → General → Workflow permissions (an organisation has the same setting, and it comes first); until then open it by hand: gh pr create --base ${base} --head ${head} --fill`,
      { cause: error },
    )
  }
  if (status === 422 && /no commits between|already exists/i.test(message)) return undefined
  throw error
}

type Shown = {
  number: number
  title: string
  body: string | null
  html_url: string
  state: string
  head: { ref: string; sha: string; repo: { full_name: string } | null }
  base: { ref: string }
}

const read = ({ number, title, body, html_url, state, head, base }: Shown, repository: string): Pull => ({
  number,
  title,
  body: body ?? '',
  url: html_url,
  isOpen: state === 'open',
  // A fork that was deleted meanwhile has no repository any more.
  head: { branch: head.ref, commit: head.sha, isFork: head.repo?.full_name.toLowerCase() !== repository.toLowerCase() },
  base: base.ref,
})
