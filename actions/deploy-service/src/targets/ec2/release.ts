import type { HostVerdict } from '../../../../../lib/host/verdict.ts'
import { short } from '../../../../../lib/image.ts'

/** Name of the release that a run brings to hosts: who brings it and what. Hosts keep it, and name it as the holder of their lock. */
export const releaseName = (run: string, digest: string, now: number): string => {
  const who = run.trim().replaceAll(/[^A-Za-z0-9._]+/g, '-')
  // Two attempts by hand are two releases; those of a workflow have numbers.
  return `${who === '' ? `by-hand-${now.toString(36)}` : who}-${short(digest)}`
}

/** Whether that release, whoever brings it, is of this image. */
export const isOfDigest = (release: string, digest: string): boolean => bare(release).endsWith(`-${short(digest)}`)

/** Whether two releases, whoever brings them, are of one image. */
export const isOfSameImage = (one: string, other: string): boolean => {
  const [image] = /-[0-9a-f]{12}$/.exec(bare(one)) ?? []
  return image !== undefined && bare(other).endsWith(image)
}

/** Whether two names are of one release: a host that makes it anew, because it does not do its work, calls it `….again`. */
export const isSame = (one: string, other: string): boolean => bare(one) === bare(other)

const bare = (release: string): string => release.replace(/(?:\.again)+$/, '')

/** Whether nobody named that release: the start of a host does not. */
export const isNameless = (release: string): boolean => ['', 'none'].includes(bare(release))

/** Who is at work on a host, and at what. `operation` is empty where it is not known. */
export type Holder = { release: string; operation: string }

/** Who holds the lock of a host; undefined where nobody does. A program that was turned away may not have found the name. */
export const holderOf = ({ exit, holder, holder_operation: operation = '' }: HostVerdict): Holder | undefined =>
  holder === '' && exit !== 20 ? undefined : { release: holder, operation }

/**
 * Whether that holder brings an image, and may so have come after us. A host that starts, or is put in order, names no release; and a
 * pre-deploy command changes nothing that runs.
 */
export const isDeploying = ({ release, operation }: Holder): boolean =>
  !isNameless(release) && !['run', 'reconcile', 'status'].includes(operation)

/** The release in words: the run that brings it, with its address where it is one of the same repository. */
export const inWords = (release: string, runUrl = ''): string => {
  const [, run, attempt] = /^(\d+)-(\d+)-[0-9a-f]{12}$/.exec(release) ?? []
  if (run === undefined) return `'${release || 'somebody unnamed'}'`
  const where = runUrl === '' ? `run ${run}` : runUrl.replace(/\d+$/, run)
  return `${where} (attempt ${attempt}, release ${release})`
}
