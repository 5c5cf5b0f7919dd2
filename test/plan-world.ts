import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { example } from '../lib/delivery/configuration.case.ts'
import type { Configuration } from '../lib/delivery/configuration.ts'
import { type Release, recordNames, releaseId } from '../lib/delivery/records.ts'
import { gitHubClient } from '../lib/github/client.ts'
import { type DeploymentPayload, type DeploymentState, deploymentStatuses } from '../lib/github/deployment-status.ts'
import type { Fault } from '../local/aws/faults.ts'
import { type Cloud, startCloud } from '../local/cloud.ts'
import { bareRepository } from '../local/github/api/bare-repository.ts'
import type { Permissions } from '../local/github/api/permissions.ts'
import { gitHubClaims } from '../local/github/claims.ts'
import { runAction, type Step } from '../local/github/step.ts'
import { putImage } from './images.ts'
import { permittedIdentity } from './permissions/permitted.ts'

const region = 'eu-west-1'
const SOURCE = join(import.meta.dirname, '..', 'actions', 'plan-delivery', 'src', 'main.ts')

export type PlanWorld = Awaited<ReturnType<typeof startPlanWorld>>

/** The example project: four accounts with the roles of delivery.json, a registry, and a clone with one commit on dev. */
export const startPlanWorld = async (configuration: Configuration = example(), faults: Fault[] = []) => {
  const folder = mkdtempSync(join(tmpdir(), 'plan-world-'))
  const events = mkdtempSync(join(tmpdir(), 'plan-events-'))
  const cloud: Cloud = await startCloud({
    faults,
    github: { git: bareRepository(folder) },
    scenario: {
      ...permittedIdentity(configuration),
      repositories: Object.keys(configuration.images).map((image) => ({
        account: configuration.registry.account,
        region,
        name: `${configuration.project}/${image}`,
        tagMutability: 'IMMUTABLE' as const,
      })),
    },
  })
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
      cwd: folder,
      encoding: 'utf8',
    }).trim()
  const commit = (files: Record<string, string>): string => {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), content)
    }
    git('add', '-A')
    git('commit', '-q', '-m', 'change')
    return git('rev-parse', 'HEAD')
  }
  git('init', '-q', '-b', 'dev')
  commit({ 'delivery.json': JSON.stringify(configuration, null, 2), 'app/Dockerfile': 'FROM scratch\n' })

  const tag = (): string => `src-${git('rev-parse', 'HEAD:app')}`
  const build = (): Promise<string> =>
    putImage(cloud, configuration.registry.account, region, `${configuration.project}/app`, tag())

  const services = Object.fromEntries(Object.entries(configuration.services).map(([name, { image }]) => [name, image]))
  const record = async (environment: string, digest: string, over: Partial<Release> = {}): Promise<string> => {
    const images = { app: { digest, tag: tag() } }
    const value: Release = {
      release: releaseId(images, services),
      images,
      services,
      commit: git('rev-parse', 'HEAD'),
      run: 'https://github.com/acme/shop/actions/runs/1',
      actor: 'octocat',
      verifiedAt: '2026-11-01T08:00:00.000Z',
      rejected: [],
      ...over,
    }
    await put(environment, JSON.stringify(value))
    return value.release
  }
  const put = async (environment: string, Value: string, record: 'release' | 'hold' = 'release'): Promise<void> => {
    const account = configuration.environments[environment]?.account ?? ''
    const ssm = new SSMClient({ endpoint: cloud.endpoint, region, credentials: cloud.adminKey(account) })
    const Name = recordNames(configuration.project, environment)[record]
    await ssm.send(new PutParameterCommand({ Name, Value, Type: 'String', Tier: 'Advanced', Overwrite: true }))
  }

  const repository = `${configuration.repository.owner}/${configuration.repository.name}`
  const gitHub = { GITHUB_API_URL: cloud.github.url, GITHUB_REPOSITORY: repository }
  /** Input `github-token` of a job with these permissions. */
  const token = (permissions: Permissions = { deployments: 'read' }) => ({
    'github-token': cloud.github.tokens.forJob(permissions),
  })

  /** A GitHub Deployment of every service, as deploy-service writes it. */
  const announce = async (environment: string, over: Partial<DeploymentPayload> = {}, state: DeploymentState = 'success') => {
    const client = await gitHubClient(cloud.github.tokens.forJob({ deployments: 'write' }), repository, cloud.github.url)
    const place = {
      environment,
      commit: git('rev-parse', 'HEAD'),
      logUrl: 'https://github.com/acme/shop/actions/runs/1',
      timeout: 10_000,
    }
    const statuses = deploymentStatuses(client, place)
    const digest = over.digest ?? `sha256:${'1'.repeat(64)}`
    const release = releaseId({ app: { digest } }, services)
    for (const service of Object.keys(services)) {
      const id = await statuses.begin({ service, digest, tag: tag(), release, kind: 'first', ...over }, undefined)
      await statuses.end(id, state, state)
    }
    return release
  }

  /** A job of a pull request, checked out at its merge: no token for AWS. */
  const pull = (base: string, head: string, over: object = {}): Record<string, string> => {
    const path = join(events, `${base.length}-${head.length}.json`)
    const repo = { id: configuration.repository.id }
    writeFileSync(path, JSON.stringify({ pull_request: { base: { ref: base, repo }, head: { ref: head, repo } }, ...over }))
    return {
      AWS_ENDPOINT_URL: cloud.endpoint,
      ...gitHub,
      GITHUB_EVENT_NAME: 'pull_request',
      GITHUB_EVENT_PATH: path,
      GITHUB_REF: 'refs/pull/7/merge',
      GITHUB_SHA: git('rev-parse', 'HEAD'),
      GITHUB_RUN_ID: '7',
      GITHUB_WORKSPACE: folder,
    }
  }

  /** A job on the branch in the called workflow `_plan.yml`, as GitHub starts it. */
  const job = (branch: string, jobWorkflowFile = '_plan.yml'): Record<string, string> => {
    const { owner, ownerId, name, id: repositoryId } = configuration.repository
    const ref = `refs/heads/${branch}`
    const sha = git('rev-parse', 'HEAD')
    const { url, token } = cloud.issuer.job(
      gitHubClaims({
        owner,
        ownerId,
        repository: name,
        repositoryId,
        ref,
        sha,
        event: 'push',
        workflowFile: 'deliver.yml',
        jobWorkflowFile,
      }),
    )
    return {
      ACTIONS_ID_TOKEN_REQUEST_URL: url,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: token,
      AWS_ENDPOINT_URL: cloud.endpoint,
      ...gitHub,
      GITHUB_EVENT_NAME: 'push',
      GITHUB_REF: ref,
      GITHUB_SHA: sha,
      GITHUB_RUN_ID: '7',
      GITHUB_RUN_ATTEMPT: '1',
      GITHUB_WORKSPACE: folder,
    }
  }
  const keys = (account: string): Record<string, string> => {
    const { accessKeyId, secretAccessKey } = cloud.adminKey(account)
    return { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }
  }
  const plan = (env: Record<string, string>, inputs: Record<string, string> = {}): Promise<Step> =>
    runAction('plan-delivery', inputs, { entry: SOURCE, env })
  return {
    cloud,
    /** The clone. */
    folder,
    git,
    commit,
    tag,
    build,
    record,
    put,
    job,
    keys,
    plan,
    token,
    announce,
    pull,
    close: async () => {
      await cloud.close()
      for (const path of [folder, events]) rmSync(path, { recursive: true, force: true })
    },
  }
}
