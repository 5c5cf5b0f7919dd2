import { type Rule, refusal } from '../rule.ts'
import { cluster, network, register } from '../services.ts'
import { unique } from '../subject.ts'

const create = 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html'
const run = 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html'

const both = { launchType: 'FARGATE', capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT' }] } as const

export const capacityRules: Rule[] = [
  {
    id: 'ecs.capacity.service',
    source: create,
    text: 'A service with a launch type and a capacity provider strategy is InvalidParameterException',
    async run(subject) {
      const name = unique('capacity')
      const asked = {
        cluster: await cluster(subject),
        serviceName: name,
        desiredCount: 0,
        taskDefinition: await register(subject, name),
      }
      subject.afterwards(() => subject.ecs.deleteService({ cluster: asked.cluster, service: name, force: true }))
      const capacity = { ...both, capacityProviderStrategy: [...both.capacityProviderStrategy] }
      return refusal(subject.ecs.createService({ ...asked, networkConfiguration: network(subject), ...capacity }))
    },
    expected: 'InvalidParameterException',
  },
  {
    id: 'ecs.capacity.task',
    source: run,
    text: 'A task with a launch type and a capacity provider strategy is InvalidParameterException',
    needs: ['containers'],
    async run(subject) {
      const asked = { cluster: await cluster(subject), taskDefinition: await register(subject, unique('capacity')) }
      const capacity = { ...both, capacityProviderStrategy: [...both.capacityProviderStrategy] }
      return refusal(subject.ecs.runTask({ ...asked, networkConfiguration: network(subject), ...capacity }))
    },
    expected: 'InvalidParameterException',
  },
]
