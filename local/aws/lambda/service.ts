import type { State } from '@aws-sdk/client-lambda'
import type { Time } from '../../time.ts'
import type { RegistryImages } from '../ecr/locate.ts'
import type { LogStreams } from '../ecs/ports.ts'
import { inEachRegion, type Service } from '../service.ts'
import { aliasOperations } from './aliases.ts'
import { type Alarms, alarmsAndMetrics } from './cloudwatch.ts'
import { activate, create, createOperations } from './create.ts'
import { configurationOf, functionOperations } from './functions.ts'
import { imageSources } from './image.ts'
import { invokeOperations } from './invoke.ts'
import {
  changed,
  type Engine,
  type Failure,
  findVersion,
  functionArn,
  type LambdaFunction,
  notFound,
  type Pace,
  type Region,
  usualPace,
} from './model.ts'
import { allocate, provisionedOperations } from './provisioned.ts'
import type { FunctionRuntime } from './runtime.ts'
import { versionOperations } from './versions.ts'

type LambdaDependencies = {
  time: Time
  images: RegistryImages
  logs: LogStreams
  runtime: FunctionRuntime
  /** How updates to some digests end, every time; the others are successful. */
  updates?: Record<string, Failure>
  /** Delays other than the usual ones. */
  pace?: Partial<Pace>
}

/** A function as a stack states it. */
type FunctionSettings = {
  name: string
  /** Without it the function is one of a .zip file. */
  image?: string
  command?: string[]
  environment?: Record<string, string>
  memory?: number
  /** Seconds. */
  timeout?: number
  architecture?: 'x86_64' | 'arm64'
  role?: string
}

/** Where a function is. */
type FunctionAt = { account: string; region: string; name: string }

export type LambdaService = Service & {
  /** CloudWatch, as far as it tells of alarms and of the functions' invocations; to be served beside Lambda. */
  cloudWatch: Service
  /** Makes an Active function with no version and no alias, as CloudFormation does. Rejects as CreateFunction does. */
  createFunction(at: { account: string; region: string }, settings: FunctionSettings): Promise<void>
  /** Changes the configuration of `$LATEST` as CloudFormation does, finished when this returns. The code and all versions stay. */
  configure(at: FunctionAt, settings: Pick<FunctionSettings, 'command' | 'environment' | 'memory' | 'timeout' | 'role'>): void
  /** The next update of code or configuration that ends will have failed with this; called twice, the next two. */
  failNextUpdate(at: FunctionAt, failure: Failure): void
  /** The state of a version, of `$LATEST` without one: Inactive, or Failed with a reason code such as ImageDeleted. */
  setState(at: FunctionAt & { version?: string }, state: State, code?: string, reason?: string): void
  /** Provisioned concurrency of an alias or a version, READY at once. Moving the alias allocates it anew. */
  provision(at: FunctionAt, qualifier: string, executions: number): void
  /** Every allocation from now on ends FAILED with that reason, or READY again without one. */
  failProvisioning(at: FunctionAt, reason: string | undefined): void
  /** The state of an alarm of CloudWatch, which exists from now on. */
  setAlarm(
    account: string,
    region: string,
    name: string,
    state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA',
    kind?: 'metric' | 'composite',
  ): void
  /** Ends every environment and every timer. */
  close(): Promise<void>
}

const settingsOf = ({ memory, timeout, command, environment, role }: Omit<FunctionSettings, 'name' | 'image'>) => ({
  MemorySize: memory,
  Timeout: timeout,
  Role: role,
  Environment: environment && { Variables: environment },
  ImageConfig: command && { Command: command },
})

/** Lambda with functions of container images: what AWS documents of states, revisions, versions and aliases. */
export const lambdaService = ({ time, images, logs, runtime, updates = {}, pace }: LambdaDependencies): LambdaService => {
  const regions = inEachRegion((account, region): Region => ({ place: { account, region }, functions: new Map(), invoked: [] }))
  const alarms = inEachRegion((): ReturnType<Alarms> => new Map())
  const waiting = new Set<() => void>()
  const engine: Engine = {
    time,
    pace: { ...usualPace, ...pace },
    runtime,
    updates,
    sources: imageSources(images),
    logs,
    region: ({ account, region }) => regions.find(account, region),
    later(milliseconds, callback) {
      const cancel = time.after(milliseconds, () => {
        waiting.delete(cancel)
        callback()
      })
      waiting.add(cancel)
    },
  }
  const find = ({ account, region, name }: FunctionAt): LambdaFunction => {
    const found = engine.region({ account, region }).functions.get(name)
    if (found === undefined) throw notFound(functionArn({ account, region }, name))
    return found
  }

  return {
    name: 'lambda',
    operations: {
      ...createOperations(engine),
      ...functionOperations(engine),
      ...versionOperations(engine),
      ...aliasOperations(engine),
      ...provisionedOperations(engine),
      ...invokeOperations(engine),
    },
    cloudWatch: alarmsAndMetrics(({ account, region }) => alarms.find(account, region), engine.region),
    async createFunction(place, { name, image, architecture = 'x86_64', ...settings }) {
      const role = settings.role ?? `arn:aws:iam::${place.account}:role/${name}`
      const given = {
        FunctionName: name,
        PackageType: image === undefined ? ('Zip' as const) : ('Image' as const),
        Code: { ...(image !== undefined && { ImageUri: image }) },
        Architectures: [architecture],
        ...settingsOf({ ...settings, role }),
      }
      const made = await create(engine, place, given, { account: place.account, arn: role, accessKeyId: '' })
      activate(engine, made)
    },
    configure(at, settings) {
      const { latest } = find(at)
      latest.configuration = changed(latest.configuration, configurationOf(settingsOf(settings)), time.now())
      latest.runs = { ...latest.runs, configuration: latest.configuration }
      find(at).changed = true
    },
    failNextUpdate(at, failure) {
      find(at).failures.push(failure)
    },
    setState({ version: qualifier, ...at }, State, code, reason) {
      const version = findVersion(find(at), qualifier)
      const changes = { State, StateReasonCode: code as never, StateReason: reason }
      version.configuration = changed(version.configuration, changes, time.now())
    },
    provision(at, qualifier, executions) {
      allocate(engine, find(at), qualifier, executions).status = 'READY'
    },
    failProvisioning(at, reason) {
      find(at).provisioningFails = reason
    },
    setAlarm(account, region, name, state, kind = 'metric') {
      alarms.find(account, region).set(name, { state, since: time.now(), isComposite: kind === 'composite' })
    },
    async close() {
      for (const cancel of waiting) cancel()
      await runtime.close()
    },
  }
}
