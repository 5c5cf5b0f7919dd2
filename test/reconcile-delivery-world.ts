import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { ECSClient } from '@aws-sdk/client-ecs'
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { example } from '../lib/delivery/configuration.case.ts'
import type { Configuration } from '../lib/delivery/configuration.ts'
import { type Release, recordNames, releaseId } from '../lib/delivery/records.ts'
import { cloudFormationService } from '../local/aws/cloudformation/service.ts'
import { ecsService } from '../local/aws/ecs/service.ts'
import { scriptedFunctions } from '../local/aws/lambda/scripted.ts'
import { type LambdaService, lambdaService } from '../local/aws/lambda/service.ts'
import { type Cloud, startCloud } from '../local/cloud.ts'
import { type Script, scriptedRuntime } from '../local/containers/scripted.ts'
import { gitHubClaims } from '../local/github/claims.ts'
import { runAction, type Step } from '../local/github/step.ts'
import { scaledTime } from '../local/time.ts'
import { putImage } from './images.ts'
import { permittedIdentity } from './permissions/permitted.ts'
import { liveServices } from './reconcile-delivery-services.ts'

const region = 'eu-west-1'
const SOURCE = join(import.meta.dirname, '..', 'actions', 'reconcile-delivery', 'src', 'main.ts')

/** Two ECS services of one image in three environments, each in an account of its own. */
export const twoServices = (): Configuration => {
  const { environments, ...rest } = example()
  const { dev, staging, prod } = environments as Record<'dev' | 'staging' | 'prod', Configuration['environments'][string]>
  const { soak: _, window: __, freeze: ___, ...main } = prod
  const service = { image: 'app', target: 'ecs' as const, count: 2, cpu: 256 as const, memory: 512 }
  return {
    ...rest,
    environments: { dev, staging, prod: main },
    services: { api: service, worker: { ...service, count: 1, dependsOn: ['api'] } },
  }
}

export type ReconcileWorld = Awaited<ReturnType<typeof startReconcileWorld>>

