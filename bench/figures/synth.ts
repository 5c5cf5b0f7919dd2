import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { VARIANTS } from '../../infra/variants.case.ts'
import { distributionOf } from '../distribution.ts'
import { type Figure, milliseconds, type Options, type Row, summary } from '../figure.ts'

const MOST = 30_000
const MEASURED = ['the shipped delivery.json', 'every optional part']
const root = join(import.meta.dirname, '..', '..')
const run = promisify(execFile)

const synthesise = async (delivery: string, output: string): Promise<number> => {
  const started = performance.now()
  await run('npm', ['run', 'synth', '--', '--output', output], { cwd: root, env: { ...process.env, DELIVERY: delivery } })
  return performance.now() - started
}

const measure = async ({ runs }: Options): Promise<Row[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-synth-'))
  try {
    const rows: Row[] = []
    for (const name of MEASURED) {
      const [delivery, output] = [join(folder, 'delivery.json'), join(folder, 'cdk.out')]
      rmSync(output, { recursive: true, force: true })
      writeFileSync(delivery, JSON.stringify(VARIANTS[name]?.()))
      const samples: number[] = []
      for (let each = 0; each < runs; each += 1) samples.push(await synthesise(delivery, output))
      const templates = readdirSync(output).filter((file) => file.endsWith('.template.json')).length
      const whole = distributionOf(samples)
      rows.push({
        what: `${name}, ${templates} templates`,
        how: 'npm run synth as a whole, with cdk-nag, the rules of CloudFormation and our own; the target is for the median',
        result: summary(whole),
        target: `≤ ${milliseconds(MOST)}`,
        met: whole.median <= MOST,
        samples,
      })
    }
    return rows
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export const synth: Figure = { name: 'synth', alone: true, runs: 5, measure }
