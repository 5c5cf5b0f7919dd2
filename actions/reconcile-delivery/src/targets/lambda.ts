import { type AliasConfiguration, GetAliasCommand, GetFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { call, isNamed } from '../../../../lib/aws/errors.ts'
import type { Session } from '../../../../lib/aws/session.ts'
import type { Live } from '../../../../lib/delivery/board/facts.ts'
import type { LambdaPlace, Platform } from '../ports.ts'

/** What runs of one function: the digests of the versions that get traffic, or why there are none. */
type Seen = { digests: string[]; moving: boolean } | { reason: string }

/** What Lambda runs: the image of the version that the alias points to, not of what was updated last. */
export const lambdaPlatform = (session: Session): Platform<LambdaPlace> => {
  const lambda = session.client(LambdaClient)

  const unlessMissing = <T>(asked: Promise<T>): Promise<T | undefined> =>
    asked.catch((error: Error) => {
      if (isNamed(error, 'ResourceNotFoundException')) return undefined
      throw error
    })

  /** Of an image function `CodeSha256` is the digest of the image, in hex (recorded answers of AWS). */
  const digestOf = async (FunctionName: string, Qualifier: string): Promise<string> => {
    const input = { FunctionName, Qualifier }
    const { Configuration } = await call('lambda:GetFunction', () => lambda.send(new GetFunctionCommand(input)))
    const isImage = Configuration?.PackageType === 'Image' && /^[0-9a-f]{64}$/.test(Configuration.CodeSha256 ?? '')
    return isImage ? `sha256:${Configuration.CodeSha256}` : 'unknown'
  }

  const seen = async (FunctionName: string, Name: string): Promise<Seen> => {
    const alias = await unlessMissing(call('lambda:GetAlias', () => lambda.send(new GetAliasCommand({ FunctionName, Name }))))
    if (alias === undefined) return { reason: `there is no function ${FunctionName} with an alias ${Name}` }
    const versions = versionsWithTraffic(alias)
    return { digests: await Promise.all(versions.map((version) => digestOf(FunctionName, version))), moving: versions.length > 1 }
  }

  const lookAt = async ({ functions, alias }: LambdaPlace): Promise<Live> => {
    const found = await Promise.all(functions.map((name) => seen(name, alias)))
    const missing = found.flatMap((each) => ('reason' in each ? [each.reason] : []))
    if (missing.length > 0) return { state: 'missing', reason: missing.join('; ') }
    const running: Record<string, number> = {}
    const there = found.flatMap((each) => ('digests' in each ? [each] : []))
    for (const digest of there.flatMap(({ digests }) => digests)) running[digest] = (running[digest] ?? 0) + 1
    return { state: 'seen', desired: functions.length, running, changing: there.some(({ moving }) => moving) }
  }

  return {
    look: async (places) => {
      const live: Live[] = []
      // One service after the other: all reads but GetFunction share 15 requests a second in an account (Lambda quotas).
      for (const place of places) live.push(await lookAt(place))
      return live
    },
  }
}

/** While traffic is being moved there are two. */
const versionsWithTraffic = ({ FunctionVersion = '$LATEST', RoutingConfig }: AliasConfiguration): string[] => {
  const others = Object.entries(RoutingConfig?.AdditionalVersionWeights ?? {}).filter(([, weight]) => weight > 0)
  return [FunctionVersion, ...others.map(([version]) => version)]
}
