import type { Architecture, FunctionConfiguration } from '@aws-sdk/client-lambda'
import type { Operation, Principal } from '../service.ts'
import { configurationOf } from './functions.ts'
import { imageAuthorizations, type SourceImage } from './image.ts'
import { changed, conflict, type Engine, functionArn, invalid, type LambdaFunction, type Place } from './model.ts'
import { type Input, onFunction, placeOf } from './operations.ts'

const noImage: SourceImage = {
  uri: '',
  resolvedUri: '',
  digest: '',
  reference: '',
  credentials: { username: '', password: '' },
  architecture: 'x86_64',
}

/** Makes a function, Pending as CreateFunction leaves it. A function without an image is one of a .zip file. */
export const create = async (
  engine: Engine,
  place: Place,
  input: Input<'CreateFunction'>,
  caller: Principal,
): Promise<LambdaFunction> => {
  const { FunctionName: name = '', Code, PackageType = 'Zip', Architectures = ['x86_64'] as Architecture[], Role } = input
  const { functions } = engine.region(place)
  const arn = functionArn(place, name)
  if (functions.has(name)) throw conflict(`Function already exist: ${name}`)
  if (PackageType === 'Image' && !Code?.ImageUri)
    throw invalid('Please provide ImageUri when creating a function with packageType Image.')
  const image = Code?.ImageUri ? await engine.sources.resolve(Code.ImageUri, arn, caller) : noImage
  const given: FunctionConfiguration = {
    FunctionName: name,
    FunctionArn: arn,
    Version: '$LATEST',
    Description: '',
    PackageType,
    Architectures,
    Role,
    MemorySize: 128,
    Timeout: 3,
    CodeSize: 0,
    CodeSha256: image.digest.replace('sha256:', ''),
    ...configurationOf(input),
    State: 'Pending',
    StateReason: 'The function is being created.',
    StateReasonCode: 'Creating',
  }
  const configuration = changed({}, given, engine.time.now())
  const latest = { configuration, image, runs: { configuration, image } }
  const empty = { versions: new Map(), aliases: new Map(), provisioned: new Map(), failures: [] }
  const made: LambdaFunction = { place, name, latest, published: 0, changed: true, ...empty }
  functions.set(name, made)
  return made
}

/** The end of a creation. */
export const activate = (engine: Engine, { latest }: LambdaFunction): void => {
  const active = { State: 'Active', StateReason: undefined, StateReasonCode: undefined, LastUpdateStatus: 'Successful' } as const
  latest.configuration = changed(latest.configuration, active, engine.time.now())
  latest.runs = { configuration: latest.configuration, image: latest.image }
}

export const createOperations = (engine: Engine): Record<string, Operation> => {
  const createFunction: Operation<Input<'CreateFunction'>> = {
    route: ['POST', '/2015-03-31/functions', 201],
    authorize: (input, call) => [
      ...onFunction('CreateFunction', input, call),
      { action: 'iam:PassRole', resource: input.Role ?? '', context: { 'iam:PassedToService': 'lambda.amazonaws.com' } },
      ...imageAuthorizations(input.Code?.ImageUri, call.principal),
    ],
    run: async (input, call) => {
      const made = await create(engine, placeOf(call), input, call.principal)
      engine.later(engine.pace.update, () => activate(engine, made))
      return made.latest.configuration
    },
  }
  return { CreateFunction: createFunction }
}
