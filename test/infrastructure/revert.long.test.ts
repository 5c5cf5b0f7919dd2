import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkout, objectsIn } from '../../actions/plan-delivery/src/checkout.ts'
import { comparedInfrastructure } from '../../actions/plan-delivery/src/infra.ts'
import { ssmLedger } from '../../actions/plan-delivery/src/ssm.ts'
import type { Session } from '../../lib/aws/session.ts'
import { recordNames } from '../../lib/delivery/records.ts'
import type { Step } from '../../local/github/step.ts'
import { account, region } from '../cloud-world.ts'
import { configuration } from './planned.ts'
import { deployInfrastructure, establish, green } from './runs.ts'
import { openInfrastructure } from './world.ts'

const services = ['api', 'events']

const open = async (end: (close: () => Promise<void>) => void) => {
  const world = await openInfrastructure(end)
  await establish(world)
  const { folder } = world
  /** A commit whose templates have this text. */
  const commit = (text: string): string => {
    mkdirSync(join(folder, 'infra'), { recursive: true })
    writeFileSync(join(folder, 'infra/app.ts'), text)
    const git = (...args: string[]): string =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { cwd: folder, encoding: 'utf8' })
    git('add', 'infra')
    git('commit', '-q', '--allow-empty', '-m', text)
    return git('rev-parse', 'HEAD').trim()
  }
  const session: Session = {
    account,
    region,
    requestTimeout: 10_000,
    guard: async () => undefined,
    client: (Client) => new Client(world.config as never),
    clientWithoutRetry: (Client) => new Client(world.config as never),
  }
  /** What plan-delivery finds for a commit. */
  const compared = async (at: string) => {
    const own = await ssmLedger(session).standing(recordNames('shop', 'dev'), [])
    const ports = { source: checkout(folder, at), objectsAt: (other: string, paths: string[]) => objectsIn(folder, other, paths) }
    return comparedInfrastructure({ config: 'delivery.json', configuration, environment: 'dev' }, own, ports)
  }
  const bring = async (run: number, at: string, memory: number): Promise<Step> => {
    const infra: typeof world.infra = (id, inputs) => world.infra(id, inputs, { env: { GITHUB_SHA: at } })
    return (await deployInfrastructure({ infra }, run, world.assemble({ services, memory }))).executed
  }
  return { world, commit, compared, bring }
}

test('infrastructure whose deployment failed goes back with the commit that is reverted', async ({ onTestFinished }) => {
  const { world, commit, compared, bring } = await open(onTestFinished)
  const first = commit('256')
  await green(bring(2, first, 256))
  await green(world.startDelivery(world.plan('v1', services), 2))
  expect(await compared(first)).toBe('same')

  const second = commit('512')
  expect(await compared(second)).toBe('other')
  await green(bring(3, second, 512))
  expect((await world.startDelivery(world.plan('bad', services), 3).done).outputs['outcome']).toBe('failed-rolled-back')
  expect(JSON.parse((await world.parameter('release')) ?? '')).toMatchObject({ run: expect.stringMatching(/\/[12]$/) })
  expect(await compared(second)).toBe('same')

  const reverted = commit('256')
  expect(await compared(reverted)).toBe('other')
  await green(bring(4, reverted, 256))
  expect(await compared(reverted)).toBe('same')
  expect((await world.memory()).latest).toBe(256)
  expect(await compared(first)).toBe('same')
})

test('a change that has failed in part is prepared again, by whatever commit follows', async ({ onTestFinished }) => {
  const { world, commit, compared, bring } = await open(onTestFinished)
  const first = commit('256')
  await green(bring(2, first, 256))
  const second = commit('512')
  world.stacks.script([{ stack: 'shop-dev-service-events', logicalId: 'Function', then: 'fail', reason: 'no room' }])
  expect((await bring(3, second, 512)).outputs['outcome']).toBe('failed-rolled-back')
  expect([await compared(first), await compared(second)]).toEqual(['other', 'other'])
  await green(world.startDelivery(world.plan('v1', services), 3, { operation: 'prove' }))
  world.stacks.script([])
  await green(bring(4, commit('256'), 256))
  expect(await compared(first)).toBe('same')
})
