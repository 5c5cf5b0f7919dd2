import type { AliasRoutingConfiguration, FunctionConfiguration, GetFunctionCommandOutput } from '@aws-sdk/client-lambda'
import { putImage, repository } from './images.ts'
import { isNotImplemented, once, until } from './rule.ts'
import { type Subject, unique } from './subject.ts'

export const api = (name: string): string => `https://docs.aws.amazon.com/lambda/latest/api/API_${name}.html`
export const guide = (page: string): string => `https://docs.aws.amazon.com/lambda/latest/dg/${page}.html`

export const uriOf = ({ account, region }: Subject, repositoryName: string): string =>
  `${account}.dkr.ecr.${region}.amazonaws.com/${repositoryName}`

/** A repository with two images; resolves to its URI and their digests. */
export const images = once('images of functions', async (subject) => {
  const name = await repository(subject)
  const [one, two] = [await putImage(subject, name, 'one', 'one'), await putImage(subject, name, 'two', 'two')]
  const uri = uriOf(subject, name)
  return { name, uri, one: `${uri}@${one}`, two: `${uri}@${two}`, digests: { one, two } }
})

export const get = (subject: Subject, FunctionName: string, Qualifier?: string): Promise<GetFunctionCommandOutput> =>
  subject.lambda.getFunction({ FunctionName, ...(Qualifier && { Qualifier }) })

export const configuration = async (subject: Subject, name: string, qualifier?: string): Promise<FunctionConfiguration> =>
  (await get(subject, name, qualifier)).Configuration ?? {}

/** Waits until nothing is in progress. */
export const idle = (subject: Subject, name: string, qualifier?: string): Promise<FunctionConfiguration> =>
  until(
    subject,
    () => configuration(subject, name, qualifier),
    ({ State, LastUpdateStatus }) => State !== 'Pending' && LastUpdateStatus !== 'InProgress',
  )

/** A function of the first image that is ready; resolves to its name. */
export const ready = async (subject: Subject): Promise<string> => {
  const FunctionName = unique('function')
  const { one } = await images(subject)
  await subject.lambda.createFunction({ FunctionName, PackageType: 'Image', Code: { ImageUri: one }, Role: subject.functionRole })
  subject.afterwards(() => subject.lambda.deleteFunction({ FunctionName }))
  await idle(subject, FunctionName)
  return FunctionName
}

/** The same with versions 1 and 2, of the first and the second image. */
export const twoVersions = async (subject: Subject): Promise<string> => {
  const name = await ready(subject)
  await publish(subject, name)
  await subject.lambda.updateFunctionCode({ FunctionName: name, ImageUri: (await images(subject)).two })
  await idle(subject, name)
  await publish(subject, name)
  return name
}

/** Publishes and waits until the version is ready. */
export const publish = async (subject: Subject, FunctionName: string): Promise<FunctionConfiguration> => {
  const { Version } = await subject.lambda.publishVersion({ FunctionName })
  return idle(subject, FunctionName, Version)
}

export const weights = (AdditionalVersionWeights: Record<string, number>): AliasRoutingConfiguration => ({
  AdditionalVersionWeights,
})

/** An alias `live` to the first of two versions. */
export const aliased = async (subject: Subject, RoutingConfig?: AliasRoutingConfiguration) => {
  const FunctionName = await twoVersions(subject)
  const Name = 'live'
  const made = await subject.lambda.createAlias({
    FunctionName,
    Name,
    FunctionVersion: '1',
    ...(RoutingConfig && { RoutingConfig }),
  })
  const move = (changes: object) => subject.lambda.updateAlias({ FunctionName, Name, ...changes })
  return { FunctionName, made, move, now: () => subject.lambda.getAlias({ FunctionName, Name }) }
}

/** An error as clients see it, by its name and the status of HTTP; `accepted` when there is none. */
export const error = async (call: Promise<unknown>): Promise<unknown> => {
  try {
    await call
    return 'accepted'
  } catch (caught) {
    if (!(caught instanceof Error) || isNotImplemented(caught) || !('$metadata' in caught)) throw caught
    return [caught.name, (caught.$metadata as { httpStatusCode?: number }).httpStatusCode]
  }
}

/** The words of the error that a call ends with. */
export const words = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'accepted',
    (caught: Error) => caught.message,
  )
