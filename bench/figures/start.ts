import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { startAction } from '../../local/github/step.ts'
import { startWorld, type World } from '../../test/world.ts'
import { bundleOf, eagerBundle } from '../bundles.ts'
import { distributionOf } from '../distribution.ts'
import { type Figure, type Options, type Peer, type Row, summary } from '../figure.ts'

const ACTION = 'deploy-service'
const OURS = 'deploy-service'
const EAGER = 'deploy-service, eager'
const MOST = 0.75
const PATIENCE = 20_000

/** Our inputs, and what the AWS actions call the same things; each takes those that it knows. */
const inputsFor = ({ inputs, env }: World): Record<string, string> => ({
  ...inputs('api', 'v2', { 'dry-run': 'true' }),
  'task-definition': 'task-definition.json',
  'wait-for-service-stability': 'false',
  'aws-access-key-id': env.AWS_ACCESS_KEY_ID,
  'aws-secret-access-key': env.AWS_SECRET_ACCESS_KEY,
})

/** Milliseconds from the start of the process until its first request reaches the endpoint; it is killed then. */
const firstCall = async (world: World, { name, entry }: Peer, cwd: string): Promise<number> => {
  const since = world.cloud.recorder.mark()
  const started = Date.now()
  const running = startAction(ACTION, inputsFor(world), { entry, cwd, env: { ...world.env, GITHUB_WORKSPACE: cwd } })
  let over = false
  const ended = running.done.finally(() => {
    over = true
  })
  try {
    for (;;) {
      const [first] = world.cloud.recorder.calls({ since })
      if (first) return first.time - started
      if (over) throw new Error(`${name} ended without calling AWS:\n${(await ended).log}`)
      if (Date.now() - started > PATIENCE) throw new Error(`${name} did not call AWS within ${PATIENCE / 1000} s`)
      await wait(4)
    }
  } finally {
    running.process.kill('SIGKILL')
    await ended
  }
}

const inputError = async ({ name, entry }: Peer, cwd: string): Promise<number> => {
  const step = await startAction(ACTION, {}, { entry, cwd }).done
  if (step.exitCode === 0) throw new Error(`${name} did not mind that no inputs were given`)
  return step.milliseconds
}

type Sample = { call: number[]; error: number[] }

/** Turn and turn about, each round in another order, so that a slow moment of the machine hits all alike. */
const measureAll = async (variants: readonly Peer[], runs: number, cwd: string): Promise<Map<string, Sample>> => {
  const world = await startWorld({ factor: 20, images: { v1: {}, v2: {} } })
  const samples = new Map(variants.map(({ name }): [string, Sample] => [name, { call: [], error: [] }]))
  try {
    await world.createService('api', 'v1')
    for (let round = -1; round < runs; round += 1) {
      for (let turn = 0; turn < variants.length; turn += 1) {
        const variant = variants[(turn + Math.max(round, 0)) % variants.length] as Peer
        const call = await firstCall(world, variant, cwd)
        const error = await inputError(variant, cwd)
        if (round < 0) continue
        samples.get(variant.name)?.call.push(call)
        samples.get(variant.name)?.error.push(error)
      }
    }
    return samples
  } finally {
    await world.close()
  }
}

const rowsOf = (samples: Map<string, Sample>): Row[] => {
  const ours = samples.get(OURS)?.call ?? []
  const compared = (name: string, { call }: Sample): Row => {
    const ratio = distributionOf(call.map((value, round) => (ours[round] ?? Number.NaN) / value)).median
    const most = name === EAGER ? MOST : 1
    return {
      what: `first AWS call, ${name}`,
      how:
        'from the spawn of the process to the arrival of its first request at the local cloud (ECS path, key in the environment), ' +
        'all variants in turn within one run, one unmeasured round first; the ratio is the median of the ratios within each round. ' +
        'Eager: the same sources with every import() made static, bundled alike',
      result: summary(distributionOf(call)) + (name === OURS ? '' : `; ours is ${ratio.toFixed(2)} of it`),
      target: name === OURS ? '' : `ours ≤ ${most.toFixed(2)} of it`,
      ...(name !== OURS && { met: name === EAGER ? ratio <= most : ratio < most }),
      samples: call,
    }
  }
  const error = (name: string, sample: Sample): Row => ({
    what: `input error, ${name}`,
    how: 'whole process started without any input, to its end in red; in the same rounds',
    result: summary(distributionOf(sample.error)),
    target: '',
    samples: sample.error,
  })
  return [...[...samples].map(([name, sample]) => compared(name, sample)), ...[...samples].map(([name, s]) => error(name, s))]
}

const measure = async ({ runs, peers }: Options): Promise<Row[]> => {
  const eager = eagerBundle(ACTION)
  const cwd = mkdtempSync(join(tmpdir(), 'slipway-bench-'))
  writeFileSync(join(cwd, 'task-definition.json'), JSON.stringify({ family: 'peer', containerDefinitions: [] }))
  try {
    const variants = [{ name: OURS, entry: bundleOf(ACTION) }, { name: EAGER, entry: eager.entry }, ...peers]
    return rowsOf(await measureAll(variants, runs, cwd))
  } finally {
    eager.remove()
    rmSync(cwd, { recursive: true, force: true })
  }
}

export const start: Figure = { name: 'start', alone: true, runs: 20, measure }
