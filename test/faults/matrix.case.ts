import { describe, expect, test } from 'vitest'
import type { Fault } from '../../local/aws/faults.ts'
import { nameOf } from './cells.ts'
import { type Kill, type Undisturbed, underFault, underKill } from './matrix.ts'
import type { Delivery } from './stage.ts'

/** Real milliseconds for one cell; each takes less than a second where nothing hangs and the machine is idle. */
const LIMIT = 120_000

/** One test a fault. What is expected to be empty lists the promises that were broken, and what was printed. */
export const testFaults = (delivery: Delivery, faults: readonly Fault[]): void => {
  describe(`${delivery.name}, with a fault`, () => {
    const cells = faults.map((fault) => ({ name: nameOf(fault), fault }))
    test.concurrent.each(cells)('$name', async ({ fault }) => expect(await underFault(delivery, fault)).toEqual([]), LIMIT)
  })
}

/** One test a moment at which the process is killed. */
export const testKills = (delivery: Delivery, calm: Undisturbed, kills: readonly Kill[]): void => {
  describe(`${delivery.name}, killed and run again`, () => {
    const cells = kills.map((kill) => ({ name: killName(kill), kill }))
    test.concurrent.each(cells)('$name', async ({ kill }) => expect(await underKill(delivery, kill, calm)).toEqual([]), LIMIT)
  })
}

const killName = ({ call, applied, post }: Kill): string =>
  `at its call number ${call}, ${applied ? 'once it is applied' : 'before it is applied'}${post ? ', with a post step' : ''}`

/** The moments before and after each of so many calls. */
export const allKills = (total: number, post: boolean): Kill[] =>
  [...Array(total).keys()].flatMap((index) => [false, true].map((applied): Kill => ({ call: index + 1, applied, post })))

/** Every nth of a list, so that a few stand for all. */
export const everyNth = <T>(step: number, list: readonly T[]): T[] => list.filter((_, index) => index % step === 0)
