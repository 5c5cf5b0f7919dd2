import { CloudFormationClient, DeleteStackCommand } from '@aws-sdk/client-cloudformation'
import { DeleteParameterCommand } from '@aws-sdk/client-ssm'
import { expect, test } from 'vitest'
import { isChange, type RecordedCall } from '../../local/aws/recorder.ts'
import { until } from '../cloud-world.ts'
import { LONGEST } from '../faults/stage.ts'
import { type Attempts, bounded, openAttempts } from './attempts.ts'
import { undisturbed } from './disturbed.ts'
import { type End, isDone, stepObjections } from './objections.ts'

/** Real milliseconds, for machines that are slow or have more to do; a quiet one takes a tenth of it. */
const LIMIT = 900_000

type Kill = { call: string; nth: number; applied: boolean }

/** Each writing call, before and after it is applied; of what only asks, the first, a middle and the last. */
const killsOf = (calls: readonly RecordedCall[]): Kill[] =>
  [...Map.groupBy(calls, ({ service, operation }) => `${service}:${operation}`)].flatMap(([call, group]) => {
    const all = group.map((_, index) => index + 1)
    if (group.some(isChange)) return all.flatMap((nth) => [false, true].map((applied) => ({ call, nth, applied })))
    return [...new Set([1, Math.ceil(all.length / 2), all.length])].map((nth) => ({ call, nth, applied: false }))
  })

/** Kills an execution at a call, runs it again, and says how the end differs from that of an undisturbed run. */
const kill = async (
  world: Attempts,
  goal: number,
  { call, nth, applied }: Kill,
  isRight: (end: End) => boolean,
): Promise<string[]> => {
  const execution = world.execution(goal)
  const running = world.start(execution)
  world.cloud.faults.set([{ call, nth, then: applied ? 'hang-after-apply' : 'hang' }], () => running.process.kill('SIGKILL'))
  const killed = await bounded(running, LONGEST)
  world.cloud.faults.set([])
  // Where the machine is lost no post step runs.
  const post = nth % 3 === 2 ? await bounded(world.start(execution, killed.state), LONGEST) : undefined
  const again = await bounded(world.start(execution), LONGEST)
  const end = await world.settled()
  const objections = [
    ...(post === undefined ? [] : stepObjections(world, post)),
    ...stepObjections(world, again),
    ...((post?.exitCode ?? 0) === 0 ? [] : ['the post step failed']),
    ...(again.exitCode === 0 ? [] : ['the second run failed']),
    ...(isRight(end) ? [] : [`it ended as ${JSON.stringify(end)}`]),
  ]
  const name = `${call} number ${nth}, ${applied ? 'once it is applied' : 'before it is applied'}`
  return objections.length === 0 ? [] : [name, ...objections, killed.log, post?.log ?? '(no post step)', again.log]
}

/** All of them in a few worlds at once. What comes back is empty where every promise was kept. */
const killAll = async (
  worlds: Attempts[],
  kills: readonly Kill[],
  each: (world: Attempts, kill: Kill) => Promise<string[]>,
): Promise<string[][]> => {
  const found = await Promise.all(
    worlds.map(async (world, lane) => {
      const wrong: string[][] = []
      for (const cell of kills.filter((_, index) => index % worlds.length === lane)) wrong.push(await each(world, cell))
      return wrong
    }),
  )
  return found.flat().filter((wrong) => wrong.length > 0)
}

test(
  'an update of two stacks that is killed at any of its calls and run again ends as an undisturbed one',
  async ({ onTestFinished }) => {
    const worlds = await Promise.all([0, 1, 2].map(() => openAttempts(onTestFinished)))
    const [first] = worlds as [Attempts]
    const at = new Map(worlds.map((world) => [world, { goal: 1, tag: 'v1' }]))
    /** CloudFormation has to be told of an image before each. */
    const advance = async (world: Attempts) => {
      const { goal, tag } = at.get(world) ?? { goal: 0, tag: 'v1' }
      const next = { goal: 1 - goal, tag: tag === 'v1' ? 'v2' : 'v1' }
      at.set(world, next)
      await world.deliver(next.tag)
      return next
    }
    const { goal } = await advance(first)
    const kills = killsOf(await undisturbed(first, 'execute', goal))
    expect(kills.length).toBeGreaterThan(30)
    const wrong = await killAll(worlds, kills, async (world, cell) => {
      const next = await advance(world)
      return kill(world, next.goal, cell, (end) => isDone(end, next.goal, next.tag))
    })
    expect(wrong).toEqual([])
  },
  LIMIT,
)

test(
  'the creation of a service that is killed at any of its calls and run again ends as an undisturbed one',
  async ({ onTestFinished }) => {
    const worlds = await Promise.all([0, 1, 2].map(() => openAttempts(onTestFinished)))
    const [first] = worlds as [Attempts]
    const made = { status: 'UPDATE_COMPLETE', value: 'a', protect: false }
    const right = { stack: made, created: 'yes', api: 'v1', count: 0, running: 0, latest: 'v1', records: ['v1', 'v1'] }
    const isRight =
      (world: Attempts) =>
      ({ stacks: [stack], ...end }: End): boolean =>
        JSON.stringify({ stack, created: world.parameterOf('api', 'Created'), ...end }) === JSON.stringify(right)
    for (const world of worlds) {
      await world.bring(0)
      // As before its first delivery.
      await world.ssm.send(new DeleteParameterCommand({ Name: '/shop/dev/release' }))
      await remove(world)
      await world.prepare(0)
    }
    const kills = killsOf(await undisturbed(first, 'execute', 0))
    expect(kills.filter(({ call }) => call === 'cloudformation:ExecuteChangeSet').length).toBe(4)
    const wrong = await killAll(worlds, kills, async (world, cell) => {
      await remove(world)
      return kill(world, 0, cell, isRight(world))
    })
    expect(wrong).toEqual([])
  },
  LIMIT,
)

const remove = async (world: Attempts): Promise<void> => {
  await new CloudFormationClient(world.config).send(new DeleteStackCommand({ StackName: 'shop-dev-service-api' }))
  await until(
    async () => world.statuses()['service-api'],
    (status) => status === undefined,
  )
}
