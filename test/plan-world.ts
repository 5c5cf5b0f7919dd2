import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { example } from '../lib/delivery/configuration.case.ts'
import type { Configuration } from '../lib/delivery/configuration.ts'
import { identity } from '../lib/delivery/identity.ts'
import { type Release, recordNames, releaseId } from '../lib/delivery/records.ts'
import type { Fault } from '../local/aws/faults.ts'
import { type Cloud, startCloud } from '../local/cloud.ts'
import { gitHubClaims } from '../local/github/claims.ts'
import { runAction, type Step } from '../local/github/step.ts'
import { putImage } from './images.ts'

const region = 'eu-west-1'
const SOURCE = join(import.meta.dirname, '..', 'actions', 'plan-delivery', 'src', 'main.ts')

export type PlanWorld = Awaited<ReturnType<typeof startPlanWorld>>

/** The example project: four accounts with the roles of delivery.json, a registry, and a clone with one commit on dev. */
export const startPlanWorld = async (configuration: Configuration = example(), faults: Fault[] = []) => {
  const base = mkdtempSync(join(tmpdir(), 'plan-world-'))
  const cloud: Cloud = await startCloud({
    faults,
    scenario: {
      ...identity(configuration),
      repositories: Object.keys(configuration.images).map((image) => ({
        account: configuration.registry.account,
        region,
        name: `${configuration.project}/${image}`,
        tagMutability: 'IMMUTABLE' as const,
      })),
    },
  })
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { cwd: base, encoding: 'utf8' }).trim()
  const commit = (files: Record<string, string>): string => {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(base, path)), { recursive: true })
      writeFileSync(join(base, path), content)
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
  const put = async (environment: string, Value: string): Promise<void> => {
    const account = configuration.environments[environment]?.account ?? ''
    const ssm = new SSMClient({ endpoint: cloud.endpoint, region, credentials: cloud.adminKey(account) })
    const Name = recordNames(configuration.project, environment).release
    await ssm.send(new PutParameterCommand({ Name, Value, Type: 'String', Tier: 'Advanced', Overwrite: true }))
  }

  /** A job on the branch in the called workflow `_plan.yml`, as GitHub starts it. */
  const job = (branch: string, jobWorkflowFile = '_plan.yml'): Record<string, string> => {
    const { owner, ownerId, name: repository, id: repositoryId } = configuration.repository
    const ref = `refs/heads/${branch}`
    const sha = git('rev-parse', 'HEAD')
    const { url, token } = cloud.issuer.job(
      gitHubClaims({
        owner,
        ownerId,
        repository,
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
      GITHUB_EVENT_NAME: 'push',
      GITHUB_REF: ref,
      GITHUB_SHA: sha,
      GITHUB_RUN_ID: '7',
      GITHUB_RUN_ATTEMPT: '1',
      GITHUB_WORKSPACE: base,
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
    git,
    commit,
    tag,
    build,
    record,
    put,
    job,
    keys,
    plan,
    close: async () => {
      await cloud.close()
      rmSync(base, { recursive: true, force: true })
    },
  }
}
