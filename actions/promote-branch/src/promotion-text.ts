import type { Candidate } from '../../../lib/delivery/standing.ts'
import { promotionContext } from '../../../lib/github/promotion.ts'
import type { Changes } from './changes.ts'
import type { Downstream } from './environments.ts'
import { withChanges } from './section.ts'
import type { Judged } from './standing.ts'
import { utc } from './words.ts'

type Promotion = {
  place: Downstream
  candidate: Candidate
  standing: Judged
  /** What was recorded just now, where the caller knows it. */
  release: string | undefined
  changes: Changes
}

/** The section of a promotion pull request: what it brings, image by image, and since when that is verified. */
export const promotionText = ({ place, candidate, standing, release, changes }: Promotion) => {
  const digests = standing.standing === 'verified' ? standing.digests : {}
  const images = [...new Map(Object.values(candidate).map(({ image, tag }) => [image, tag]))].toSorted(([a], [b]) =>
    a < b ? -1 : 1,
  )
  const head = [
    verified(place, standing, release),
    '',
    '| image | content tag | digest | services |',
    '|---|---|---|---|',
    ...images.map(([image, tag]) => {
      const services = Object.keys(candidate).filter((service) => candidate[service]?.image === image)
      const digest = digests[image]
      return `| ${image} | \`${tag}\` | ${digest === undefined ? '' : `\`${digest}\``} | ${services.join(', ')} |`
    }),
  ]
  return withChanges(head, changes, [
    `Merge with a merge commit: nothing is built again, these images go on. The status \`${promotionContext(place.name)}\` says whether they may.`,
    'Slipway keeps this section up to date; what is written outside of it stays.',
  ])
}

const verified = ({ name, upstream }: Downstream, standing: Judged, release: string | undefined): string => {
  if (standing.standing === 'verified') {
    return `Brings to **${name}** what **${upstream.name}** has verified since ${utc(standing.since)}, release \`${standing.release}\`.`
  }
  const last = release === undefined ? '' : ` The release verified last there is \`${release}\`.`
  return `Brings branch \`${upstream.branch}\` to **${name}**; **${upstream.name}** has not verified what the branch has now.${last}`
}
