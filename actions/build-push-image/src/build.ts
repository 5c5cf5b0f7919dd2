import { registryHost } from '../../../lib/delivery/names.ts'
import { buildSource, contentTag, objectPaths } from '../../../lib/delivery/tag.ts'
import { pinned, short } from '../../../lib/image.ts'
import type { Copied } from '../../../lib/oci/copy.ts'
import { lambdaRefusal } from '../../../lib/oci/lambda.ts'
import { parseManifest, platformDigests } from '../../../lib/oci/manifest.ts'
import type { Pushed } from '../../../lib/oci/push.ts'
import { Refusal } from '../../../lib/refusal.ts'
import { decide } from './decision.ts'
import type { Inputs } from './inputs.ts'
import { type BuildOrder, buildAndPush } from './miss.ts'
import type { ImageRepository, Ports, RegistryImage } from './ports.ts'
import { setTag } from './tag.ts'

export type Result = {
  /** In a dry run, what would have happened. */
  result: 'built' | 'found' | 'copied' | 'tagged'
  /** Absent in a dry run when the image is yet to be built. */
  digest: string | undefined
  /** Full reference with the digest. */
  image: string | undefined
  repository: string
  tag: string
  platformDigests: Record<string, string>
  pushed?: Pushed
  copied?: Copied
}

/**
 * Names the image by its source tree, finds it in the registry, copies it from the source or builds and pushes it once, and
 * answers with its digest.
 * One `BatchGetImage` decides; where the image is there, no docker process and no registry credentials are needed.
 */
export const buildPushImage = async (inputs: Inputs, ports: Ports): Promise<Result> => {
  const { log, ledger } = ports
  const commit = await ledger.phase('read the commit', () => ports.source.read(inputs.commit, objectPaths(inputs.image)))
  const tag = contentTag(inputs.image, commit.objects)
  log.info(`content tag ${tag} (commit ${commit.id.slice(0, 12)}, context ${inputs.image.context})`)

  const repository = await ports.repository()
  const tags = [tag, ...(inputs.tag === undefined ? [] : [inputs.tag])]
  const decision = decide(tag, inputs.tag, await ledger.phase('look it up', () => repository.find({ tags })))

  switch (decision.do) {
    case 'nothing':
      refuseForLambda(inputs, decision.image.manifest)
      log.info(`found ${decision.image.digest}: nothing to build`)
      return finish(inputs, tag, 'found', decision.image)
    case 'tag':
      refuseForLambda(inputs, decision.image.manifest)
      await refuseFixedTag(inputs, repository, decision.movedFrom, decision.image.digest)
      await repository.guard()
      await tagFurther(inputs, ports, repository, decision.image)
      return finish(inputs, tag, 'tagged', decision.image)
    case 'build': {
      const wanted: Wanted = { inputs, commit, tag, movedFrom: decision.movedFrom }
      const there = await lookInSource(inputs, tag, ports)
      return there === undefined ? build(wanted, repository, ports) : copy(wanted, there, repository, ports)
    }
  }
}

type Wanted = Pick<BuildOrder, 'inputs' | 'commit' | 'tag'> & {
  /** Digest that bears the further tag now. */
  movedFrom: string | undefined
}

const build = async ({ movedFrom, ...wanted }: Wanted, repository: ImageRepository, ports: Ports): Promise<Result> => {
  const { inputs, tag } = wanted
  if (inputs.whenMissing === 'fail') throw neverBuilt(inputs, tag)
  await refuseFixedTag(inputs, repository, movedFrom, 'the image of this tree')
  await repository.guard()
  if (inputs.dryRun) {
    ports.log.info(`dry run: would build ${inputs.image.context} and push it to ${inputs.repository} as ${names(inputs, tag)}`)
    return finish(inputs, tag, 'built', undefined)
  }
  const order: BuildOrder = { ...wanted, source: buildSource(inputs.image) }
  const { image, pushed, adopted } = await buildAndPush(order, repository, ports)
  if (inputs.tag !== undefined && movedFrom !== image.digest) await tagFurther(inputs, ports, repository, image)
  return { ...finish(inputs, tag, adopted ? 'found' : 'built', image), pushed }
}

type InSource = { source: ImageRepository; image: RegistryImage }

