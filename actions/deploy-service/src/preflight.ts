import { short } from '../../../lib/image.ts'
import { type Platform, platformName } from '../../../lib/oci/manifest.ts'
import { Refusal } from '../../../lib/refusal.ts'
import type { WantedImages } from './images.ts'
import type { Registry } from './registry.ts'
import type { Inspected } from './request.ts'
import { ranBefore, type TargetTools } from './target.ts'

/** Refuses an image that the service cannot start, before anything is changed: its copies would only say so later. */
export const refuseUnfit = (inspected: readonly Inspected[], images: WantedImages): void => {
  for (const { request, running } of inspected) {
    if (running.settled) continue
    for (const { image } of request.wanted) {
      const { platforms, configType } = images.get(image) ?? {}
      const reason = [running.platform, ...(running.furtherPlatforms ?? [])]
        .map((needed) => unfitness(platforms, configType, needed))
        .find((each) => each !== undefined)
      if (reason) throw new Refusal(`the image ${image} cannot run in '${request.name}': ${reason}; nothing was changed`)
    }
  }
}

const CONFIG_TYPES = ['application/vnd.oci.image.config.v1+json', 'application/vnd.docker.container.image.v1+json']

/** Why an image of these platforms does not run there; undefined where it does, or where it is not known. */
export const unfitness = (
  platforms: readonly Platform[] | undefined,
  configType: string | undefined,
  needed: Platform | undefined,
): string | undefined => {
  if (configType !== undefined && !CONFIG_TYPES.includes(configType)) {
    return `its config is of type ${configType}, so it is an artifact and no container image`
  }
  if (platforms === undefined || platforms.length === 0 || needed === undefined) return undefined
  if (platforms.some(({ os, architecture }) => os === needed.os && architecture === needed.architecture)) return undefined
  const built = [...new Set(platforms.map(platformName))].join(', ')
  return `it is built for ${built}, the service needs ${platformName(needed)}. Build it for that platform, or change the service's`
}

/** A rollback to an image that is gone cannot work; that is worth knowing before it is needed. */
export const warnOfLostImages = async (
  inspected: readonly Inspected[],
  registry: Registry,
  { log }: TargetTools,
): Promise<string[]> => {
  const moving = inspected.filter(({ running }) => !running.settled && ranBefore(running))
  const before = moving.flatMap(({ running, expected }) => Object.keys(expected).flatMap((name) => running.images[name] ?? []))
  const pinned = [...new Set(before)].filter((image) => image.includes('.dkr.') && image.includes('@sha256:'))
  if (pinned.length === 0) return []
  const found = await registry.find(pinned)
  const lost = pinned.filter((image) => !found.has(image))
  for (const image of lost) log.warning(`the image that runs now, ${image}, is no longer in its registry: a rollback would fail`)
  return lost.map((image) => `No way back: ${short(image.split('@')[1] ?? '')} is no longer in its registry.`)
}