/** Registry and three environments with services of scripted containers, and a clone with their branches. */
export const startReconcileWorld = async (configuration: Configuration = twoServices()) => {
  const { project, environments, registry, services } = configuration
  const base = mkdtempSync(join(tmpdir(), 'reconcile-world-'))
  const time = scaledTime(20)
  const script: Script = {}
  let engine: ReturnType<typeof ecsService> | undefined
  let lambda: LambdaService | undefined
  const accounts = Object.values(environments).map(({ account }) => `arn:aws:iam::${account}:root`)
  const open = {
    Effect: 'Allow' as const,
    Principal: { AWS: accounts },
    Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer', 'ecr:PutImage'],
  }
  const cloud: Cloud = await startCloud({
    time,
    scenario: {
      ...permittedIdentity(configuration),
      repositories: Object.keys(configuration.images).map((image) => ({
        account: registry.account,
        region,
        name: `${project}/${image}`,
        tagMutability: 'IMMUTABLE' as const,
        policy: { Statement: [open, { ...open, Principal: { Service: 'lambda.amazonaws.com' } }] },
      })),
    },
    services: (core) => {
      engine = ecsService({ ...core, runtime: scriptedRuntime(script, time) })
      lambda = lambdaService({ ...core, runtime: scriptedFunctions({}, time) })
      return [engine, lambda, cloudFormationService(core)]
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
  git('branch', 'staging')
  git('branch', 'main')

  const tag = (rev = 'HEAD'): string => `src-${git('rev-parse', `${rev}:app`)}`
  const build = async (rev = 'HEAD', more: string[] = []): Promise<string> => {
    const digest = await putImage(cloud, registry.account, region, `${project}/app`, tag(rev))
    script[digest] = { startsAfter: 0.2 }
    for (const each of more) await putTag(digest, each)
    return digest
  }
  const putTag = async (digest: string, more: string): Promise<void> => {
    const { BatchGetImageCommand, ECRClient, PutImageCommand } = await import('@aws-sdk/client-ecr')
    const ecr = new ECRClient(config(registry.account))
    const repositoryName = `${project}/app`
    const { images = [] } = await ecr.send(new BatchGetImageCommand({ repositoryName, imageIds: [{ imageDigest: digest }] }))
    const { imageManifest, imageManifestMediaType } = images[0] ?? {}
    await ecr.send(new PutImageCommand({ repositoryName, imageManifest, imageManifestMediaType, imageTag: more }))
  }
  const config = (account: string) => ({ endpoint: cloud.endpoint, region, credentials: cloud.adminKey(account) })
  const account = (environment: string): string => environments[environment]?.account ?? ''
  const ssm = (environment: string): SSMClient => new SSMClient(config(account(environment)))
  const ecs = (environment: string): ECSClient => new ECSClient(config(account(environment)))
  const image = (digest: string): string => `${registry.account}.dkr.ecr.${region}.amazonaws.com/${project}/app@${digest}`

  const put = async (environment: string, Name: string, Value: string): Promise<void> => {
    await ssm(environment).send(new PutParameterCommand({ Name, Value, Type: 'String', Tier: 'Advanced', Overwrite: true }))
  }
  /** What a verified delivery leaves: image records, then the release. */
  const record = async (environment: string, digest: string, over: Partial<Release> = {}): Promise<Release> => {
    const names = recordNames(project, environment)
    const images = { app: { digest, tag: tag() } }
    const map = Object.fromEntries(Object.entries(services).map(([name, service]) => [name, service.image]))
    const release: Release = {
      release: releaseId(images, map),
      images,
      services: map,
      commit: git('rev-parse', 'HEAD'),
      run: 'https://github.com/acme/shop/actions/runs/7',
      actor: 'octocat',
      verifiedAt: new Date(time.now().getTime() - 7_200_000).toISOString(),
      rejected: [],
      ...over,
    }
    for (const name of Object.keys(services)) await put(environment, names.image(name), image(digest))
    await put(environment, names.release, JSON.stringify(release))
    return release
  }
  const read = async (environment: string, Name: string): Promise<string | undefined> => {
    const answer = await ssm(environment)
      .send(new GetParameterCommand({ Name }))
      .catch(() => undefined)
    return answer?.Parameter?.Value
  }
  const { run, change } = liveServices(configuration, ecs, image)
  /** A job of `_reconcile.yml` on the default branch, as GitHub starts it. */
  const job = (branch = 'main'): Record<string, string> => {
    const { owner, ownerId, name: repository, id: repositoryId } = configuration.repository
    const [ref, sha] = [`refs/heads/${branch}`, git('rev-parse', branch)]
    const files = { workflowFile: 'reconcile.yml', jobWorkflowFile: '_reconcile.yml' }
    const { url, token } = cloud.issuer.job(
      gitHubClaims({ owner, ownerId, repository, repositoryId, ref, sha, event: 'schedule', ...files }),
    )
    return {
      ACTIONS_ID_TOKEN_REQUEST_URL: url,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: token,
      AWS_ENDPOINT_URL: cloud.endpoint,
      GITHUB_EVENT_NAME: 'schedule',
      GITHUB_REF: ref,
      GITHUB_SHA: sha,
      GITHUB_REPOSITORY: `${owner}/${repository}`,
      GITHUB_RUN_ID: '9',
      GITHUB_RUN_ATTEMPT: '1',
      GITHUB_WORKSPACE: base,
    }
  }
  const reconcile = (inputs: Record<string, string> = {}, env: Record<string, string> = {}): Promise<Step> =>
    runAction('reconcile-delivery', inputs, { entry: SOURCE, env: { ...job(), ...env } })
  return {
    base,
    cloud,
    time,
    script,
    git,
    commit,
    tag,
    build,
    putTag,
    account,
    /** For clients of an administrator of an environment's account. */
    config: (environment: string) => config(account(environment)),
    image,
    /** Makes functions as infrastructure does. */
    lambda: () => lambda as LambdaService,
    put,
    read,
    record,
    run,
    change,
    job,
    reconcile,
    close: async () => {
      await Promise.all([engine?.stopAll(), lambda?.close()])
      await cloud.close()
      rmSync(base, { recursive: true, force: true })
    },
  }
}
