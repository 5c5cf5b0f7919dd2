import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cycles, type Dependencies, inOrder } from './order.ts'

/** Edges go from later to earlier names of a shuffled list, so there is no cycle. */
const graphs: fc.Arbitrary<Dependencies> = fc
  .uniqueArray(fc.stringMatching(/^[a-z]{1,3}$/), { minLength: 1, maxLength: 12 })
  .chain((names) =>
    fc
      .tuple(...names.map((_, index) => fc.subarray(names.slice(0, index))))
      .chain((needs) =>
        fc
          .shuffledSubarray(names, { minLength: names.length })
          .map((keys) => Object.fromEntries(keys.map((key) => [key, needs[names.indexOf(key)] ?? []]))),
      ),
  )

describe('inOrder', () => {
  it('puts every name after all that it waits for, and loses none', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const order = inOrder(graph)
        expect(order.toSorted()).toEqual(Object.keys(graph).toSorted())
        for (const [name, needs] of Object.entries(graph)) {
          for (const needed of needs) expect(order.indexOf(needed)).toBeLessThan(order.indexOf(name))
        }
        expect(cycles(graph)).toEqual([])
      }),
    )
  })

  it('is stable: names that wait for nothing stay where they are', () => {
    expect(inOrder({ web: [], api: [], db: [] })).toEqual(['web', 'api', 'db'])
    expect(inOrder({ web: ['api'], docs: [], api: ['db'], db: [] })).toEqual(['db', 'api', 'web', 'docs'])
  })

  it('ignores names that are not there', () => {
    expect(inOrder({ web: ['constructor', 'gone'] })).toEqual(['web'])
  })

  it('ends on a cycle too', () => {
    expect(inOrder({ a: ['b'], b: ['a'] }).toSorted()).toEqual(['a', 'b'])
  })
})

describe('cycles', () => {
  it.each([
    [{ a: ['a'] }, [['a', 'a']]],
    [{ a: ['b'], b: ['a'] }, [['a', 'b', 'a']]],
    [{ a: ['b'], b: ['c'], c: ['b'] }, [['b', 'c', 'b']]],
    [{ a: ['b'], b: [], c: ['c'] }, [['c', 'c']]],
  ])('of %j are %j', (graph, expected) => {
    expect(cycles(graph)).toEqual(expected)
  })
})
