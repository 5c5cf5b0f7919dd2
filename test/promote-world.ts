import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { clone } from '../actions/promote-branch/src/clone.ts'
import type { Ports } from '../actions/promote-branch/src/ports.ts'
import { promote, type Request } from '../actions/promote-branch/src/promote.ts'
import { example } from '../lib/delivery/configuration.case.ts'
import type { Configuration } from '../lib/delivery/configuration.ts'
import type { Kind } from '../lib/delivery/plan.ts'
import { releaseId } from '../lib/delivery/records.ts'
import { gitHubClient } from '../lib/github/client.ts'
import { type DeploymentState, deploymentStatuses } from '../lib/github/deployment-status.ts'
import { gitHubDeployments } from '../lib/github/deployments.ts'
import { pullRequests } from '../lib/github/pulls.ts'
import { commitStatuses } from '../lib/github/statuses.ts'
import { startGitHub } from '../local/github/api/api.ts'
import { bareRepository } from '../local/github/api/bare-repository.ts'
import type { Permissions } from '../local/github/api/permissions.ts'
import { runAction, type Step } from '../local/github/step.ts'
import { makeRepository } from './promote-repository.ts'

const SOURCE = join(import.meta.dirname, '..', 'actions', 'promote-branch', 'src', 'main.ts')

/** What the jobs of the workflows are given. */
export const JOB: Permissions = { contents: 'read', deployments: 'read', pull_requests: 'write', statuses: 'write' }

export type PromoteWorld = Awaited<ReturnType<typeof startPromoteWorld>>

/** dev → staging → prod without windows and freezes; `soak` is that of prod. */
export const configurationOf = (soak?: string): Configuration => {
  const configuration = example()
  const prod = { branch: 'main', account: '444444444444', region: 'eu-west-1', promotesFrom: 'staging', ...(soak && { soak }) }
  return { ...configuration, environments: { ...configuration.environments, prod } }
}

type Delivery = { kind?: Kind; rejects?: string; state?: DeploymentState }
type More = { environment?: string; release?: string; now?: number; dryRun?: boolean; token?: string }

/**
 * A repository that GitHub's stand-in shows, and the action on it: every run gets a clone of its own, as actions/checkout
 * makes it. Git, API and what deploy-service writes are real; only GitHub is not.
 */
export const startPromoteWorld = async (configuration: Configuration = configurationOf()) => {
  const repository = makeRepository({
    'delivery.json': JSON.stringify(configuration, null, 2),
    'app/Dockerfile': 'FROM scratch\n',
    'app/server.js': 'serve()\n',
    'README.md': 'shop\n',
  })
  const { git, checkout } = repository
  const gitHub = await startGitHub({ git: bareRepository(repository.origin) })
  gitHub.state.workflowPermissions.can_approve_pull_request_reviews = true
  const token = gitHub.tokens.forJob(JOB)
  const client = (given: string) => gitHubClient(given, 'acme/shop', gitHub.url)
  const deployer = await client(gitHub.tokens.forJob({ deployments: 'write', contents: 'read' }))
  const person = await client(gitHub.tokens.forPerson('octocat'))

  const ports = async (folder: string, given = token): Promise<Ports> => {
    const job = await client(given)
    return {
      clone: clone(folder),
      pulls: pullRequests(job),
      statuses: commitStatuses(job),
      deployments: gitHubDeployments(job),
    }
  }
  const settings = (more: More) => ({
    configuration,
    config: 'delivery.json',
    runUrl: 'https://github.com/acme/shop/actions/runs/7',
    now: more.now ?? Date.now(),
    dryRun: more.dryRun ?? false,
  })
  const start = async (request: Omit<Request, 'release' | 'commit'>, more: More, revision = 'dev') => {
    const { folder, commit } = checkout(revision)
    return promote({ ...request, commit, release: more.release }, settings(more), await ports(folder, more.token))
  }

  return {
    ...repository,
    gitHub,
    token,
    /** What deploy-service leaves on GitHub when it has brought a revision to an environment. Answers with the release. */
    deliver: async (environment: string, revision: string, delivery: Delivery = {}): Promise<string> => {
      git('fetch', '-q', 'origin')
      const commit = git('rev-parse', revision)
      const tag = `src-${git('rev-parse', `${commit}:app`)}`
      const digest = `sha256:${createHash('sha256').update(tag).digest('hex')}`
      const services = Object.fromEntries(Object.entries(configuration.services).map(([name, { image }]) => [name, image]))
      const release = releaseId({ app: { digest } }, services)
      const deployments = deploymentStatuses(deployer, { environment, commit, logUrl: '', timeout: 5_000 })
      const { kind = environment === 'dev' ? 'first' : 'promotion', rejects, state = 'success' } = delivery
      for (const service of Object.keys(services)) {
        const id = await deployments.begin({ service, digest, tag, release, kind, ...(rejects && { rejects }) }, undefined)
        await deployments.end(id, state, 'x')
      }
      return release
    },
    openPull: async (head: string, base: string, body = ''): Promise<number> => {
      const { data } = await person.rest.pulls.create({
        owner: 'acme',
        repo: 'shop',
        head,
        base,
        title: `${head} to ${base}`,
        body,
      })
      return data.number
    },
    /** The gate in the run of a pull request, from its merge commit; where there is none, from dev. */
    gate: (pull: number, more: More = {}) => {
      const merge = `refs/pull/${pull}/merge`
      const revision = gitHub.state.git.refs()[merge] === undefined ? 'dev' : merge
      return start({ operation: 'gate', environment: undefined, pull }, more, revision)
    },
    /** The gate in a run of another event: every open pull request. */
    refresh: (more: More = {}) => start({ operation: 'gate', environment: more.environment }, more),
    propose: (environment: string, more: More = {}) => start({ operation: 'propose', environment }, more),
    backMerge: (environment: string, more: More = {}) => start({ operation: 'back-merge', environment }, more),
    /** Statuses on the head of a branch, oldest first. */
    statuses: (branch: string) => {
      const sha = gitHub.state.git.refs()[`refs/heads/${branch}`]
      return gitHub.state.statuses.filter((status) => status.sha === sha)
    },
    /** The action as the runner starts it. */
    step: (inputs: Record<string, string>, env: Record<string, string> = {}): Promise<Step> => {
      const { folder, commit } = checkout('dev')
      const run = {
        GITHUB_API_URL: gitHub.url,
        GITHUB_REPOSITORY: 'acme/shop',
        GITHUB_EVENT_NAME: 'push',
        GITHUB_REF: 'refs/heads/dev',
        GITHUB_SHA: commit,
        GITHUB_RUN_ID: '7',
        GITHUB_WORKSPACE: folder,
      }
      return runAction('promote-branch', { 'github-token': token, ...inputs }, { entry: SOURCE, env: { ...run, ...env } })
    },
    /** The event's file of a pull request. */
    event: (payload: object): Record<string, string> => ({
      GITHUB_EVENT_NAME: 'pull_request',
      GITHUB_EVENT_PATH: repository.write('event.json', JSON.stringify(payload)),
    }),
    close: async (): Promise<void> => {
      await gitHub.close()
      repository.remove()
    },
  }
}
