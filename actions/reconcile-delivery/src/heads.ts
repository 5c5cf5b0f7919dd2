import type { Head } from '../../../lib/delivery/board/facts.ts'
import type { Configuration } from '../../../lib/delivery/configuration.ts'
import { wantedImages } from '../../../lib/delivery/images.ts'
import { parseConfiguration } from '../../../lib/delivery/parse.ts'
import { Refusal } from '../../../lib/refusal.ts'
import type { Source } from './ports.ts'

/** What a branch wants, and the configuration that says so: its own, which may be newer than that of the run. */
export type BranchHead = { head: Head; configuration?: Configuration }

/** Reads the newest commit of a branch. What is wrong with the branch is part of the answer. */
export const branchHead = async (source: Source, branch: string, config: string): Promise<BranchHead> => {
  const found = await source.head(branch)
  if (found === undefined) {
    return { head: { problem: `this clone does not have branch ${branch}: fetch it (actions/checkout with fetch-depth: 0)` } }
  }
  const { ref, commit } = found
  const text = await source.file(commit, config)
  if (text === undefined) return { head: { problem: `branch ${branch} has no ${config}` } }
  try {
    const configuration = parseConfiguration(text, config)
    const images = await wantedImages(configuration, { objects: (paths) => source.objects(commit, paths) })
    const tags = images.map(({ name, tag }) => [name, { tag }])
    const services = Object.entries(configuration.services).map(([name, { image }]) => [name, image])
    const head = { ref, commit, images: Object.fromEntries(tags), services: Object.fromEntries(services) }
    return { head, configuration }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { head: { problem: `branch ${branch} cannot be delivered: ${error.message.split('\n')[0]}` } }
  }
}
