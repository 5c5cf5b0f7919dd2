import type { Configuration } from '../../lib/delivery/configuration.ts'
import { REGISTRY } from '../../lib/delivery/names.ts'
import { Refusal } from '../../lib/refusal.ts'

/** An environment of `delivery.json`, or `registry`, and where it is. */
export type Place = { name: string; account: string; region: string }

export const placesOf = ({ registry, environments }: Configuration): Place[] => [
  { name: REGISTRY, account: registry.account, region: registry.region },
  ...Object.entries(environments).map(([name, { account, region }]) => ({ name, account, region })),
]

/**
 * The places in the account that the credentials lead to, or those of them that were asked for. Refuses an account that has
 * no place in `delivery.json`, and a place that is in another account: nobody sets up the wrong one.
 */
export const placesIn = (configuration: Configuration, account: string, asked: readonly string[]): Place[] => {
  const all = placesOf(configuration)
  const here = all.filter((place) => place.account === account)
  const list = all.map((place) => `${place.name} in ${place.account}`).join(', ')
  if (here.length === 0) {
    throw new Refusal(
      `these credentials are of account ${account}, which has no place in delivery.json: it has ${list}; use a profile of one of them`,
    )
  }
  for (const name of asked) {
    const place = all.find((each) => each.name === name)
    if (place === undefined)
      throw new Refusal(`--environment takes ${all.map((each) => each.name).join(', ')}, received '${name}'`)
    if (place.account !== account) {
      throw new Refusal(
        `'${name}' is in account ${place.account}, and these credentials are of ${account}; use a profile of ${name}`,
      )
    }
  }
  return asked.length === 0 ? here : here.filter(({ name }) => asked.includes(name))
}
