import fc from 'fast-check'
import { expect, it } from 'vitest'
import { example } from '../../../lib/delivery/configuration.case.ts'
import { type Hold, type Release, releaseId } from '../../../lib/delivery/records.ts'
import { outputs } from './outcome.ts'
import { planDelivery } from './plan.ts'
import { push, release, tag, world } from './world.case.ts'

const PLACES = { dev: 'dev', staging: 'staging', prod: 'main' } as const
type Place = keyof typeof PLACES
const UPSTREAM = { dev: undefined, staging: 'dev', prod: 'staging' } as const
const start = Date.parse('2026-11-16T08:00:00Z')
const MINUTE = 60_000
const hold: Hold = { state: 'held', reason: 'r', by: 'o', at: 't', run: 'r' }

const digestOf = (letter: string): string => `sha256:${letter.repeat(64)}`
const idOf = (letter: string): string => releaseId({ app: { digest: digestOf(letter) } }, release.services)

const letter = fc.constantFrom('a', 'b', 'c')
const entry = fc.record({
  letter,
  partial: fc.boolean(),
  minute: fc.integer({ min: 0, max: 60 }),
  rejected: fc.uniqueArray(letter, { maxLength: 1 }),
})
type Entry = { letter: string; partial: boolean; minute: number; rejected: string[] }

const recorded = ({ letter, partial, minute, rejected }: Entry): Release => ({
  ...release,
  release: idOf(letter),
  images: { app: { digest: digestOf(letter), tag } },
  verifiedAt: new Date(start + minute * MINUTE).toISOString(),
  rejected: rejected.map(idOf),
  ...(partial && { partial: true as const }),
})

/** Said once more, plainly: what may be planned. */
const expected = (
  place: Place,
  histories: Record<Place, Entry[]>,
  held: boolean,
  wanted: string | undefined,
  minute: number,
): string => {
  const upstream = UPSTREAM[place]
  const own = histories[place].at(-1)
  if (held) return 'refused'
  if (wanted === undefined) return upstream === undefined ? 'planned' : 'refused'
  const lists = Object.entries(histories).flatMap(([name, entries]) => (name === upstream ? entries : entries.slice(-1)))
  if (lists.some(({ rejected }) => rejected.includes(wanted))) return 'refused'
  if (upstream === undefined) return 'planned'
  const whole = histories[upstream].filter((each) => each.letter === wanted && !each.partial)
  if (whole.length === 0) return 'refused'
  if (own?.letter === wanted) return 'planned'
  const first = Math.min(...whole.map((each) => each.minute))
  return place === 'prod' && minute - first < 30 ? 'pending' : 'planned'
}

it('over random histories: planned, pending or refused as the rules say, and nothing but what upstream verified', async () => {
  const configuration = example()
  delete configuration.environments['prod']?.window
  const history = fc.array(entry, { maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(
      fc.record({ dev: history, staging: history, prod: history }),
      fc.constantFrom<Place>('dev', 'staging', 'prod'),
      fc.option(letter, { nil: undefined }),
      fc.boolean(),
      fc.integer({ min: 0, max: 90 }),
      async (histories, place, wanted, held, minute) => {
        const { ports } = world({
          configuration,
          images: wanted === undefined ? {} : { [`shop/app:${tag}`]: digestOf(wanted) },
          history: Object.fromEntries(
            Object.entries(histories).map(([name, entries]) => [`/shop/${name}/release`, entries.map(recorded)]),
          ),
          holds: held ? { [`/shop/${place}/hold`]: hold } : {},
          now: new Date(start + minute * MINUTE).toISOString(),
        })
        const decision = await planDelivery(push(PLACES[place]), ports)
        const { outcome, plan = '' } = outputs(decision)
        expect(outcome).toBe(expected(place, histories, held, wanted, minute))
        expect(plan !== '').toBe(outcome === 'planned')
      },
    ),
    { numRuns: 400 },
  )
})
