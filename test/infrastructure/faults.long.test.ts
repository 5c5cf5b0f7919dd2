import { expect, test } from 'vitest'
import { type Attempts, openAttempts } from './attempts.ts'
import { disturb, disturbances, undisturbed } from './disturbed.ts'

/** So many cells at once: most of them wait for processes. */
const LANES = 4
/** Real milliseconds, for machines that are slow or have more to do; a quiet one takes a fifth of it. */
const LIMIT = 900_000

test(
  'whatever befalls a call: no false green, one clear line, and the next run brings what was approved',
  async ({ onTestFinished }) => {
    const worlds = await Promise.all([...Array(LANES).keys()].map(() => openAttempts(onTestFinished)))
    const [first] = worlds as [Attempts]
    // CloudFormation has to be told of an image first.
    await first.deliver('v2')
    const prepared = disturbances('prepare', await undisturbed(first, 'prepare', 0))
    const executed = disturbances('execute', await undisturbed(first, 'execute', 0))
    expect([prepared.length, executed.length].every((each) => each > 60)).toBe(true)
    const cells = [...prepared, ...executed]

    const wrong: string[][] = []
    const due = [...cells]
    const inLane = async (world: Attempts): Promise<void> => {
      let [goal, tag] = world === first ? [0, 'v2'] : [1, 'v1']
      for (let cell = due.shift(); cell !== undefined; cell = due.shift()) {
        if (cell.operation === 'execute') {
          tag = tag === 'v1' ? 'v2' : 'v1'
          await world.deliver(tag)
        }
        const objections = await disturb(world, cell, 1 - goal, tag)
        if (objections.length > 0) wrong.push([cell.name, ...objections])
        if (cell.operation === 'execute') goal = 1 - goal
      }
    }
    await Promise.all(worlds.map(inLane))
    expect(wrong).toEqual([])
  },
  LIMIT,
)
