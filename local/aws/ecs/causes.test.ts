import { afterEach, expect, test } from 'vitest'
import { type Ecs, startEcs } from './engine.case.ts'

let ecs: Ecs
afterEach(() => ecs.stopAll())

const secret = { secrets: [{ name: 'DATABASE_URL', valueFrom: '/shop/dev/DATABASE_URL' }] }

test.each([
  ['an image that is not there', 'gone', {}, /^CannotPullContainerError: pull image manifest .* not found$/],
  ['a registry that refuses', 'refused', {}, /^CannotPullContainerError: denied$/],
  ['a secret that is missing', 'v1', secret, /^ResourceInitializationError: unable to pull secrets .*\/shop\/dev\/DATABASE_URL$/],
])('%s stops the task with its cause', async (_, version, container, reason) => {
  ecs = startEcs({ v1: {}, refused: { failsToPull: 'denied' } })
  await ecs.create(version, {}, container)
  const [task] = await ecs.until(
    () => ecs.tasks('STOPPED'),
    ([first]) => first?.lastStatus === 'STOPPED',
  )
  expect(task).toMatchObject({ stopCode: 'TaskFailedToStart', stoppedReason: expect.stringMatching(reason) })
  expect(task?.containers).toMatchObject([{ reason: expect.stringMatching(reason) }])
  expect(task?.containers?.[0]).not.toHaveProperty('exitCode', expect.anything())
  expect(task?.startedAt).toBeUndefined()
})

test('a container killed for its memory says so', async () => {
  ecs = startEcs({ v1: { oomKilled: true, exitsAfter: 100 } })
  await ecs.create('v1')
  const [task] = await ecs.until(
    () => ecs.tasks('STOPPED'),
    ([first]) => first?.lastStatus === 'STOPPED',
  )
  expect(task?.containers).toMatchObject([{ exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' }])
})
