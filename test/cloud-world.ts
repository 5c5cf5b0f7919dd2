import { SSMClient } from '@aws-sdk/client-ssm'
import type { Fault } from '../local/aws/faults.ts'
import { isChange } from '../local/aws/recorder.ts'
import type { Service } from '../local/aws/service.ts'
import { type Cloud, type CloudCore, startCloud } from '../local/cloud.ts'
import { memoryGit } from '../local/github/api/memory-git.ts'
import { runAction, type StepOptions, startAction } from '../local/github/step.ts'
import type { ScenarioRole } from '../local/scenario.ts'
import { scaledTime } from '../local/time.ts'
import { putImage } from './images.ts'

export const registryAccount = '111111111111'
export const account = '222222222222'
export const region = 'eu-west-1'
export const repository = `${registryAccount}.dkr.ecr.${region}.amazonaws.com/shop/app`

export type CloudWorld = Awaited<ReturnType<typeof startCloudWorld>>

export type CloudWorldOptions = {
  /** Nominal seconds that pass in one real second. */
  factor?: number
  /** Tags of the images in the registry. */
  tags?: readonly string[]
  /** `amd64` where a tag is not named. */
  architectures?: Record<string, string>
  roles?: ScenarioRole[]
  faults?: Fault[]
  logDelay?: number
  /** What runs in the dev account. */
  services?: (core: CloudCore) => Service[]
}

/** A registry account with images, and a dev account in which `deploy-service` is started; what runs there is the caller's. */
export const startCloudWorld = async (options: CloudWorldOptions = {}) => {
  const reading = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer']
  const principal = { AWS: `arn:aws:iam::${account}:root` }
  const allowReading = {
    Statement: [
      { Effect: 'Allow' as const, Principal: principal, Action: [...reading, 'ecr:PutImage'] },
      { Effect: 'Allow' as const, Principal: { Service: 'lambda.amazonaws.com' }, Action: reading },
    ],
  }
  const git = memoryGit()
  const cloud: Cloud = await startCloud({
    time: scaledTime(options.factor ?? 20),
    github: { git },
    scenario: {
      accounts: [registryAccount, account],
      roles: options.roles ?? [],
      repositories: [{ account: registryAccount, region, name: 'shop/app', tagMutability: 'IMMUTABLE', policy: allowReading }],
    },
    ...(options.faults && { faults: options.faults }),
    ...(options.logDelay !== undefined && { logDelay: options.logDelay }),
    ...(options.services && { services: options.services }),
  })
  const digests: Record<string, string> = {}
  for (const tag of options.tags ?? [])
    digests[tag] = await putImage(cloud, registryAccount, region, 'shop/app', tag, options.architectures?.[tag])
  const credentials = cloud.adminKey(account)
  const config = { endpoint: cloud.endpoint, region, credentials }
  const keys = { AWS_ACCESS_KEY_ID: credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey }
  const env = { AWS_ENDPOINT_URL: cloud.endpoint, AWS_REGION: region, ...keys }
  const all = (more: StepOptions): StepOptions => ({ ...more, env: { ...env, ...more.env } })
  return {
    cloud,
    /** The history that GitHub has of the repository. */
    git,
    /** For clients of an administrator of the dev account. */
    config,
    ssm: new SSMClient(config),
    env,
    digests,
    imageOf: (tag: string): string => `${repository}@${digests[tag]}`,
    deploy: (given: Record<string, string>, more: StepOptions = {}) => runAction('deploy-service', given, all(more)),
    startDeploy: (given: Record<string, string>, more: StepOptions = {}) => startAction('deploy-service', given, all(more)),
    /**
     * Calls that changed something, since a mark of the recorder: the lease, which is taken and given back around all of them, is
     * not meant, nor is a host that is only asked what it runs.
     */
    writes: (since = 0): string[] =>
      cloud.recorder
        .calls({ since })
        .filter(isChange)
        .filter(({ input }) => !String((input as { Name?: string }).Name).endsWith('/lock'))
        .map(({ service: name, operation }) => `${name}:${operation}`),
    close: () => cloud.close(),
  }
}

/** Asks until the answer is right; gives up after ten seconds. */
export const until = async <T>(ask: () => Promise<T>, right: (answer: T) => boolean): Promise<T> => {
  const deadline = Date.now() + 10_000
  for (;;) {
    const answer = await ask()
    if (right(answer)) return answer
    if (Date.now() > deadline) throw new Error(`not reached within 10 s, last answer: ${JSON.stringify(answer).slice(0, 500)}`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}
