import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { clone } from '../actions/promote-branch/src/clone.ts'
import type { Ports } from '../actions/promote-branch/src/ports.ts'
import { CONTEXT } from '../actions/promote-branch/src/post.ts'
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

const SOURCE = join(import.meta.dirname, '..', 'actions', 'promote-branch', 'src', 'main.ts')

/** What the jobs of the workflows are given. */
export const JOB: Permissions = { contents: 'read', deployments: 'read', pull_requests: 'write', statuses: 'write' }

export type PromoteWorld = Awaited<ReturnType<typeof startPromoteWorld>>

type Delivery = { kind?: Kind; rejects?: string; state?: DeploymentState }

/** dev → staging → prod without soak, windows and freezes; `soak` is that of prod. */
export const configurationOf = (soak?: string): Configuration => {
  const configuration = example()
  const prod = { branch: 'main', account: '444444444444', region: 'eu-west-1', promotesFrom: 'staging', ...(soak && { soak }) }
  return { ...configuration, environments: { ...configuration.environments, prod } }
}

/**
 * A repository on disk that GitHub's stand-in shows, with dev, staging and main on one commit, and a person's clone. Every run
 * of the action gets a clone of its own, as actions/checkout makes it.
 */
export const startPromoteWorld = async (configuration: Configuration = configurationOf()) => {
  const base = mkdtempSync(join(tmpdir(), 'promote-world-'))
  const [origin, person] = [join(base, 'origin.git'), join(base, 'person')]
  const run = (cwd: string, ...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', '-c', 'commit.gpgsign=false', ...args], {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim()
  run(base, 'init', '-q', '--bare', '-b', 'main', origin)
  run(base, 'clone', '-q', origin, person)
  const git = (...args: string[]): string => run(person, ...args)
  const gitHub = await startGitHub({ git: bareRepository(origin) })
  gitHub.state.workflowPermissions.can_approve_pull_request_reviews = true
  const token = gitHub.tokens.forJob(JOB)
  const client = await gitHubClient(gitHub.tokens.forJob({ deployments: 'write', contents: 'read' }), 'acme/shop', gitHub.url)

  const push = (branch: string): string => {
    git('push', '-q', 'origin', `HEAD:refs/heads/${branch}`)
    return git('rev-parse', 'HEAD')
  }
  /** A commit on a branch, pushed. */
  const commit = (branch: string, files: Record<string, string>, message = 'change'): string => {
    at(branch)
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(person, path)), { recursive: true })
      writeFileSync(join(person, path), content)
    }
    git('add', '-A')
    git('commit', '-q', '--allow-empty', '-F', write('message', message))
    return push(branch)
  }
  const write = (name: string, content: string): string => {
    writeFileSync(join(base, name), content)
    return join(base, name)
  }
  /** Puts the person's clone on a branch as GitHub has it. */
  const at = (branch: string): void => {
    git('fetch', '-q', 'origin')
    git('checkout', '-q', '-B', branch, `origin/${branch}`)
  }
  const merge = (into: string, from: string, ...options: string[]): string => {
    at(into)
    git('merge', '-q', '--no-edit', ...(options.length === 0 ? ['--no-ff'] : options), `origin/${from}`)
    if (options.includes('--squash')) git('commit', '-q', '--allow-empty', '-m', `Squash ${from} (#99)`)
    return push(into)
  }

  /** What deploy-service leaves on GitHub when it has brought a branch's head to an environment. Answers with the release. */
  const deliver = async (environment: string, revision: string, delivery: Delivery = {}): Promise<string> => {
    git('fetch', '-q', 'origin')
    const commitId = git('rev-parse', revision)
    const tag = `src-${git('rev-parse', `${commitId}:app`)}`
    const digest = `sha256:${createHash('sha256').update(tag).digest('hex')}`
    const services = Object.fromEntries(Object.entries(configuration.services).map(([name, { image }]) => [name, image]))
    const release = releaseId({ app: { digest } }, services)
    const place = { environment, commit: commitId, logUrl: '', timeout: 5_000 }
    const deployments = deploymentStatuses(client, place)
    const { kind = environment === 'dev' ? 'first' : 'promotion', rejects, state } = delivery
    for (const service of Object.keys(services)) {
      const id = await deployments.begin({ service, digest, tag, release, kind, ...(rejects && { rejects }) }, undefined)
      if (state !== undefined || kind !== 'hold') await deployments.end(id, state ?? 'success', 'x')
    }
    return release
  }

  let clones = 0
  /** What actions/checkout makes of a commit or a pull request's merge, with `fetch-depth: 0`. */
  const checkout = (revision: string): string => {
    const folder = join(base, `checkout-${++clones}`)
    run(base, 'clone', '-q', '--no-checkout', origin, folder)
    run(folder, 'fetch', '-q', 'origin', '+refs/pull/*:refs/remotes/pull/*')
    run(
      folder,
      'checkout',
      '-q',
      '--detach',
      revision.startsWith('refs/pull/') ? revision.replace('refs/', '') : `origin/${revision}`,
    )
    return folder
  }
  const person_ = await gitHubClient(gitHub.tokens.forPerson('octocat'), 'acme/shop', gitHub.url)
  const openPull = async (head: string, into: string, body = ''): Promise<number> =>
    (await person_.rest.pulls.create({ owner: 'acme', repo: 'shop', head, base: into, title: `${head} to ${into}`, body })).data
      .number

  const ports = async (folder: string, given = token): Promise<Ports> => {
    const job = await gitHubClient(given, 'acme/shop', gitHub.url)
    return {
      clone: clone(folder),
      pulls: pullRequests(job),
      statuses: commitStatuses(job, CONTEXT),
      deployments: gitHubDeployments(job),
    }
  }
  const settings = (more: { now?: number; dryRun?: boolean }) => ({
    configuration,
    config: 'delivery.json',
    runUrl: 'https://github.com/acme/shop/actions/runs/7',
    now: more.now ?? Date.now(),
    dryRun: more.dryRun ?? false,
  })
  type More = { environment?: string; release?: string; now?: number; dryRun?: boolean; token?: string }
  const start = async (request: Request, revision: string, more: More) =>
    promote(request, settings(more), await ports(checkout(revision), more.token))

  git('checkout', '-q', '-b', 'main')
  for (const [path, content] of Object.entries({
    'delivery.json': JSON.stringify(configuration, null, 2),
    'app/Dockerfile': 'FROM scratch\n',
    'app/server.js': 'serve()\n',
    'README.md': 'shop\n',
  })) {
    mkdirSync(dirname(join(person, path)), { recursive: true })
    writeFileSync(join(person, path), content)
  }
  git('add', '-A')
  git('commit', '-q', '-m', 'first')
  for (const branch of ['main', 'staging', 'dev']) push(branch)

  return {
    gitHub,
    token,
    git,
    commit,
    merge,
    at,
    push,
    deliver,
    checkout,
    openPull,
    /** The gate in the run of a pull request, from its merge commit. */
    gate: async (number: number, more: More = {}) => {
      const revision = gitHub.state.git.refs()[`refs/pull/${number}/merge`] === undefined ? 'dev' : `refs/pull/${number}/merge`
      const folder = checkout(revision)
      const commitId = run(folder, 'rev-parse', 'HEAD')
      const request: Request = { operation: 'gate', environment: undefined, release: undefined, pull: number, commit: commitId }
      return promote(request, settings(more), await ports(folder))
    },
    /** The gate in a run of another event: every open pull request. */
    refresh: (more: More = {}) =>
      start({ operation: 'gate', environment: more.environment, release: undefined, commit: 'HEAD' }, 'dev', more),
    propose: (environment: string, more: More = {}) =>
      start({ operation: 'propose', environment, release: more.release, commit: 'HEAD' }, 'dev', more),
    backMerge: (environment: string, more: More = {}) =>
      start({ operation: 'back-merge', environment, release: undefined, commit: 'HEAD' }, 'dev', more),
    /** Statuses on the head of a branch, oldest first. */
    statuses: (branch: string) => {
      const sha = gitHub.state.git.refs()[`refs/heads/${branch}`]
      return gitHub.state.statuses.filter((status) => status.sha === sha)
    },
    /** The action as the runner starts it. */
    step: (inputs: Record<string, string>, env: Record<string, string> = {}, revision = 'dev'): Promise<Step> => {
      const folder = checkout(revision)
      return runAction(
        'promote-branch',
        { 'github-token': token, ...inputs },
        {
          entry: SOURCE,
          env: {
            GITHUB_API_URL: gitHub.url,
            GITHUB_REPOSITORY: 'acme/shop',
            GITHUB_EVENT_NAME: 'push',
            GITHUB_REF: `refs/heads/${revision}`,
            GITHUB_SHA: run(folder, 'rev-parse', 'HEAD'),
            GITHUB_RUN_ID: '7',
            GITHUB_WORKSPACE: folder,
            ...env,
          },
        },
      )
    },
    /** The event's file of a pull request. */
    event: (payload: object): Record<string, string> => ({
      GITHUB_EVENT_NAME: 'pull_request',
      GITHUB_EVENT_PATH: write('event.json', JSON.stringify(payload)),
    }),
    close: async () => {
      await gitHub.close()
      rmSync(base, { recursive: true, force: true })
    },
  }
}
