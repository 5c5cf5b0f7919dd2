import { Refusal } from '../../../lib/refusal.ts'
import type { WantedStack } from './stack.ts'

type Node = Pick<WantedStack, 'name' | 'lookups' | 'publishes'>

/**
 * Stacks in the order in which they can be deployed; those of one wave do not need each other. One that looks up a parameter
 * comes after the one that makes it. A circle is refused by the names in it.
 */
export const wavesOf = <S extends Node>(stacks: readonly S[]): S[][] => {
  const makers = new Map(stacks.flatMap(({ name, publishes }) => publishes.map((parameter) => [parameter, name])))
  const needs = new Map(
    stacks.map(({ name, lookups }) => [
      name,
      Object.values(lookups)
        .map((parameter) => makers.get(parameter))
        .filter((maker): maker is string => maker !== undefined && maker !== name),
    ]),
  )
  const waves: S[][] = []
  const done = new Set<string>()
  let left = [...stacks]
  while (left.length > 0) {
    const wave = left.filter(({ name }) => needs.get(name)?.every((other) => done.has(other)))
    if (wave.length === 0) throw new Refusal(sayCircle(circleIn(left[0]?.name ?? '', needs, done)))
    for (const { name } of wave) done.add(name)
    waves.push(wave)
    left = left.filter(({ name }) => !done.has(name))
  }
  return waves
}

/** Follows what is needed until something comes twice: the part between is the circle. */
const circleIn = (start: string, needs: Map<string, string[]>, done: Set<string>): string[] => {
  const path: string[] = []
  let at = start
  while (!path.includes(at)) {
    path.push(at)
    at = needs.get(at)?.find((other) => !done.has(other)) ?? at
  }
  return path.slice(path.indexOf(at))
}

const sayCircle = (circle: string[]): string =>
  `no stack can come first: ${[...circle, circle[0]].join(' needs ')}; have one of them look up nothing of the next`
