import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { type Release, recordNames, releaseId } from '../../lib/delivery/records.ts'
import { type Cloud, startCloud } from '../../local/cloud.ts'
import { type Step, startAction } from '../../local/github/step.ts'
import { putImage } from '../../test/images.ts'
import { bundleOf } from '../bundles.ts'
import { distributionOf } from '../distribution.ts'
import { type Figure, milliseconds, type Options, type Row, summary } from '../figure.ts'

const ACTION = 'plan-delivery'
const SERVICES = 100
const MOST = 1_000
const account = '222222222222'
const region = 'eu-west-1'
const branches = ['dev', 'staging', 'main']

const names = Array.from({ length: SERVICES }, (_, index) => `service-${index}`)

/** One account for all, so that one key may read everything; each service waits for the one before it. */
const configuration = () => {
  const place = { account, region }
  return {
    project: 'shop',
    repository: { owner: 'acme', ownerId: 1, name: 'shop', id: 2 },
    registry: place,
    environments: {
      dev: { branch: 'dev', ...place },
      staging: { branch: 'staging', ...place, promotesFrom: 'dev' },
      prod: { branch: 'main', ...place, promotesFrom: 'staging' },
    },
    images: { app: { context: 'app' } },
    services: Object.fromEntries(
      names.map((name, index) => [
        name,
        {
          image: 'app',
          target: 'ecs',
          port: 8080,
          path: `/${name}`,
          priority: index + 1,
          in: { prod: { count: 4 } },
          ...(index > 0 && { dependsOn: [`service-${index - 1}`] }),
        },
      ]),
    ),
  }
}

const git = (clone: string, ...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=bench', '-c', 'user.email=bench@example.org', ...args], {
    cwd: clone,
    encoding: 'utf8',
  }).trim()

const makeClone = (): string => {
  const clone = mkdtempSync(join(tmpdir(), 'slipway-plan-'))
  mkdirSync(join(clone, 'app'))
  writeFileSync(join(clone, 'app', 'Dockerfile'), 'FROM scratch\n')
  writeFileSync(join(clone, 'delivery.json'), JSON.stringify(configuration(), null, 2))
  git(clone, 'init', '-q', '-b', 'dev')
  git(clone, 'add', '-A')
  git(clone, 'commit', '-q', '-m', 'first')
  return clone
}

const planStep = (cloud: Cloud, clone: string, commit: string, branch: string): Promise<Step> => {
  const { accessKeyId, secretAccessKey } = cloud.adminKey(account)
  const env = {
    AWS_ENDPOINT_URL: cloud.endpoint,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    GITHUB_EVENT_NAME: 'push',
    GITHUB_REF: `refs/heads/${branch}`,
    GITHUB_SHA: commit,
    GITHUB_WORKSPACE: clone,
  }
  return startAction(ACTION, { credentials: 'ambient' }, { entry: bundleOf(ACTION), env }).done
}

/** Puts the image into the registry and writes down that dev and staging have verified it. */
const verifyEverywhere = async (cloud: Cloud, commit: string, tag: string): Promise<void> => {
  const digest = await putImage(cloud, account, region, 'shop/app', tag)
  const services = Object.fromEntries(names.map((name) => [name, 'app']))
  const images = { app: { digest, tag } }
  const release: Release = {
    release: releaseId(images, services),
    images,
    services,
    commit,
    run: 'https://github.com/acme/shop/actions/runs/1',
    actor: 'octocat',
    verifiedAt: new Date(Date.now() - 3_600_000).toISOString(),
    rejected: [],
  }
  const ssm = new SSMClient({ endpoint: cloud.endpoint, region, credentials: cloud.adminKey(account) })
  for (const environment of ['dev', 'staging']) {
    const parameter = { Name: recordNames('shop', environment).release, Value: JSON.stringify(release), Type: 'String' as const }
    await ssm.send(new PutParameterCommand(parameter))
  }
}

/** Three whole steps, one after the other; every one must plan all services. */
const planAll = async (cloud: Cloud, clone: string, commit: string): Promise<number[]> => {
  const taken: number[] = []
  for (const branch of branches) {
    const step = await planStep(cloud, clone, commit, branch)
    const { services = [] } = JSON.parse(step.outputs['plan'] || '{}') as { services?: unknown[] }
    if (step.exitCode !== 0 || services.length !== SERVICES) throw new Error(`${branch} was not planned:\n${step.log}`)
    taken.push(step.milliseconds)
  }
  return taken
}

const measure = async ({ runs }: Options): Promise<Row[]> => {
  const clone = makeClone()
  const repositories = [{ account, region, name: 'shop/app' }]
  const cloud = await startCloud({ scenario: { accounts: [account], roles: [], repositories } })
  try {
    const commit = git(clone, 'rev-parse', 'HEAD')
    const first = await planStep(cloud, clone, commit, 'dev')
    const [image] = JSON.parse(first.outputs['images'] || '[]') as { tag: string }[]
    if (!image) throw new Error(`the first plan names no image:\n${first.log}`)
    await verifyEverywhere(cloud, commit, image.tag)
    const series: number[][] = []
    for (let run = 0; run < runs; run += 1) series.push(await planAll(cloud, clone, commit))
    return rowsOf(series)
  } finally {
    await cloud.close()
    rmSync(clone, { recursive: true, force: true })
  }
}

const rowsOf = (series: readonly number[][]): Row[] => {
  const sums = series.map((steps) => steps.reduce((sum, step) => sum + step, 0))
  const single = series.flat()
  const whole = distributionOf(sums)
  const how =
    'whole steps plan-delivery, process start to end, a push to each of dev, staging and main one after the other: delivery.json with ' +
    '100 services in one chain read from git, image and upstream records from the local cloud, all gates asked; the target is for the median'
  return [
    {
      what: '100 services × 3 environments, three steps together',
      how,
      result: summary(whole),
      target: `≤ ${milliseconds(MOST)}`,
      met: whole.median <= MOST,
      samples: sums,
    },
    { what: '100 services, one step', how, result: summary(distributionOf(single)), target: '', samples: single },
  ]
}

export const plan: Figure = { name: 'plan', alone: true, runs: 10, measure }
