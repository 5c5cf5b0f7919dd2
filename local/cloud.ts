import { asService } from './aws/as-service.ts'
import type { Invoke } from './aws/cloudformation/model.ts'
import { type AdminKey, type Credentials, createCredentials } from './aws/credentials.ts'
import { locateImages, type RegistryImages } from './aws/ecr/locate.ts'
import { memoryStore } from './aws/ecr/memory-store.ts'
import { createRegistries } from './aws/ecr/registry.ts'
import { createRepositories } from './aws/ecr/repositories.ts'
import { ecrService } from './aws/ecr/service.ts'
import type { OciStore } from './aws/ecr/store.ts'
import { createRegistryTokens } from './aws/ecr/tokens.ts'
import type { LogStreams, Secrets } from './aws/ecs/ports.ts'
import { createEndpoint } from './aws/endpoint.ts'
import { createFaults, type Fault, type Faults } from './aws/faults.ts'
import { createLogStore } from './aws/log-store.ts'
import { logsService } from './aws/logs.ts'
import { createPerform } from './aws/perform.ts'
import { createRecorder, type Recorder } from './aws/recorder.ts'
import type { Principal, Service } from './aws/service.ts'
import { parameterSecrets, parameterStores } from './aws/ssm/parameter-store.ts'
import { parameterService } from './aws/ssm/parameters.ts'
import { stsService } from './aws/sts.ts'
import { type GitHub, startGitHub } from './github/api/api.ts'
import type { GitHubOptions } from './github/api/state.ts'
import { gitHubIssuer, type Issuer, startIssuer } from './github/oidc.ts'
import { listen } from './listen.ts'
import type { Scenario } from './scenario.ts'
import { scaledTime, type Time } from './time.ts'

/** What a service that is added to the cloud can build on. */
export type CloudCore = {
  time: Time
  images: RegistryImages
  logs: LogStreams
  secrets: Secrets
  /** Gives keys to what AWS itself takes a role for: an instance, a function. */
  issueKey: Credentials['issue']
  /** Calls an operation of any service of the cloud in somebody's name: recorded, asked of IAM, and struck by no fault. */
  invoke: Invoke
  /** Who acts for CloudFormation with that role. Throws where the role is missing or does not trust CloudFormation. */
  assume(role: string): Principal
}

export type CloudOptions = {
  scenario: Scenario
  time?: Time
  /** Where images are kept; in memory by default. The cloud closes it. */
  store?: OciStore
  /** Further services. Operations of a service that is there already are added to it. */
  services?: (core: CloudCore) => Service[]
  faults?: Fault[]
  /** What the repository on GitHub is; `acme/shop` with an empty history in memory by default. */
  github?: GitHubOptions
  /** Nominal milliseconds until a log line can be read; CloudWatch takes some seconds. */
  logDelay?: number
  /** 0 by default: the system chooses. */
  port?: number
}

export type Cloud = {
  /** For AWS_ENDPOINT_URL: all APIs of all accounts. */
  endpoint: string
  issuer: Issuer
  /** GitHub's REST API for one repository; `github.url` is for GITHUB_API_URL. */
  github: GitHub
  recorder: Recorder
  faults: Faults
  images: RegistryImages
  logs: LogStreams
  /** `http://127.0.0.1:PORT` of a registry, as GetAuthorizationToken names it in `proxyEndpoint`. */
  registry(account: string, region: string): Promise<string>
  adminKey(account: string): AdminKey
  /** Session credentials, registry passwords and GitHub tokens handed out so far; a test looks for them where they must not be. */
  secrets(): string[]
  /** Ends every connection, port, process and file of this cloud. */
  close(): Promise<void>
}

const audience = 'sts.amazonaws.com'

/** Starts the local cloud: one endpoint for the AWS APIs, GitHub's OIDC issuer, and a registry per account and region. */
export const startCloud = async (options: CloudOptions): Promise<Cloud> => {
  const { scenario, time = scaledTime(), store = memoryStore() } = options
  const now = () => time.now()
  const recorder = createRecorder(now)
  const faults = createFaults(options.faults)
  const credentials = createCredentials(scenario.accounts, now)
  const policiesOf = (account: string, name: string) =>
    scenario.roles.find(({ arn }) => arn.startsWith(`arn:aws:iam::${account}:role/`) && arn.endsWith(`/${name}`))?.policies
  const perform = createPerform(faults, policiesOf)
  const tokens = createRegistryTokens(now)
  const repositories = createRepositories(now)
  for (const { tagMutability, policy, ...at } of scenario.repositories ?? []) repositories.create(at, tagMutability, policy)
  const registries = createRegistries({ now, store, repositories, tokens, recorder, perform })
  const images = locateImages(store, repositories, registries, tokens)
  const logs = createLogStore(time, options.logDelay)
  const parameters = parameterStores()
  const inside = asService({ recorder, policiesOf, roles: scenario.roles, services: () => services })
  const core: CloudCore = { time, images, logs, secrets: parameterSecrets(parameters), issueKey: credentials.issue, ...inside }
  const issuer = await startIssuer(now)
  const github = await startGitHub(options.github, now)

  const providerOf = (account: string) => {
    const clientIds = scenario.oidcClientIds?.[account] ?? [audience]
    return clientIds.length === 0 ? undefined : { issuer: gitHubIssuer, jwks: issuer.jwks, clientIds }
  }
  const services: Service[] = [
    stsService({ time, credentials, roles: scenario.roles, providerOf }),
    ecrService({ now, store, repositories, registries, tokens }),
    parameterService(now, parameters),
    logsService(logs),
    ...(options.services?.(core) ?? []),
  ]
  const listener = await listen(createEndpoint({ credentials, perform, recorder, services }), options.port)

  return {
    endpoint: listener.url,
    issuer,
    github,
    recorder,
    faults,
    images,
    logs,
    registry: registries.url,
    adminKey: credentials.adminKey,
    secrets: () => [...credentials.secrets(), ...tokens.secrets(), ...github.tokens.all()],
    close: async () => {
      await Promise.all([listener.close(), registries.close(), issuer.close(), github.close()])
      await store.close()
    },
  }
}
