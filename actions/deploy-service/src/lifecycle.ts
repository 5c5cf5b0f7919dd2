/** An image as `DescribeImages` tells of it. Times are milliseconds since the epoch. */
export type AgeingImage = { digest: string; tags: readonly string[]; pushedAt: number }

type Selection = {
  tagStatus?: string
  tagPrefixList?: string[]
  tagPatternList?: string[]
  storageClass?: string
  countType?: string
  countNumber?: number
}

export type LifecycleRule = { rulePriority: number; selection: Selection; action?: { type?: string } }

/** What a rule will do to an image. With `days` below 0 it is due, and ECR does it within a day. */
export type Expiry = { rule: number; action: 'expire' | 'archive'; left: { days: number } | { pushes: number } }

const DAY = 86_400_000
/** How far ahead is soon: an environment that waits for its promotion, or for its next release, may stand that long. */
const SOON_DAYS = 14
const SOON_PUSHES = 5

/** The rules of a policy, in the order in which they are applied; none where it is not one that is understood. */
export const parseLifecycle = (policy: string): LifecycleRule[] => {
  const { rules = [] }: { rules?: LifecycleRule[] } = JSON.parse(policy)
  return rules.toSorted((one, other) => one.rulePriority - other.rulePriority)
}

/** Whether a rule counts images, so that all others of the repository have to be known. */
export const needsAll = (rules: readonly LifecycleRule[]): boolean =>
  rules.some(({ selection }) => selection.countType === 'imageCountMoreThan')

/**
 * Which rule takes this image away soon; undefined where none does. An image that a rule selects is out of reach of the rules after
 * it, whether that one takes it or not; age is that of the push, and no later tag refreshes it (user guide, LifecyclePolicies.html).
 */
export const expiryOf = (
  rules: readonly LifecycleRule[],
  image: AgeingImage,
  all: readonly AgeingImage[],
  now: number,
): Expiry | undefined => {
  const rule = rules.find(({ selection }) => selects(selection, image))
  if (rule === undefined) return undefined
  const { selection, rulePriority, action } = rule
  const left = leftOf(selection, image, all, now)
  return left && { rule: rulePriority, action: action?.type === 'transition' ? 'archive' : 'expire', left }
}

const leftOf = (
  selection: Selection,
  image: AgeingImage,
  all: readonly AgeingImage[],
  now: number,
): Expiry['left'] | undefined => {
  const { countType, countNumber = Number.POSITIVE_INFINITY } = selection
  if (countType === 'sinceImagePushed') {
    const days = Math.floor((image.pushedAt - now) / DAY + countNumber)
    return days <= SOON_DAYS ? { days } : undefined
  }
  if (countType !== 'imageCountMoreThan') return undefined
  const newer = all.filter((each) => selects(selection, each) && each.pushedAt > image.pushedAt).length
  const pushes = countNumber - newer
  return pushes <= SOON_PUSHES ? { pushes } : undefined
}

/** An image in use is in the standard storage class; rules for archived ones do not concern it. */
const selects = ({ tagStatus, tagPrefixList, tagPatternList, storageClass }: Selection, { tags }: AgeingImage): boolean => {
  if (storageClass === 'archive') return false
  if (tagStatus === 'any') return true
  if (tagStatus === 'untagged') return tags.length === 0
  const matches = (pattern: RegExp): boolean => tags.some((tag) => pattern.test(tag))
  return [...(tagPatternList ?? []).map(patternOf), ...(tagPrefixList ?? []).map((prefix) => patternOf(`${prefix}*`))].every(
    matches,
  )
}

const patternOf = (wildcards: string): RegExp =>
  new RegExp(
    `^${wildcards
      .split('*')
      .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  )

/** In words, after the name of an image. */
export const sayExpiry = ({ rule, action, left }: Expiry): string => {
  const what = action === 'expire' ? 'deleted' : 'archived, where nothing can pull it,'
  const by = `by rule ${rule} of the repository's lifecycle policy`
  if ('pushes' in left) {
    return left.pushes <= 0
      ? `is about to be ${what} ${by}: newer images fill it`
      : `is ${what} ${by} after ${left.pushes} more images`
  }
  return left.days <= 0 ? `is due to be ${what} ${by}` : `is ${what} ${by} in ${left.days} days`
}
