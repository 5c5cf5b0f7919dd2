import { CreateAliasCommand, PublishVersionCommand, UpdateAliasCommand, UpdateFunctionCodeCommand } from '@aws-sdk/client-lambda'
import type { ScriptedFunction } from '../../local/aws/lambda/scripted.ts'
import { until } from '../cloud-world.ts'
import { answering, type LambdaWorld, startLambdaWorld } from '../lambda-world.ts'
import type { Nature, OpenTarget, ServiceState } from './world.ts'

const SECRET = 'function-s3cr3t-in-plain-sight'

const NATURES: Partial<Record<Nature, ScriptedFunction>> = {
  crashes: { exitsWith: 3, logs: ['Error: no database'] },
  unhealthy: { throws: { errorType: 'Error', errorMessage: 'waiting for the database' } },
}

const namesOf = (service: string): [string, string] => [`${service}-web`, `${service}-queue`]

/** Services of two functions each, behind the alias `live`; what is `slow` gets a tenth of the traffic for nearly all of the time. */
export const openLambda: OpenTarget = async ({ checked: _, limit, ...options }) => {
  const world = await startLambdaWorld({ images: { v1: {}, v2: {}, v3: {} }, logDelay: 0, ...options })
  const natures = new Map<string, Nature>()
  const versions: Record<string, string> = { v1: 'src-1', v2: 'src-2', v3: 'src-3' }
  const services: string[] = []
  for (const [tag, digest] of Object.entries(world.digests)) {
    world.script[digest] = (_event, { functionName }) => {
      const nature = natures.get(`${tag} ${functionName.split('-')[0]}`) ?? natures.get(tag) ?? 'works'
      return NATURES[nature] ?? answering(versions[tag] ?? '')
    }
  }
  const isSlow = () => natures.get('v2') === 'slow'

  return {
    ...world,
    preDeploy: false,
    createService: async (service, tag) => {
      services.push(service)
      for (const FunctionName of namesOf(service)) {
        await world.create(FunctionName, tag, { environment: { PASSWORD: SECRET } })
        const { Version: FunctionVersion } = await world.client.send(new PublishVersionCommand({ FunctionName }))
        await world.client.send(new CreateAliasCommand({ FunctionName, FunctionVersion, Name: 'live' }))
        await versionIsActive(world, FunctionName)
      }
    },
    act: (tag, nature, service) => {
      natures.set(service === undefined ? tag : `${tag} ${service}`, nature)
      if (nature !== 'gone') return
      const failure = { code: 'ImageDeleted', reason: 'The image was deleted.' }
      for (const name of services.flatMap(namesOf)) world.lambda.failNextUpdate(world.at(name), failure)
    },
    answerAs: (tag, version) => {
      versions[tag] = version
    },
    inputs: (service, tag) => ({
      target: 'lambda',
      function: namesOf(service).join('\n'),
      image: world.imageOf(tag),
      'smoke-version': `src-${tag.slice(1)}`,
      ...(isSlow() && { traffic: `10% ${limit - 1}s` }),
    }),
    planned: (service) => ({
      target: 'lambda',
      functions: namesOf(service).map((name) => ({ name, smoke: 'version' })),
      alias: 'live',
      ...(isSlow() && { traffic: [{ percent: 10, for: (limit - 1) * 1_000 }] }),
    }),
    deployElsewhere: async (service, tag) => {
      for (const FunctionName of namesOf(service)) {
        await world.client.send(new UpdateFunctionCodeCommand({ FunctionName, ImageUri: world.imageOf(tag) }))
        await until(
          () => world.code(FunctionName),
          ({ LastUpdateStatus }) => LastUpdateStatus === 'Successful',
        )
        const { Version: FunctionVersion } = await world.client.send(new PublishVersionCommand({ FunctionName }))
        const RoutingConfig = { AdditionalVersionWeights: {} }
        await world.client.send(new UpdateAliasCommand({ FunctionName, FunctionVersion, Name: 'live', RoutingConfig }))
      }
    },
    underWay: (running) => running.printed('10 % of the traffic for'),
    observe: (service) => stateOf(world, namesOf(service)),
    proof: { changes: /^lambda:UpdateAlias$/, reads: /^lambda:(GetFunction|Invoke)$/ },
    planted: () => [SECRET],
  }
}

const versionIsActive = (world: LambdaWorld, name: string) =>
  until(
    () => world.code(name, 'live'),
    ({ State }) => State === 'Active',
  )

const stateOf = async (world: LambdaWorld, names: readonly string[]): Promise<ServiceState> => {
  const each = await Promise.all(
    names.map(async (name) => {
      const { LastUpdateStatus, digest: latest } = await until(
        () => world.code(name),
        (code) => code.LastUpdateStatus !== 'InProgress',
      )
      const { RoutingConfig } = (await world.alias(name)) ?? {}
      const { digest } = await versionIsActive(world, name)
      return { latest, digest, LastUpdateStatus, weights: RoutingConfig ?? {}, versions: (await world.versions(name)).length }
    }),
  )
  return {
    copies: names.length,
    running: each.map(({ digest }) => digest),
    started: Math.max(...each.map(({ versions }) => versions)) - 1,
    revisions: 0,
    orphans: 0,
    rest: {
      latest: each.map(({ latest, LastUpdateStatus }) => `${latest} ${LastUpdateStatus}`),
      weights: each.map(({ weights }) => weights),
    },
  }
}
