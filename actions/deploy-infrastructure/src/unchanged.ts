import type { StandingStack, WantedStack } from './stack.ts'

/** What CloudFormation has of a stack. */
type There = {
  standing: StandingStack
  /** Its template. */
  template: string
}

/** What its parameters are to be: those that are given, and those that are looked up and are no image. */
type Parameters = { given: Record<string, string>; lookedUp: Record<string, string> }

/**
 * Whether CloudFormation has of a stack what it is to have, but for the image: that one is the deployments' affair. What somebody
 * changed in AWS past CloudFormation is not seen.
 */
export const isUnchanged = (wanted: WantedStack, { standing, template }: There, { given, lookedUp }: Parameters): boolean =>
  isSameTemplate(template, wanted.body) &&
  standing.protected === wanted.protect &&
  isSameRecord(withoutReserved(standing.tags), wanted.tags) &&
  Object.entries(given).every(([key, value]) => standing.parameters[key]?.value === value) &&
  Object.entries(lookedUp).every(([key, value]) => standing.parameters[key]?.resolved === value)

const isSameTemplate = (one: string, other: string): boolean => {
  if (one === other) return true
  try {
    return JSON.stringify(JSON.parse(one)) === other
  } catch {
    return false
  }
}

const withoutReserved = (tags: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => !key.startsWith('aws:')))

const isSameRecord = (one: Record<string, string>, other: Record<string, string>): boolean =>
  JSON.stringify(Object.entries(one).toSorted()) === JSON.stringify(Object.entries(other).toSorted())
