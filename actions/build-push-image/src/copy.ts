import { type Copied, copyImage } from '../../../lib/oci/copy.ts'
import type { Registry } from '../../../lib/oci/registry.ts'
import { retryOf } from './connection.ts'
import type { ImageRepository, Ports, RegistryImage } from './ports.ts'
import { type Settled, settle } from './settle.ts'

type CopyOrder = { image: RegistryImage; source: ImageRepository; tag: string }

/** Copy by digest, read back, tag last: a run that ends anywhere in between is finished by the next one. No docker, no disk. */
export const copyFromSource = async (
  { image, source, tag }: CopyOrder,
  repository: ImageRepository,
  ports: Ports,
): Promise<Settled & { copied: Copied }> => {
  const { log, ledger, signal } = ports
  const opened: Registry[] = []
  const open = async (end: ImageRepository): Promise<Registry> => {
    const registry = await end.connect(signal)
    opened.push(registry)
    return registry
  }
  try {
    const [from, to] = await Promise.all([open(source), open(repository)])
    const copied = await ledger.phase('copy', () =>
      log.group('Copy', () =>
        copyImage(from, to, image.digest, {
          referrers: true,
          onReferrersDenied: ({ message }) =>
            log.warning(`the image is copied without its signatures, SBOMs and attestations, if it has any: ${message}`),
          retry: retryOf(ports),
        }),
      ),
    )
    log.info(`copied ${copied.sent} bytes; ${copied.mounted} bytes were mounted, ${copied.skipped} were there already`)
    return { ...(await settle(image, tag, repository, ports, 'copied')), copied }
  } catch (error) {
    signal.throwIfAborted()
    throw error
  } finally {
    for (const registry of opened) registry.close()
  }
}
