import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ECR } from '@aws-sdk/client-ecr'
import { IAM } from '@aws-sdk/client-iam'
import { example } from '../../lib/delivery/configuration.case.ts'
import type { Configuration } from '../../lib/delivery/configuration.ts'
import { roleArn } from '../../lib/delivery/names.ts'
import type { PolicyDocument } from '../../local/aws/policy.ts'
import { gitHubClaims } from '../../local/github/claims.ts'
import { runAction, type Step } from '../../local/github/step.ts'
import { rootKeys, startMiniStack } from '../identity/ministack.ts'
import { asMiniStackAsks } from './ministack-asks.ts'
import type { SynthesisedRole } from './synthesised.ts'

export const account = '111111111111'
export const region = 'eu-west-1'

/** One account for all, since MiniStack takes no registry of another account. */
export const configuration: Configuration = {
  ...example(),
  environments: Object.fromEntries(
    Object.entries(example().environments).map(([name, { soak: _, window: __, freeze: ___, ...place }]) => [
      name,
      { ...place, account },
    ]),
  ),
}

/** A job of a called workflow, and the role that it is to get. */
export type Job = { role: string; file: string; branch: string; environment?: string }

export type MiniStackWorld = Awaited<ReturnType<typeof startMiniStackWorld>>

/**
 * MiniStack with `AUTH=true` and the synthesised roles: identity policies and boundary as they are, trusts reduced to `aud` and
 * `sub`, which are the only claims that it maps. A clone with a commit on dev, whose image is in the registry.
 */
export const startMiniStackWorld = async (roles: readonly SynthesisedRole[], project = configuration) => {
  const miniStack = await startMiniStack()
  const folder = mkdtempSync(join(tmpdir(), 'ministack-world-'))
  const admin = { region, endpoint: miniStack.url, credentials: rootKeys(account) }
  const iam = new IAM(admin)
  await iam.createOpenIDConnectProvider({
    Url: 'https://token.actions.githubusercontent.com',
    ClientIDList: ['sts.amazonaws.com'],
  })
  const boundaries = new Map(roles.map(({ name, boundary }) => [boundaryOf(name), boundary]))
  for (const [PolicyName, document] of boundaries)
    await iam.createPolicy({ PolicyName, PolicyDocument: JSON.stringify(document) })
  const allow = async ({ name, policies }: SynthesisedRole): Promise<void> => {
    for (const [index, policy] of policies.entries())
      await iam.putRolePolicy({
        RoleName: name,
        PolicyName: `policy-${index}`,
        PolicyDocument: JSON.stringify(asMiniStackAsks(policy)),
      })
  }
  for (const role of roles) {
    const PermissionsBoundary = `arn:aws:iam::${account}:policy/${boundaryOf(role.name)}`
    const AssumeRolePolicyDocument = JSON.stringify(reduced(role.trust))
    await iam.createRole({ RoleName: role.name, AssumeRolePolicyDocument, PermissionsBoundary })
    await allow(role)
  }

  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
      cwd: folder,
      encoding: 'utf8',
    }).trim()
  git('init', '-q', '-b', 'dev')
  mkdirSync(join(folder, 'app'))
  writeFileSync(join(folder, 'delivery.json'), JSON.stringify(project))
  writeFileSync(join(folder, 'app', 'Dockerfile'), 'FROM scratch\n')
  git('add', '-A')
  git('commit', '-q', '-m', 'begin')

  const run = (action: string, job: Job, inputs: Record<string, string>): Promise<Step> => {
    const { owner, ownerId, name: repository, id: repositoryId } = configuration.repository
    const ref = `refs/heads/${job.branch}`
    const sha = git('rev-parse', 'HEAD')
    const { url, token } = miniStack.issuer.job(
      gitHubClaims({
        ...{ owner, ownerId, repository, repositoryId, ref, sha },
        ...{ event: 'push', workflowFile: 'deliver.yml', jobWorkflowFile: job.file },
        ...(job.environment !== undefined && { environment: job.environment }),
      }),
    )
    const env = {
      ACTIONS_ID_TOKEN_REQUEST_URL: url,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: token,
      AWS_ENDPOINT_URL: miniStack.url,
      GITHUB_ACTOR: 'mona',
      GITHUB_EVENT_NAME: 'push',
      GITHUB_REF: ref,
      GITHUB_REPOSITORY: `${owner}/${repository}`,
      GITHUB_RUN_ID: '7',
      GITHUB_RUN_ATTEMPT: '1',
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_SHA: sha,
      GITHUB_WORKSPACE: folder,
    }
    const place =
      job.role === ''
        ? {}
        : { 'role-to-assume': roleArn({ account, region }, job.role), 'aws-account-id': account, 'aws-region': region }
    const entry = join(import.meta.dirname, '..', '..', 'actions', action, 'src', 'main.ts')
    return runAction(action, { ...place, ...inputs }, { entry, env })
  }
  return {
    admin,
    /** The clone. */
    folder,
    /** Gives a role these policies and no other. */
    allow,
    run,
    tag: (): string => `src-${git('rev-parse', 'HEAD:app')}`,
    close: async () => {
      await miniStack.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const boundaryOf = (role: string): string => `${role.slice(0, role.lastIndexOf('-'))}-boundary`

const reduced = ({ Statement, ...trust }: PolicyDocument): PolicyDocument => ({
  ...trust,
  Statement: [Statement].flat().map((statement) => ({
    ...statement,
    Condition: {
      StringEquals: Object.fromEntries(
        Object.entries(statement.Condition?.['StringEquals'] ?? {}).filter(([key]) => /:(aud|sub)$/.test(key)),
      ),
    },
  })),
})

/** Puts an image into MiniStack's registry by API: its layers are nobody's concern there. Resolves to its digest. */
export const putImage = async (world: MiniStackWorld): Promise<string> => {
  const ecr = new ECR(world.admin)
  await ecr.createRepository({ repositoryName: 'shop/app', imageTagMutability: 'IMMUTABLE' })
  const config = JSON.stringify({ architecture: 'amd64', os: 'linux', config: {}, rootfs: { type: 'layers', diff_ids: [] } })
  const digest = `sha256:${createHash('sha256').update(config).digest('hex')}`
  const mediaType = 'application/vnd.oci.image.manifest.v1+json'
  const manifest = {
    ...{ schemaVersion: 2, mediaType, layers: [] },
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest, size: config.length },
  }
  const { image } = await ecr.putImage({
    ...{ repositoryName: 'shop/app', imageTag: world.tag(), imageManifest: JSON.stringify(manifest) },
    imageManifestMediaType: mediaType,
  })
  return image?.imageId?.imageDigest ?? ''
}
