import type { Branches } from '../../../lib/delivery/gates/bring-back.ts'
import type { Gate } from '../../../lib/delivery/gates/gate.ts'
import { knownUpstream } from '../../../lib/delivery/gates/known-upstream.ts'
import type { WantedImage } from '../../../lib/delivery/images.ts'
import type { PlannedService } from '../../../lib/delivery/plan.ts'
import type { Candidate } from '../../../lib/delivery/standing.ts'
import type { Ports } from './ports.ts'

type Way = { upstream: { environment: string; branch: string }; branches: Branches }

export const candidateOf = (images: readonly WantedImage[], services: readonly PlannedService[]): Candidate => {
  const tags = new Map(images.map(({ name, tag }) => [name, tag]))
  return Object.fromEntries(services.map(({ name, image }) => [name, { image, tag: tags.get(image) ?? '' }]))
}

/**
 * Asks GitHub Deployments whether upstream ever had this tree, before AWS is touched. No gate where no token was given;
 * where GitHub does not answer that is a warning, since AWS's record is the authority.
 */
export const askGitHub = async (
  { deployments }: Ports,
  { upstream, branches }: Way,
  images: readonly WantedImage[],
  services: readonly PlannedService[],
): Promise<{ gates: Gate[]; warnings: string[] }> => {
  if (deployments === undefined) return { gates: [], warnings: [] }
  const candidate = candidateOf(images, services)
  const tags = new Set(images.map(({ tag }) => tag))
  try {
    const told = await deployments.history(upstream.environment, ({ tag, rejects }) => tags.has(tag) || rejects !== undefined)
    return { gates: [knownUpstream(upstream.environment, branches, candidate, told)], warnings: [] }
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    return { gates: [], warnings: [`GitHub could not be asked first, AWS's record decides: ${problem}`] }
  }
}
