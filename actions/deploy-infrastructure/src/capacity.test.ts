import { expect, it } from 'vitest'
import { ecsTemplates } from '../../../infra/ecs/templates.case.ts'
import { example } from '../../../lib/delivery/configuration.case.ts'
import { sayCapacityInUse } from './capacity.ts'
import { preparing, standing, wanted } from './prepare.case.ts'

/** What is prepared where `after` follows `before`: of the service `job`, and of `cluster.instances`. */
const prepared = (before: [object, object?], after: [object, object?]) => {
  const [was, is] = [before, after].map(([job, instances]) => {
    const configuration = { ...example(), services: { job: { image: 'app', target: 'ecs' as const, ...job } } }
    configuration.environments = { dev: { branch: 'dev', account: '222222222222', region: 'eu-west-1' } }
    Object.assign(configuration.environments['dev'] ?? {}, { cluster: { instances } })
    return ecsTemplates(configuration)
  })
  if (was === undefined || is === undefined) throw new Error('there are two')
  return is.names.map((name) => ({
    kind: 'update' as const,
    wanted: { name: `shop-${name}`, template: is.template(name) },
    before: was.template(name),
  }))
}

const onInstances = { capacity: 'ec2' }

it('instances leave no cluster before the last service has left them, and it is said how that is done', () => {
  expect(sayCapacityInUse(prepared([onInstances], [{}]), 'dev')).toEqual([
    expect.stringMatching(
      /^shop-dev-cluster would give up .* and shop-dev-service-job still runs on them, .* "cluster": \{ "instances": \{\} \} in the environment dev/,
    ),
  ])
  expect(sayCapacityInUse(prepared([onInstances, {}], [{}]), 'dev')).toHaveLength(1)
}, 60_000)

it('two pushes do it: first the service, then the instances', () => {
  expect(sayCapacityInUse(prepared([onInstances], [{}, {}]), 'dev')).toEqual([])
  expect(sayCapacityInUse(prepared([{}, {}], [{}]), 'dev')).toEqual([])
}, 60_000)

it('what is prepared is refused for it', async () => {
  const both = (more: object) => ({
    Resources: {
      Service: {
        Type: 'AWS::ECS::Service',
        Properties: { CapacityProviderStrategy: [{ CapacityProvider: 'shop-dev', Weight: 1 }] },
      },
      ...more,
    },
  })
  const template = JSON.stringify(both({ Capacity: { Type: 'AWS::ECS::CapacityProvider', Properties: { Name: 'shop-dev' } } }))
  const given = { there: standing(), stack: wanted(512, { template: both({}), body: JSON.stringify(both({})) }), template }
  await expect(preparing(given)).rejects.toThrow('would give up its container instances')
})
