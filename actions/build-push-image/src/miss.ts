import { join } from 'node:path'
import { type BuildSource, type GitObjects, objectPaths } from '../../../lib/delivery/tag.ts'
import { lambdaRefusal } from '../../../lib/oci/lambda.ts'
import type { ImageContent } from '../../../lib/oci/layout.ts'
import type { Pushed } from '../../../lib/oci/push.ts'
import { Refusal } from '../../../lib/refusal.ts'
import type { Inputs } from './inputs.ts'
import type { ImageRepository, Ports, RegistryImage } from './ports.ts'
import { type Settled, settle } from './settle.ts'

export type BuildOrder = {
  inputs: Inputs
  commit: { id: string; objects: GitObjects }
  source: BuildSource
  /** The content tag. */
  tag: string
}

type Built = Settled & { pushed: Pushed }

/** Build, push by digest, read back, tag last: a run that ends anywhere in between has left nothing that is found by a name. */
export const buildAndPush = (order: BuildOrder, repository: ImageRepository, ports: Ports): Promise<Built> =>
  ports.withFolder(async (folder) => {
    const { log, ledger } = ports
    const [upload, content] = await both(
      ports.signal,
      (signal) => repository.openUpload(signal),
      (signal) => build(order, folder, signal, ports),
    )
    const built = registryImage(content)
    log.info(`built ${built.digest}`)
    refuseForLambda(order.inputs, content)

    const pushed = await ledger.phase('push', () => log.group('Push', () => upload(content)))
    log.info(`pushed ${pushed.sent} bytes; ${pushed.skipped} bytes were in the registry already`)

    return { ...(await settle(built, order.tag, repository, ports, 'pushed')), pushed }
  })

const build = async (order: BuildOrder, folder: string, signal: AbortSignal, ports: Ports): Promise<ImageContent> => {
  const { inputs, commit, source, tag } = order
  const tree = join(folder, 'tree')
  await ports.ledger.phase('export the commit', () => ports.source.export(commit.id, objectPaths(inputs.image), tree))
  const builder = await ports.builder()
  const inputFiles = source.inputs.filter((path) => commit.objects.get(path)?.type === 'blob')
  const { secrets } = inputs
  const request = { source, tree, inputFiles, version: tag, secrets, builder: inputs.builder, layout: join(folder, 'layout') }
  return ports.ledger.phase('build', () => ports.log.group('Build', () => builder.build(request, signal)))
}

/** Runs two tasks side by side. When one fails the other is told to stop, and waited for. */
const both = async <A, B>(
  outer: AbortSignal,
  one: (signal: AbortSignal) => Promise<A>,
  other: (signal: AbortSignal) => Promise<B>,
): Promise<[A, B]> => {
  const failed = new AbortController()
  const signal = AbortSignal.any([outer, failed.signal])
  const guarded = <T>(task: Promise<T>): Promise<T> =>
    task.catch((error) => {
      failed.abort(error)
      throw error
    })
  const [a, b] = await Promise.allSettled([guarded(one(signal)), guarded(other(signal))])
  outer.throwIfAborted()
  if (a.status === 'fulfilled' && b.status === 'fulfilled') return [a.value, b.value]
  throw failed.signal.reason
}

const registryImage = ({ root }: ImageContent): RegistryImage => ({
  digest: root.descriptor.digest,
  mediaType: root.descriptor.mediaType,
  manifest: root.bytes,
})

const refuseForLambda = ({ runsOn }: Inputs, { root }: ImageContent): void => {
  const reason = runsOn === 'lambda' ? lambdaRefusal(root.manifest) : undefined
  if (reason !== undefined) throw new Refusal(`${reason}; nothing was pushed`)
}
