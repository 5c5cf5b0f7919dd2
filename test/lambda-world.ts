import {
  type AliasConfiguration,
  type FunctionConfiguration,
  GetAliasCommand,
  GetFunctionCommand,
  LambdaClient,
  paginateListVersionsByFunction,
} from '@aws-sdk/client-lambda'
import type { Pace } from '../local/aws/lambda/model.ts'
import { type FunctionScript, type ScriptedFunction, scriptedFunctions } from '../local/aws/lambda/scripted.ts'
import { type LambdaService, lambdaService } from '../local/aws/lambda/service.ts'
import { account, type CloudWorldOptions, region, startCloudWorld } from './cloud-world.ts'

export type LambdaWorld = Awaited<ReturnType<typeof startLambdaWorld>>

export type LambdaWorldOptions = Omit<CloudWorldOptions, 'tags' | 'services'> & {
  /** What each image does when a function runs it, by its tag. */
  images?: Record<string, ScriptedFunction>
  /** Delays other than the usual ones. */
  pace?: Partial<Pace>
}

/** Answers `/version` as an HTTP API is answered. */
export const answering = (version: string): ScriptedFunction => ({
  returns: { statusCode: 200, body: JSON.stringify({ version }) },
})

/** A dev account with Lambda functions that infrastructure made: no version, no alias. */
export const startLambdaWorld = async ({ images = {}, pace = {}, ...options }: LambdaWorldOptions = {}) => {
  const script: FunctionScript = {}
  let lambda: LambdaService | undefined
  const world = await startCloudWorld({
    ...options,
    tags: Object.keys(images),
    services: (core) => {
      lambda = lambdaService({ ...core, runtime: scriptedFunctions(script, core.time), pace })
      return [lambda, lambda.cloudWatch]
    },
  })
  const service = lambda as unknown as LambdaService
  for (const [tag, behaviour] of Object.entries(images)) script[world.digests[tag] ?? ''] = behaviour
  const client = new LambdaClient(world.config)
  const inputs = (names: string, tag: string, more: Record<string, string> = {}): Record<string, string> => ({
    target: 'lambda',
    function: names,
    image: world.imageOf(tag),
    'aws-account-id': account,
    'aws-region': region,
    'poll-interval': '500ms',
    ...more,
  })
  return {
    ...world,
    lambda: service,
    client,
    script,
    inputs,
    at: (name: string) => ({ account, region, name }),
    create: (name: string, tag: string, more: object = {}) =>
      service.createFunction({ account, region }, { name, image: world.imageOf(tag), ...more }),
    alias: async (name: string, alias = 'live'): Promise<AliasConfiguration | undefined> =>
      client.send(new GetAliasCommand({ FunctionName: name, Name: alias })).catch(() => undefined),
    /** `$LATEST`, or what a version or an alias means. */
    code: async (name: string, qualifier?: string): Promise<FunctionConfiguration & { digest: string }> => {
      const command = new GetFunctionCommand({ FunctionName: name, ...(qualifier !== undefined && { Qualifier: qualifier }) })
      const { Configuration = {} } = await client.send(command)
      return { ...Configuration, digest: `sha256:${Configuration.CodeSha256}` }
    },
    versions: async (name: string): Promise<FunctionConfiguration[]> => {
      const found: FunctionConfiguration[] = []
      for await (const { Versions = [] } of paginateListVersionsByFunction({ client }, { FunctionName: name }))
        found.push(...Versions)
      return found.filter(({ Version }) => Version !== '$LATEST')
    },
    close: async () => {
      await service.close()
      await world.close()
    },
  }
}