const copy = async (
  { inputs, tag, movedFrom }: Wanted,
  there: InSource,
  repository: ImageRepository,
  ports: Ports,
): Promise<Result> => {
  refuseForLambda(inputs, there.image.manifest)
  await refuseFixedTag(inputs, repository, movedFrom, there.image.digest)
  await Promise.all([repository.guard(), ...(inputs.sourceRole === undefined ? [] : [there.source.guard()])])
  if (inputs.dryRun) {
    const from = `from ${inputs.source?.host}/${inputs.source?.name}`
    ports.log.info(`dry run: would copy ${there.image.digest} ${from} to ${inputs.repository} as ${names(inputs, tag)}`)
    return finish(inputs, tag, 'copied', there.image)
  }
  const { copyFromSource } = await import('./copy.ts')
  const { image, copied, adopted } = await copyFromSource({ ...there, tag }, repository, ports)
  if (inputs.tag !== undefined && movedFrom !== image.digest) await tagFurther(inputs, ports, repository, image)
  return { ...finish(inputs, tag, adopted ? 'found' : 'copied', image), copied }
}

const names = (inputs: Inputs, tag: string): string => (inputs.tag === undefined ? tag : `${tag} and ${inputs.tag}`)

const lookInSource = async (inputs: Inputs, tag: string, ports: Ports): Promise<InSource | undefined> => {
  if (inputs.source === undefined) return undefined
  const source = await ports.imageSource()
  const found = await ports.ledger.phase('look in the source', () => source.find({ tags: [tag] }))
  const image = found.get(tag)
  const where = `${inputs.source.host}/${inputs.source.name}`
  ports.log.info(image === undefined ? `not in ${where} either` : `found ${image.digest} in ${where}`)
  return image && { source, image }
}

/** Stops before anything is built: what cannot be tagged in the end is not worth the wait. */
const refuseFixedTag = async (
  inputs: Inputs,
  repository: ImageRepository,
  bearer: string | undefined,
  wanted: string,
): Promise<void> => {
  if (inputs.tag === undefined || bearer === undefined || (await repository.tagRule(inputs.tag)) !== 'fixed') return
  throw new Refusal(
    `tag '${inputs.tag}' of ${inputs.repository} is on ${bearer} and cannot be moved to ${wanted}: the repository's tags are immutable; ` +
      'nothing was changed. Choose another tag, or exclude this one from immutability',
  )
}

const tagFurther = async (inputs: Inputs, ports: Ports, repository: ImageRepository, image: RegistryImage): Promise<void> => {
  const { tag = '' } = inputs
  if (inputs.dryRun) return ports.log.info(`dry run: would put the tag '${tag}' on ${image.digest}`)
  ports.signal.throwIfAborted()
  const bearer = await ports.ledger.phase('tag', () => setTag(repository, image, tag, ports))
  if (bearer.digest !== image.digest) {
    throw new Error(
      `tag '${tag}' of ${inputs.repository} is immutable and on ${bearer.digest}, so it cannot be moved to ${image.digest}; ` +
        'the image itself is pushed, and found by its content tag',
    )
  }
  ports.log.info(`tag '${tag}' is on ${short(image.digest)}`)
}

const neverBuilt = ({ repository, account, region, image, source }: Inputs, tag: string): Refusal =>
  new Refusal(
    `${tag} is not in repository '${repository}' of account ${account} (${region})${source ? ` and not in ${source.host}/${source.name}` : ''}: ` +
      `this tree of '${image.context}' was never built there. ` +
      "Bring the commit to the branch that builds first and merge it from there, or build it here with 'when-missing: build'",
  )

const refuseForLambda = ({ runsOn }: Inputs, manifest: string): void => {
  const reason = runsOn === 'lambda' ? lambdaRefusal(parseManifest(manifest)) : undefined
  if (reason !== undefined) throw new Refusal(reason)
}

const finish = (inputs: Inputs, tag: string, result: Result['result'], found: RegistryImage | undefined): Result => ({
  result,
  tag,
  digest: found?.digest,
  repository: inputs.repository,
  image: found && pinned(`${registryHost(inputs)}/${inputs.repository}`, found.digest),
  platformDigests: found === undefined ? {} : digestsOf(found, inputs.image.platforms?.[0] ?? ''),
})

/** The platforms are part of the content tag, so that an image without an index is of the one that was asked for. */
const digestsOf = ({ manifest, digest }: RegistryImage, platform: string): Record<string, string> => {
  const parsed = parseManifest(manifest)
  return parsed.kind === 'index' ? platformDigests(parsed.manifests) : { [platform]: digest }
}
