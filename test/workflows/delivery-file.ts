import { HOST_TAG } from '../../lib/delivery/names.ts'
import { exampleText } from '../example.ts'
import type { WorldOptions } from './world.ts'

export type DeliveryFile = {
  project: string
  environments: Record<string, Record<string, unknown>>
  services: Record<string, Record<string, unknown>>
}

/** The shipped configuration as a world needs it. */
export const deliveryFile = ({ edit, withoutPreDeploy, infrastructure, targets = ['ecs'] }: WorldOptions): DeliveryFile => {
  const delivery = JSON.parse(exampleText()) as DeliveryFile
  for (const [name, { target }] of Object.entries(delivery.services))
    if (!targets.includes(String(target))) delete delivery.services[name]
  if (withoutPreDeploy) for (const service of Object.values(delivery.services)) delete service['preDeploy']
  if (!infrastructure) adopt(delivery)
  edit?.(delivery)
  return delivery
}

/** Every service exists already, by the name that infrastructure would have given it, and no budget is asked for. */
const adopt = ({ project, environments, services }: DeliveryFile): void => {
  for (const [name, service] of Object.entries(services)) {
    const adjusted = Object.entries(environments).map(([environment, place]) => {
      delete place['budgets']
      const full = `${project}-${environment}-${name}`
      const names = {
        ecs: { service: name, family: full },
        lambda: { function: full },
        ec2: { tag: { key: HOST_TAG, value: full } },
      }
      const here = (service['in'] as Record<string, object> | undefined)?.[environment]
      return [environment, { ...here, names: names[service['target'] as keyof typeof names] }]
    })
    service['in'] = Object.fromEntries(adjusted)
  }
}
