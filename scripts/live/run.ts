import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Configuration } from '../../lib/delivery/configuration.ts'
import { synthesise } from '../account/synthesis.ts'
import { runner } from './actions.ts'
import { estimate } from './cost.ts'
import { type Place, STEPS, type StepName } from './place.ts'
import { makeClone } from './project.ts'
import { story } from './story.ts'

export type StepResult = { step: StepName; result: 'done' | 'failed' | 'not tried'; words: string; milliseconds: number }

const root = join(import.meta.dirname, '..', '..')

/**
 * The whole story in one place, step by step. After a failure only what was made is destroyed; what was not tried, and why, is in
 * the results. Prints everything, and at the end a table and what it cost.
 */
export const runLive = async (
  place: Place,
  configuration: Configuration,
  print: (line: string) => void,
): Promise<StepResult[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-live-'))
  const begun = performance.now()
  try {
    const stacks = synthesise(configuration)
    const clone = makeClone(root, join(folder, 'clone'), configuration)
    const run = runner(place, clone, configuration.project, print)
    const steps = story({ place, configuration, stacks, clone, run, print })
    const results: StepResult[] = []
    for (const step of STEPS) {
      const failed = results.find(({ result }) => result === 'failed')
      const untried = place.untried[step] ?? (failed !== undefined && step !== 'destroy' ? `'${failed.step}' failed` : undefined)
      results.push(await result(step, untried, steps[step], print))
    }
    const { lines, total } = estimate(stacks, performance.now() - begun)
    for (const line of ['', ...table(place, results), '', ...cost(place, lines, total)]) print(line)
    return results
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const result = async (
  step: StepName,
  untried: string | undefined,
  run: () => Promise<string>,
  print: (line: string) => void,
): Promise<StepResult> => {
  if (untried !== undefined) return { step, result: 'not tried', words: untried, milliseconds: 0 }
  print(`\n== ${step}`)
  const begun = performance.now()
  const since = (): number => performance.now() - begun
  try {
    const words = await run()
    return { step, result: 'done', words, milliseconds: since() }
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    print(`failed: ${words}`)
    return { step, result: 'failed', words, milliseconds: since() }
  }
}

const table = ({ name }: Place, results: StepResult[]): string[] => [
  `in ${name}:`,
  ...results.map(({ step, result, words, milliseconds }) => {
    const time = result === 'not tried' ? '' : `${(milliseconds / 1000).toFixed(0)} s`
    return `  ${step.padEnd(15)} ${result.padEnd(10)} ${time.padStart(7)}  ${words}`
  }),
]

const cost = ({ account, env }: Place, lines: string[], total: number): string[] => {
  if (env['AWS_ENDPOINT_URL'] !== undefined) return ['it cost nothing: this was not AWS']
  const day = (offset: number): string => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10)
  return [
    ...lines.map((line) => `  ${line}`),
    `about $${total.toFixed(2)} by list prices, for the time that it took; AWS knows it a day later:`,
    `  aws ce get-cost-and-usage --time-period Start=${day(0)},End=${day(1)} --granularity DAILY --metrics UnblendedCost --filter '{"Dimensions":{"Key":"LINKED_ACCOUNT","Values":["${account}"]}}'`,
  ]
}
