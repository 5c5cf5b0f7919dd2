import { writeFileSync } from 'node:fs'
import { type Arguments, readArguments, usage } from './arguments.ts'
import { conditions, isBusy, load } from './conditions.ts'
import type { Figure, Row } from './figure.ts'
import { FIGURES } from './figures.ts'
import { places } from './places.ts'
import { table } from './table.ts'

/** So many steps at once leave two cores mostly idle: each asks once in two seconds. */
const PLACES = 12

type Result = { figure: string; rows: Row[]; trouble?: string; runs: number; seconds: number }

const measure = async (figure: Figure, given: Arguments, place: ReturnType<typeof places>): Promise<Result> => {
  const runs = given.runs ?? figure.runs
  const begun = performance.now()
  const ended = (rest: { rows: Row[]; trouble?: string }): Result => {
    const seconds = Math.round((performance.now() - begun) / 1000)
    console.log(`${figure.name}: ${rest.trouble === undefined ? 'measured' : 'NOT MEASURED'} (${runs} runs, ${seconds} s)`)
    return { figure: figure.name, runs, seconds, ...rest }
  }
  try {
    return ended({ rows: await figure.measure({ runs, peers: given.peers, latency: given.latency, place }) })
  } catch (error) {
    return ended({ rows: [], trouble: error instanceof Error ? error.message : String(error) })
  }
}

const measureAll = async (given: Arguments): Promise<Result[]> => {
  const chosen = FIGURES.filter(({ name }) => given.only.length === 0 || given.only.includes(name))
  const place = places(PLACES)
  const results: Result[] = []
  for (const figure of chosen) if (figure.alone) results.push(await measure(figure, given, place))
  const waiting = chosen.filter(({ alone }) => !alone)
  return [...results, ...(await Promise.all(waiting.map((figure) => measure(figure, given, place))))]
}

const main = async (): Promise<void> => {
  const given = readArguments(
    process.argv.slice(2),
    FIGURES.map(({ name }) => name),
  )
  const circumstances = conditions(given.latency)
  for (const [name, value] of Object.entries(circumstances)) console.log(`${name}: ${value}`)
  const alone = FIGURES.filter((figure) => figure.alone).map(({ name }) => name)
  if (isBusy()) console.log(`the machine is busy with other work; these will say little: ${alone.join(', ')}`)
  const results = await measureAll(given)
  console.log(`load after: ${load()}`)
  console.log(`\n${table(results)}`)
  if (given.json !== undefined) writeFileSync(given.json, JSON.stringify({ conditions: circumstances, results }, null, 2))
  for (const { figure, trouble } of results) {
    if (trouble === undefined) continue
    console.error(`\n${figure} could not be measured: ${trouble}`)
    process.exitCode = 1
  }
}

// No runner keeps what Node has compiled; steps are given this variable where it is set.
delete process.env['NODE_COMPILE_CACHE']

// Leaving through the door lets every part remove what it made.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130))

await main().catch((error: Error) => {
  console.error(`${error.message}\n${usage}`)
  process.exitCode = 2
})
