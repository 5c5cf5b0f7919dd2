import { setTimeout as sleep } from 'node:timers/promises'
import { CloudWatch } from '@aws-sdk/client-cloudwatch'
import { Lambda } from '@aws-sdk/client-lambda'
import { expect } from 'vitest'
import { devAccount, region, scenario } from '../../cloud.case.ts'
import { startCloud } from '../../cloud.ts'
import { scaledTime } from '../../time.ts'
import { digestOf } from '../ecr/manifest.ts'
import { scriptedFunctions } from './scripted.ts'
import { type LambdaService, lambdaService } from './service.ts'

const digest = (name: string): string => digestOf(Buffer.from(name))

/** Images by what becomes of them: `lost` fails every update, `slow` takes a while to be looked up. */
export const digests = {
  works: digest('works'),
  fails: digest('fails'),
  lost: digest('lost'),
  arm: digest('arm'),
  slow: digest('slow'),
}

export const imageOf = (of: string): string => `${devAccount}.dkr.ecr.${region}.amazonaws.com/app@${of}`

const images = {
  locate: async (image: string) => {
    if (image.endsWith(digests.slow)) await sleep(50)
    return {
      reference: 'app',
      digest: image.split('@')[1] ?? '',
      credentials: { username: 'AWS', password: '' },
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      repository: { account: devAccount, region, arn: '' },
      architecture: async () => (image.endsWith(digests.arm) ? 'arm64' : 'amd64'),
    }
  },
}

const script = {
  '*': { returns: 'worked' },
  [digests.fails]: {
    throws: { errorType: 'Error', errorMessage: 'no database' },
    logs: ['x'.repeat(5_000), 'last words'],
  },
}

/** A local cloud with Lambda, and hands that make functions, update and publish them. */
export const startLambda = async () => {
  const time = scaledTime(100)
  let service: LambdaService | undefined
  const cloud = await startCloud({
    scenario,
    time,
    services: (core) => {
      const updates = { [digests.lost]: { code: 'ImageDeleted', reason: 'it is gone' } }
      service = lambdaService({ ...core, images, runtime: scriptedFunctions(script, time), updates, pace: { revival: 40_000 } })
      return [service, service.cloudWatch]
    },
  })
  if (service === undefined) throw new Error('no service was made')
  const started = service
  const config = { region, endpoint: cloud.endpoint, credentials: cloud.adminKey(devAccount), maxAttempts: 1 }
  const lambda = new Lambda(config)
  let made = 0
  const shown = async (FunctionName: string, Qualifier = '$LATEST') =>
    (await lambda.getFunction({ FunctionName, Qualifier })).Configuration ?? {}
  return {
    cloud,
    service: started,
    lambda,
    cloudWatch: new CloudWatch(config),
    shown,
    create: async (of = digests.works) => {
      made += 1
      const at = { account: devAccount, region, name: `function-${made}` }
      await started.createFunction(at, { name: at.name, image: imageOf(of), command: ['node', 'app.js'] })
      return { at, FunctionName: at.name }
    },
    updated: async (FunctionName: string, of = digests.works) => {
      await lambda.updateFunctionCode({ FunctionName, ImageUri: imageOf(of) })
      await expect.poll(async () => (await shown(FunctionName)).LastUpdateStatus, { interval: 5 }).not.toBe('InProgress')
      return shown(FunctionName)
    },
    published: async (FunctionName: string) => {
      const { Version = '' } = await lambda.publishVersion({ FunctionName })
      await expect.poll(async () => (await shown(FunctionName, Version)).State, { interval: 5 }).toBe('Active')
      return Version
    },
    close: async () => {
      await started.close()
      await cloud.close()
    },
  }
}
