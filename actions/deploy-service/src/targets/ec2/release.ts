import { short } from '../../../../../lib/image.ts'

/** Name of the release that a run brings to hosts: who brings it and what. Hosts keep it, and name it as the holder of their lock. */
export const releaseName = (run: string, digest: string, now: number): string => {
  const who = run.trim().replaceAll(/[^A-Za-z0-9._]+/g, '-')
  // Two attempts by hand are two releases; those of a workflow have numbers.
  return `${who === '' ? `by-hand-${now.toString(36)}` : who}-${short(digest)}`
}

/** Whether that release, whoever brings it, is of this image. */
export const isOfDigest = (release: string, digest: string): boolean => release.endsWith(`-${short(digest)}`)

/** The release in words: the run that brings it, with its address where it is one of the same repository. */
export const inWords = (release: string, runUrl = ''): string => {
  const [, run, attempt] = /^(\d+)-(\d+)-[0-9a-f]{12}$/.exec(release) ?? []
  if (run === undefined) return `'${release || 'somebody unnamed'}'`
  const where = runUrl === '' ? `run ${run}` : runUrl.replace(/\d+$/, run)
  return `${where} (attempt ${attempt}, release ${release})`
}
