import type { Configuration, Service } from '../../../lib/delivery/configuration.ts'
import { inOrder } from '../../../lib/delivery/order.ts'
import type { PlannedService } from '../../../lib/delivery/plan.ts'
import { seconds } from '../../../lib/delivery/schema/fields.ts'
import { ec2Place, ecsPlace, lambdaPlace, serviceIn, stackOf } from '../../../lib/delivery/services.ts'

/** Every service as it is in this environment, each after all that it depends on. */
export const plannedServices = ({ project, services }: Configuration, environment: string): PlannedService[] => {
  const dependencies = Object.fromEntries(Object.entries(services).map(([name, { dependsOn = [] }]) => [name, dependsOn]))
  return inOrder(dependencies).flatMap((name) => {
    const service = services[name]
    return service === undefined ? [] : [planned(project, environment, name, serviceIn(service, environment))]
  })
}

const planned = (project: string, environment: string, name: string, service: Service): PlannedService => {
  const { image, dependsOn = [], url } = service
  const address = url?.replace(/\/$/, '')
  const stack = stackOf(project, environment, name, service)
  const base = {
    name,
    image,
    ...(stack && { stack }),
    dependsOn,
    ...(address !== undefined && { url: address, smokeUrl: `${address}/version` }),
  }
  const before = 'preDeploy' in service && service.preDeploy !== undefined ? { preDeploy: service.preDeploy } : {}
  switch (service.target) {
    case 'ecs':
      return {
        ...base,
        ...before,
        target: 'ecs',
        ...ecsPlace(project, environment, name, service),
        ...(service.alarms && { alarms: service.alarms }),
        count: service.count ?? service.autoscaling?.min ?? 1,
      }
    case 'lambda':
      return {
        ...base,
        target: 'lambda',
        ...lambdaPlace(project, environment, name, service),
        ...(service.traffic && {
          traffic: service.traffic.map((step) => ({ percent: step.percent, for: seconds(step.for) * 1000 })),
        }),
        ...(service.alarms && { alarms: service.alarms }),
      }
    case 'ec2':
      return {
        ...base,
        ...before,
        target: 'ec2',
        ...ec2Place(project, environment, name, service),
        ...(service.batch !== undefined && { batch: service.batch }),
      }
  }
}
