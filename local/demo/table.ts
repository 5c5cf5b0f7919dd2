import type { Delivery } from './delivery.ts'
import { expect } from './deviation.ts'
import type { Rejected } from './mistakes.ts'
import { runningIn, servicesOf } from './prove.ts'
import { type Screen, seconds } from './screen.ts'

const short = (text: string): string => (text.length <= 20 ? text : `${text.slice(0, 19)}…`)

/** Columns as wide as their widest cell. */
export const table = (rows: string[][]): string[] => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

const firstImage = ({ images }: Delivery) => Object.values(images)[0] ?? { tag: '', digest: '' }

const rowOf = (delivery: Delivery, cells: string[]): string[] => {
  const { tag, digest } = firstImage(delivery)
  return [delivery.commit.slice(0, 7), short(tag), short(digest), ...cells]
}

/** What the demonstration has shown: commit, content tag, digest, and the seconds that each environment took. */
export const summary = (deliveries: Delivery[], rejected: Rejected[]): string[] => {
  const [first, ...others] = deliveries
  if (first === undefined) return []
  const header = ['commit', 'content tag', 'digest', ...deliveries.map(({ environment }) => environment.name)]
  const green = rowOf(
    first,
    deliveries.map(({ milliseconds }) => seconds(milliseconds)),
  )
  const red = rejected.map(({ delivery, milliseconds }) =>
    rowOf(delivery, [`red, back in ${seconds(milliseconds)}`, ...others.map(() => '–')]),
  )
  return table([header, green, ...red])
}

/** Which digest each service runs in each environment, as its platform reported it. */
export const runningEverywhere = (deliveries: Delivery[]): string[] => {
  const [first] = deliveries
  if (first === undefined) return []
  const header = ['service', 'on', ...deliveries.map(({ environment }) => environment.name)]
  const running = deliveries.map(runningIn)
  const rows = servicesOf(first.environment).map(({ name, target }) => [
    name,
    target,
    ...running.map((digests) => short(digests.get(name) ?? 'unknown')),
  ])
  return table([header, ...rows])
}

const isBuild = (call: string): boolean => /\bbuildx build\b/.test(call)

/** The claims, counted from what was recorded. Throws a `Deviation` where one does not hold. */
export const showProofs = (screen: Screen, deliveries: Delivery[]): void => {
  const promotions = deliveries.filter(({ environment }) => environment.promotesFrom !== undefined)
  const digests = new Set(deliveries.map((delivery) => firstImage(delivery).digest))
  expect(digests.size === 1, 'one digest in all environments', [...digests].join(', '))
  screen.done(`one digest on ${deliveries.map(({ environment }) => environment.name).join(', ')}: ${[...digests][0]}`)
  const builds = deliveries.flatMap(({ dockerCalls }) => dockerCalls.filter(isBuild)).length
  expect(builds === Object.keys(deliveries[0]?.images ?? {}).length, 'one docker build an image', builds)
  screen.done(`docker builds in all: ${builds}`)
  const processes = promotions.flatMap(({ dockerCalls }) => dockerCalls)
  expect(processes.length === 0, 'no docker process during promotions', processes.join('; '))
  screen.done(`docker processes during promotions: ${processes.length}`)
  const reads = promotions.map(({ registryReads, images }) => registryReads / Object.keys(images).length)
  expect(
    reads.every((count) => count === 1),
    'one ECR read an image in each promotion',
    reads,
  )
  screen.done(
    `ECR reads to find the image: ${promotions.map(({ environment }, index) => `${reads[index]} for ${environment.name}`).join(', ')}`,
  )
}
