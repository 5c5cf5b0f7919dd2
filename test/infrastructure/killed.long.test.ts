import { expect, test } from 'vitest'
import { openAttempts, RUN, services } from './attempts.ts'
import { green } from './runs.ts'

test('an execution that is killed after any of its calls and run again ends as an undisturbed one', async ({
  onTestFinished,
}) => {
  const world = await openAttempts(onTestFinished)
  const { cloud, start, change, end } = world
  const undisturbed = await change()
  const mark = cloud.recorder.mark()
  await green(start(undisturbed.execution))
  expect(await end()).toMatchObject({ value: undisturbed.value, status: 'UPDATE_COMPLETE', api: 'v1', count: 2 })
  // CloudFormation's own calls are not the action's. Of calls that are asked again and again, the first two.
  const own = cloud.recorder.calls({ since: mark }).filter(({ principal }) => !principal.includes('shop-dev-cloudformation'))
  const counted = Map.groupBy(own, ({ service, operation }) => `${service}:${operation}`)
  const points = [...counted].flatMap(([call, calls]) => [1, 2].slice(0, calls.length).map((nth) => ({ call, nth })))
  expect(points.length).toBeGreaterThan(10)

  const wrong: unknown[] = []
  for (const { call, nth } of points) {
    const { value, execution } = await change()
    const killed = start(execution)
    cloud.faults.set([{ call, nth, then: 'hang-after-apply' }], () => killed.process.kill('SIGKILL'))
    await killed.done
    cloud.faults.set([])
    const again = await start(execution).done
    const ended = await end()
    const right = again.exitCode === 0 && ended.value === value && ended.status === 'UPDATE_COMPLETE' && ended.count === 2
    if (!right) wrong.push({ call, nth, ended, expected: value, log: again.log.slice(-1500) })
  }
  expect(wrong).toEqual([])
  await green(world.startDelivery(world.plan('v2', services), RUN))
  expect(await end()).toMatchObject({ api: 'v2', count: 2 })
})
