import { randomUUID } from 'node:crypto'
import { AwsError } from '../service.ts'
import {
  type Code,
  changed,
  type Engine,
  findVersion,
  functionArn,
  type Invoked,
  type LambdaFunction,
  notFound,
  type Version,
} from './model.ts'
import { inFunction } from './operations.ts'
import { type Invocation, type InvocationResult, sandboxError } from './runtime.ts'

const tail = 4_096

/**
 * Which version an alias's weights choose. AWS draws lots; here the additional version gets exactly its share, its turn being the
 * last of each round (every tenth call at 0.1), so that a test can count.
 */
const routers = new WeakMap<object, number>()
const route = (found: LambdaFunction, qualifier: string): string => {
  const alias = found.aliases.get(qualifier)
  if (alias === undefined) return qualifier
  const { FunctionVersion = '', RoutingConfig } = alias
  const [[additional, weight] = [FunctionVersion, 0]] = Object.entries(RoutingConfig?.AdditionalVersionWeights ?? {})
  const share = (routers.get(alias) ?? 0) + weight
  const isTurn = share > 1 - 1e-9
  routers.set(alias, isTurn ? share - 1 : share)
  return isTurn ? additional : FunctionVersion
}

const refused = (kind: 'Pending' | 'Deleted' | 'Failed', text: string): AwsError =>
  new AwsError(`CodeArtifactUser${kind}Exception`, text, 409, { Type: 'User' })

/** Errors: https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-images.html */
const requireInvocable = (engine: Engine, version: Version): void => {
  const { State, StateReasonCode } = version.configuration
  if (State === 'Active') return
  if (StateReasonCode === 'ImageDeleted') throw refused('Deleted', "Lambda can't find the container image. Check the ECR image.")
  if (State === 'Failed') throw refused('Failed', 'Lambda failed to optimize the image. Check the state of the function.')
  if (State === 'Inactive') {
    const set = (state: 'Pending' | 'Active', code?: 'Restoring') => {
      const changes = { State: state, StateReason: code && 'The function is being restored.', StateReasonCode: code }
      version.configuration = changed(version.configuration, changes, engine.time.now())
    }
    set('Pending', 'Restoring')
    engine.later(engine.pace.revival, () => set('Active'))
  }
  throw refused('Pending', 'Lambda is initializing your function. It will be ready to invoke shortly.')
}

const variables = ({ configuration }: Code, region: string): Record<string, string> => ({
  AWS_REGION: region,
  AWS_DEFAULT_REGION: region,
  TZ: ':UTC',
  AWS_LAMBDA_FUNCTION_NAME: configuration.FunctionName ?? '',
  AWS_LAMBDA_FUNCTION_VERSION: configuration.Version ?? '',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(configuration.MemorySize),
  AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${configuration.FunctionName}`,
  AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  ...configuration.Environment?.Variables,
})

const run = async (engine: Engine, code: Code, invocation: Invocation): Promise<InvocationResult> => {
  const [architecture] = code.configuration.Architectures ?? []
  // Nothing looks at it before the image is to run.
  if (architecture !== code.image.architecture)
    return sandboxError(invocation.requestId, 'Runtime.InvalidEntrypoint', 'fork/exec: exec format error')
  return engine.runtime.invoke(invocation)
}

const invoke = async (engine: Engine, found: LambdaFunction, qualifier: string | undefined, payload: string) => {
  const { place, name } = found
  const executed = route(found, qualifier ?? '$LATEST')
  const isThere = executed === '$LATEST' || found.versions.has(executed)
  if (!isThere) throw notFound(functionArn(place, name, qualifier))
  const version = findVersion(found, executed)
  requireInvocable(engine, version)
  const { configuration, image } = version.runs
  const requestId = randomUUID()
  const lines: string[] = []
  const stream = `${engine.time.now().toISOString().slice(0, 10).replaceAll('-', '/')}/[${executed}]${image.digest.slice(7, 39)}`
  const log = (line: string): void => {
    lines.push(line)
    engine.logs.write({ ...place, group: `/aws/lambda/${name}`, stream }, line, engine.time.now().getTime())
  }
  const { EntryPoint, Command, WorkingDirectory } = configuration.ImageConfigResponse?.ImageConfig ?? {}
  const started = performance.now()
  log(`START RequestId: ${requestId} Version: ${executed}`)
  const result = await run(engine, version.runs, {
    requestId,
    functionName: name,
    version: executed,
    environmentId: functionArn(place, name, `${executed}:${configuration.RevisionId}`),
    invokedArn: functionArn(place, name, qualifier),
    image,
    entryPoint: EntryPoint,
    command: Command,
    workingDirectory: WorkingDirectory,
    environment: variables(version.runs, place.region),
    memory: configuration.MemorySize ?? 128,
    timeout: (configuration.Timeout ?? 3) * 1_000,
    payload,
    log,
  })
  log(`END RequestId: ${requestId}`)
  log(`REPORT RequestId: ${requestId} Duration: ${((performance.now() - started) * engine.time.factor).toFixed(2)} ms`)
  const invoked: Invoked = {
    at: engine.time.now().getTime(),
    function: name,
    resource: qualifier === undefined ? name : `${name}:${qualifier}`,
    executedVersion: executed,
    failed: result.functionError !== undefined,
  }
  engine.later(engine.pace.metrics, () => engine.region(place).invoked.push(invoked))
  return { executed, result, log: lines.join('\n') }
}

export const invokeOperations = (engine: Engine) =>
  inFunction(engine)(
    'Invoke',
    ['POST', '/2015-03-31/functions/{FunctionName}/invocations', 200],
    async (found, input, qualifier) => {
      const { Payload, LogType, InvocationType = 'RequestResponse' } = input
      const text = (Payload ?? '') as unknown as string
      if (InvocationType === 'DryRun') return { StatusCode: 204 }
      if (InvocationType === 'Event') throw new AwsError('NotImplemented', 'NotImplemented: lambda:Invoke of type Event', 501)
      try {
        JSON.parse(text === '' ? '{}' : text)
      } catch (cause) {
        const message = `Could not parse request body into json: ${cause instanceof Error ? cause.message : cause}`
        throw new AwsError('InvalidRequestContentException', message, 400, { Type: 'User' })
      }
      const { executed, result, log } = await invoke(engine, found, qualifier, text)
      return {
        StatusCode: 200,
        ExecutedVersion: executed,
        FunctionError: result.functionError,
        LogResult: LogType === 'Tail' ? Buffer.from(log).subarray(-tail).toString('base64') : undefined,
        Payload: result.payload,
      }
    },
  )
