import { ecsService } from '../../../local/aws/ecs/service.ts'
import { type ScriptedFunction, scriptedFunctions } from '../../../local/aws/lambda/scripted.ts'
import { type LambdaService, lambdaService } from '../../../local/aws/lambda/service.ts'
import { bashHosts } from '../../../local/aws/ssm/bash-hosts.ts'
import { hostServices } from '../../../local/aws/ssm/host-services.ts'
import { startCloud } from '../../../local/cloud.ts'
import type { ContainerSpec } from '../../../local/containers/runtime.ts'
import { type ScriptedContainer, scriptedRuntime } from '../../../local/containers/scripted.ts'
import { deployClaims as job } from '../../../local/github/claims.case.ts'
import { scaledTime } from '../../../local/time.ts'
import { putImage } from '../../images.ts'
import { roleArn, roles } from '../roles.ts'
import { clientsOf, type Keys, type Subject } from '../subject.ts'

const account = '111111111111'
const stranger = '222222222222'
const region = 'eu-west-1'
const instanceId = 'i-0a1b2c3d4e5f60718'

/** Does what the programs and health checks of the rules do in a real container. */
const acts = ({ command = [], healthCheck }: ContainerSpec): ScriptedContainer => {
  const [, seconds, code] = /^(?:sleep (\d+); )?exit (\d+)$/.exec(command.at(-1) ?? '') ?? []
  return {
    ...(code !== undefined && { exitsWith: Number(code), exitsAfter: Number(seconds ?? 0) * 1000 }),
    ...(healthCheck?.command.at(-1) === 'exit 1' && { neverHealthy: true }),
  }
}

/** A function answers with its event, or fails where that says so. */
const answers = (event: unknown): ScriptedFunction =>
  typeof event === 'object' && event !== null && 'fail' in event
    ? { throws: { errorType: 'Error', errorMessage: 'told to' }, logs: ['about to fail'] }
    : { returns: event, logs: ['about to answer'] }

/** The local cloud, with scripted containers and a clock that runs fifty times as fast as AWS's. */
export const localSubject = async (): Promise<Subject> => {
  const time = scaledTime(50)
  let engine: ReturnType<typeof ecsService> | undefined
  let functions: LambdaService | undefined
  const executor = bashHosts(() => ({ path: '/usr/local/bin:/usr/bin:/bin' }))
  const hosts = hostServices({ time, executor, documents: [], instances: [{ account, region, instanceId }] })
  const cloud = await startCloud({
    time,
    scenario: {
      accounts: [account, stranger],
      roles: roles(account, stranger).map(({ name, ...role }) => ({ arn: roleArn(account, name), ...role })),
      repositories: [{ account, region, name: 'contract/image' }],
    },
    services: (core) => {
      engine = ecsService({ ...core, runtime: scriptedRuntime({ '*': acts }, time) })
      const pace = { update: 6_000, publish: 100, provisioning: 6_000 }
      functions = lambdaService({ ...core, runtime: scriptedFunctions({ '*': answers }, time), pace })
      return [engine, functions, functions.cloudWatch, ...hosts.services]
    },
  })
  const registry = await cloud.registry(account, region)
  const digest = await putImage(cloud, account, region, 'contract/image', 'one')
  const clients = (of: string) => clientsOf(of, region, cloud.adminKey(of), cloud.endpoint)
  return {
    ...clients(account),
    name: 'local',
    region,
    has: ['registry', 'containers', 'roles', 'accounts', 'functions', 'invocations', 'hosts'],
    registry: () => ({ url: registry, host: new URL(registry).host }),
    signedBy: (keys: Keys) => clientsOf(account, region, keys, cloud.endpoint).sts,
    other: clients(stranger),
    token: (claims = {}, audience = 'sts.amazonaws.com', options = {}) =>
      cloud.issuer.sign({ ...job, ...claims }, audience, options),
    image: `${account}.dkr.ecr.${region}.amazonaws.com/contract/image@${digest}`,
    subnet: 'subnet-1',
    functionRole: roleArn(account, 'contract-deploy'),
    instance: instanceId,
    poll: 10,
    patience: 10_000,
    // What the rules made ends with the cloud.
    afterwards: () => {},
    close: async () => {
      await engine?.stopAll()
      await functions?.close()
      await hosts.stopAll()
      await cloud.close()
    },
  }
}
