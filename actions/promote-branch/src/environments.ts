import type { Configuration, Environment } from '../../../lib/delivery/configuration.ts'
import { nearest } from '../../../lib/delivery/nearest.ts'
import { Refusal } from '../../../lib/refusal.ts'

export type Place = Environment & { name: string }

/** An environment that takes promotions, and the one in which they are verified first. */
export type Downstream = Place & { upstream: Place }

const places = ({ environments }: Configuration): Place[] =>
  Object.entries(environments).map(([name, environment]) => ({ ...environment, name }))

/** The environment of that name; a `Refusal` that names the others. */
export const requireEnvironment = (configuration: Configuration, name: string): Place => {
  const all = places(configuration)
  const found = all.find((place) => place.name === name)
  if (found !== undefined) return found
  const names = all.map((place) => place.name)
  const meant = nearest(name, names)
  throw new Refusal(
    `input 'environment' must be one of ${names.join(', ')}, got '${name}'${meant === undefined ? '' : `; did you mean '${meant}'?`}`,
  )
}

/** Environments that take promotions; with `from` only those that promote from it. */
export const downstreams = (configuration: Configuration, from?: string): Downstream[] => {
  const all = places(configuration)
  return all.flatMap((place) => {
    const upstream = all.find(({ name }) => name === place.promotesFrom)
    return upstream === undefined || (from !== undefined && upstream.name !== from) ? [] : [{ ...place, upstream }]
  })
}

/** Where what stands in this environment once came in: the beginning of its chain of promotions. */
export const firstOf = (configuration: Configuration, name: string): Place => {
  const place = requireEnvironment(configuration, name)
  return place.promotesFrom === undefined ? place : firstOf(configuration, place.promotesFrom)
}
