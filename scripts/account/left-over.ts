import { CloudFormation } from '@aws-sdk/client-cloudformation'
import { call } from '../../lib/aws/errors.ts'
import { budgetsRegion } from '../../lib/delivery/budgets.ts'
import { isPipelineStack } from '../../lib/delivery/names.ts'
import type { Clients } from './clients.ts'
import type { Place } from './places.ts'
import type { SynthesisedStack } from './synthesis.ts'

/** Names of all stacks of a region that are not deleted. */
export type ListStacks = (region: string) => Promise<string[]>

/** Stacks of the pipeline that stand and that `delivery.json` has no more: `NAME (REGION)`. */
export const leftOver = async (
  list: ListStacks,
  project: string,
  places: readonly Place[],
  stacks: readonly SynthesisedStack[],
): Promise<string[]> => {
  const known = new Set(stacks.map(({ name }) => name))
  const regions = new Set(places.flatMap(({ region }) => [region, budgetsRegion(region) ?? region]))
  const found: string[] = []
  for (const region of regions) {
    for (const name of await list(region)) {
      const isOurs = places.some((place) => isPipelineStack(project, place.name, name))
      if (isOurs && !known.has(name)) found.push(`${name} (${region})`)
    }
  }
  return found
}

export const listStacks =
  (clients: Clients): ListStacks =>
  async (region) => {
    const client = clients(CloudFormation, region)
    const names: string[] = []
    let NextToken: string | undefined
    do {
      const page = await call('cloudformation:DescribeStacks', () => client.describeStacks({ ...(NextToken && { NextToken }) }))
      // Without a name it tells of no stack that is deleted.
      names.push(...(page.Stacks ?? []).map(({ StackName = '' }) => StackName))
      NextToken = page.NextToken
    } while (NextToken !== undefined)
    return names
  }

/** What is printed of them before anything is deployed. */
export const warningOf = (names: readonly string[]): string[] =>
  names.length === 0
    ? []
    : [
        `! still there, although delivery.json has them no more: ${names.join(', ')}. Delete them first: where a target, schedules, budgets or zone has gone, CloudFormation may not delete them afterwards`,
      ]
