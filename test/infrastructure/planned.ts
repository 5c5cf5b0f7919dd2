import type { Configuration } from '../../lib/delivery/configuration.ts'
import { serviceNames } from '../../lib/delivery/names.ts'
import type { PlannedService } from '../../lib/delivery/plan.ts'
import { account, region, registryAccount } from '../cloud-world.ts'

/** One service of each kind. */
export const configuration: Configuration = {
  project: 'shop',
  repository: { owner: 'acme', ownerId: 1, name: 'shop', id: 2 },
  registry: { account: registryAccount, region },
  environments: { dev: { branch: 'dev', account, region } },
  images: { app: { context: 'app' } },
  services: {
    api: { image: 'app', target: 'ecs', port: 8080 },
    events: { image: 'app', target: 'lambda', functions: { events: {} } },
    edge: { image: 'app', target: 'ec2', port: 8080 },
  },
}

/** As `plan-delivery` plans it. */
export const plannedService = (name: string): PlannedService => {
  const names = serviceNames('shop', 'dev', name)
  const planned = { name, image: 'app', dependsOn: [], stack: `shop-dev-service-${name}` }
  if (name === 'events') return { ...planned, target: 'lambda', functions: [{ name: names.function('events') }], alias: 'live' }
  if (name === 'edge')
    return {
      ...planned,
      target: 'ec2',
      tag: { key: 'slipway:service', value: names.hosts },
      document: 'shop-dev-deploy',
      service: name,
    }
  return { ...planned, target: 'ecs', cluster: 'shop-dev', service: names.service, container: names.container, count: 2 }
}
