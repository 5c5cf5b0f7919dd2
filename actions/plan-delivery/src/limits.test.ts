import { describe, expect, it } from 'vitest'
import { example } from '../../../lib/delivery/configuration.case.ts'
import { outputs } from './outcome.ts'
import { planDelivery } from './plan.ts'
import { found, push, release, tag, world } from './world.case.ts'

describe('a plan', () => {
  it('reads the registry once for each image in use, and for no other', async () => {
    const configuration = example()
    configuration.images = { app: { context: 'app' }, web: { context: 'web' }, unused: { context: 'unused' } }
    configuration.services['site'] = { image: 'web', target: 'ecs' }
    const { ports, asked } = world({ configuration })
    await planDelivery(push('dev'), ports)
    expect(asked.filter((line) => line.startsWith('image '))).toEqual([`image shop/app:${tag}`, `image shop/web:${tag}`])
  })

  it('starts a service that is scaled with the fewest tasks that it may have', async () => {
    const configuration = example()
    const job = { image: 'app', target: 'ecs' as const }
    configuration.services = { job: { ...job, autoscaling: { min: 3, max: 9 } }, fixed: { ...job, count: 2 }, plain: job }
    const { plan } = await planDelivery(push('dev'), world({ configuration }).ports)
    expect(plan.services.map((service) => ('count' in service ? service.count : undefined))).toEqual([3, 2, 1])
  })

  it('of 100 services in three environments takes less than a second', async () => {
    const configuration = example()
    configuration.services = Object.fromEntries(
      Array.from({ length: 100 }, (_, index) => [
        `service-${index}`,
        {
          image: 'app',
          target: 'ecs' as const,
          port: 8080,
          path: `/service-${index}`,
          priority: index + 1,
          ...(index > 0 && { dependsOn: [`service-${index - 1}`] }),
        },
      ]),
    )
    const all = Object.fromEntries(Object.keys(configuration.services).map((name) => [name, 'app']))
    const record = { ...release, services: all }
    const history = { '/shop/dev/release': [record], '/shop/staging/release': [record] }
    const start = performance.now()
    const decisions = await Promise.all(
      ['dev', 'staging', 'main'].map((branch) =>
        planDelivery(push(branch), world({ configuration, images: found, history }).ports),
      ),
    )
    expect(performance.now() - start).toBeLessThan(1000)
    expect(decisions.map((decision) => [outputs(decision)['outcome'], decision.plan.services.length])).toEqual([
      ['planned', 100],
      ['planned', 100],
      ['planned', 100],
    ])
  })

  it('names the image whose folder the commit does not have', async () => {
    const { ports } = world()
    const source = { ...ports.source, objects: async () => new Map() }
    await expect(planDelivery(push('dev'), { ...ports, source })).rejects.toThrow(
      "image app: the context 'app' is not in the commit; correct 'images.app'",
    )
  })
})
