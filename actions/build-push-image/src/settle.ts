import type { ImageRepository, Ports, RegistryImage } from './ports.ts'
import { setTag } from './tag.ts'

export type Settled = {
  image: RegistryImage
  /** Another run gave the content tag to its own build of the same tree first; `image` is that one. */
  adopted: boolean
}

/** Reads back what was sent by digest, compares, and only then gives it the content tag. */
export const settle = async (
  sent: RegistryImage,
  tag: string,
  repository: ImageRepository,
  ports: Ports,
  how: 'pushed' | 'copied',
): Promise<Settled> => {
  const { log, ledger } = ports
  const there = await ledger.phase('read back', () => repository.find({ tags: [tag], digests: [sent.digest] }))
  if (there.get(sent.digest)?.mediaType !== sent.mediaType) {
    throw new Error(`${sent.digest} was ${how}, but ECR does not answer with it: run the job again; no tag was set`)
  }
  ports.signal.throwIfAborted()
  const image = there.get(tag) ?? (await ledger.phase('tag', () => setTag(repository, sent, tag, ports)))
  const adopted = image.digest !== sent.digest
  if (adopted) {
    log.notice(
      `another run built the same tree meanwhile and got ${image.digest} instead of ${sent.digest}: that one stays. ` +
        'Two digests of one tree mean that this build is not reproducible',
    )
  }
  return { image, adopted }
}
