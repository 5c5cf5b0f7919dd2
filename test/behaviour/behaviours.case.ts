import { describe, expect, test } from 'vitest'
import { type DeployScenario, deployStage } from '../faults/deploy-stage.ts'
import { leaks } from '../faults/leaks.ts'
import type { TargetName } from './targets.ts'

type Behaviour = {
  name: string
  scenario: Omit<DeployScenario, 'target' | 'form'>
  outcome: string
  exit: 0 | 1
  /** What serves at the end, on every copy. */
  runs: 'v1' | 'v2' | 'v3'
  /** Whether the release is on record at the end; one that is not proven never is. */
  recorded?: true
  /** Nothing may have been written. */
  untouched?: true
}

const BEHAVIOURS: readonly Behaviour[] = [
  { name: 'a new digest is deployed', scenario: {}, outcome: 'succeeded', exit: 0, runs: 'v2', recorded: true },
  {
    name: 'one that answers with its content tag is deployed',
    scenario: { answers: 'src-2' },
    outcome: 'succeeded',
    exit: 0,
    runs: 'v2',
    recorded: true,
  },
  {
    name: 'what runs already is proven, and put on record',
    scenario: { before: 'v2' },
    outcome: 'no-change',
    exit: 0,
    runs: 'v2',
    recorded: true,
  },
  {
    name: 'a release of two services is deployed in order',
    scenario: { services: ['api', 'worker'], preDeploy: true },
    outcome: 'succeeded',
    exit: 0,
    runs: 'v2',
    recorded: true,
  },
  {
    name: 'a release whose second service fails goes back as a whole',
    scenario: { services: ['api', 'worker'], last: 'crashes' },
    outcome: 'failed-rolled-back',
    exit: 1,
    runs: 'v1',
  },
  {
    name: 'an image that is in no registry is refused',
    scenario: { image: 'absent' },
    outcome: 'refused',
    exit: 1,
    runs: 'v1',
    untouched: true,
  },
  { name: 'an image that cannot be pulled', scenario: { wanted: 'gone' }, outcome: 'failed-rolled-back', exit: 1, runs: 'v1' },
  { name: 'one that crashes', scenario: { wanted: 'crashes' }, outcome: 'failed-rolled-back', exit: 1, runs: 'v1' },
  { name: 'one that is not healthy', scenario: { wanted: 'unhealthy' }, outcome: 'failed-rolled-back', exit: 1, runs: 'v1' },
  {
    name: 'one that answers with another content tag',
    scenario: { answers: 'src-1', inputs: { 'smoke-timeout': '2s' } },
    outcome: 'failed-rolled-back',
    exit: 1,
    runs: 'v1',
  },
  {
    name: 'one that is replaced in flight by somebody else',
    scenario: { wanted: 'slow', during: 'supersede', limit: 600 },
    outcome: 'superseded',
    exit: 1,
    runs: 'v3',
  },
  {
    name: 'one that is cancelled',
    scenario: { wanted: 'slow', during: 'cancel' },
    outcome: 'cancelled',
    exit: 1,
    runs: 'v1',
  },
  {
    name: 'one that takes too long',
    scenario: { wanted: 'slow', limit: 10 },
    outcome: 'timed-out',
    exit: 1,
    runs: 'v1',
  },
  {
    name: 'keys of another account are refused',
    scenario: { astray: true },
    outcome: 'refused',
    exit: 1,
    runs: 'v1',
    untouched: true,
  },
  {
    name: 'a dry run',
    scenario: { inputs: { 'dry-run': 'true' } },
    outcome: 'skipped',
    exit: 0,
    runs: 'v1',
    untouched: true,
  },
]

/** What the step said, what the cloud says, and every promise that the two break. */
const behave = async (target: TargetName, { scenario }: Behaviour) => {
  const stage = await deployStage({ ...scenario, target, form: 'plan' })
  try {
    const step = await stage.start(1).done
    const { state, objections } = await stage.conclude(step)
    const { outcome = '', reason = '' } = step.outputs
    const serves = Object.values(state.services).flatMap(({ running }) => running)
    const seen = {
      outcome,
      exit: step.exitCode,
      runs: [...new Set(serves.map((digest) => Object.entries(stage.digests).find(([, each]) => each === digest)?.[0]))],
      recorded: Object.keys(state.records).filter((name) => name.endsWith('/release')).length > 0,
      objections: [...objections, ...leaks(stage, step)],
    }
    return { seen, writes: stage.writes(), text: `${reason}\n${step.log}` }
  } finally {
    await stage.close()
  }
}

const LIMIT = 120_000

/** Every behaviour, or those whose names are given, on one target. */
export const testBehaviours = (target: TargetName, names?: readonly string[]): void => {
  describe(`on ${target}`, () => {
    const chosen = BEHAVIOURS.filter(({ name }) => names === undefined || names.includes(name))
    test.concurrent.each(chosen)(
      '$name: $outcome',
      async (behaviour) => {
        const { outcome, exit, runs, recorded = false, untouched } = behaviour
        const { seen, writes, text } = await behave(target, behaviour)
        expect(seen, text).toEqual({ outcome, exit, runs: [runs], recorded, objections: [] })
        if (untouched) expect(writes).toEqual([])
      },
      LIMIT,
    )
  })
}
