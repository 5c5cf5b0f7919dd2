import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { wavesOf } from './waves.ts'

const stack = (name: string, publishes: string[] = [], reads: string[] = []) => ({
  name,
  publishes,
  lookups: Object.fromEntries(reads.map((parameter) => [`Of${parameter}`, parameter])),
})

const names = (stacks: ReturnType<typeof stack>[]): string[][] => wavesOf(stacks).map((wave) => wave.map(({ name }) => name))

describe('waves', () => {
  it.each([
    ['stacks that need nothing are one wave', [stack('a'), stack('b')], [['a', 'b']]],
    ['what nobody here makes is there already', [stack('a', [], ['image'])], [['a']]],
    [
      'who makes a parameter comes before who looks it up',
      [stack('service', [], ['listener', 'vpc']), stack('cluster', ['listener'], ['vpc']), stack('network', ['vpc'])],
      [['network'], ['cluster'], ['service']],
    ],
    ['a stack may look up what it made itself', [stack('a', ['x'], ['x'])], [['a']]],
  ])('%s', (_, stacks, waves) => {
    expect(names(stacks)).toEqual(waves)
  })

  it('a circle is refused by the names in it, not by those that wait for it', () => {
    const stacks = [stack('waits', [], ['a']), stack('one', ['a'], ['b']), stack('two', ['b'], ['a'])]
    expect(() => wavesOf(stacks)).toThrow('no stack can come first: one needs two needs one')
  })

  it('have every stack once, after all that it needs, and never later than that takes', () => {
    // Stack i looks up what some stacks before it make, so there is no circle.
    const graphs = fc.array(fc.array(fc.nat(20), { maxLength: 4 }), { maxLength: 20 }).map((needs) =>
      needs.map((reads, index) =>
        stack(
          `s${index}`,
          [`p${index}`],
          reads.filter((other) => other < index).map((other) => `p${other}`),
        ),
      ),
    )
    fc.assert(
      fc.property(graphs, (stacks) => {
        const waves = names(stacks.toReversed())
        const at = (name: string): number => waves.findIndex((wave) => wave.includes(name))
        expect(waves.flat().toSorted()).toEqual(stacks.map(({ name }) => name).toSorted())
        for (const { name, lookups } of stacks) {
          const before = Object.values(lookups).map((parameter) => at(parameter.replace('p', 's')))
          expect(at(name)).toBe(Math.max(-1, ...before) + 1)
        }
      }),
    )
  })
})
