import type { DraftService } from './draft.ts'
import { fargateRemedy } from './fargate.ts'
import type { Finding } from './finding.ts'

/** What only shows once `in` is merged: as declared, and in each environment that differs in what matters. */
export const checkAdjusted = (name: string, service: DraftService): Finding[] => {
  const path = ['services', name]
  const before = sharedNames(service)
  return [
    ...checkSize(path, service, service),
    ...checkAlarms(path, service, service),
    ...before.map((secret) => sharedName(path, service, secret)),
    ...Object.entries(service.in).flatMap(([environment, said]) => {
      const merged = merge(service, said)
      const inner = [...path, 'in', environment]
      return [
        ...(said.cpu === undefined && said.memory === undefined ? [] : checkSize(inner, said, merged)),
        ...(said.alarms === undefined ? [] : checkAlarms(inner, said, merged)),
        ...sharedNames(merged)
          .filter((secret) => !before.includes(secret))
          .map((secret) => sharedName(inner, said, secret)),
      ]
    }),
  ]
}

type Adjusted = DraftService['in'][string]

const merge = (service: DraftService, said: Adjusted): DraftService => ({
  ...service,
  cpu: said.cpu ?? service.cpu,
  memory: said.memory ?? service.memory,
  secrets: said.secrets ?? service.secrets,
  traffic: said.traffic ?? service.traffic,
  variables: { ...service.variables, ...said.variables },
})

const checkSize = (path: string[], said: Adjusted, { cpu, memory, target }: DraftService): Finding[] => {
  if (target !== 'ecs' || cpu === undefined || memory === undefined) return []
  const remedy = fargateRemedy(cpu, memory)
  if (remedy === undefined) return []
  const key = said.memory === undefined || remedy.startsWith('cpu') ? 'cpu' : 'memory'
  const message = `makes a size that Fargate does not have: ${remedy}, got cpu ${cpu} and memory ${memory}`
  return [{ path: [...path, key], at: 'value', message }]
}

/** For functions they are looked at in the steps of the traffic, and only then. */
const checkAlarms = (path: string[], { alarms }: Adjusted, { traffic, target }: DraftService): Finding[] =>
  target !== 'lambda' || alarms === undefined || traffic !== undefined
    ? []
    : [
        {
          path: [...path, 'alarms'],
          at: 'key',
          message: "needs steps in which alarms are looked at: add 'traffic', or remove 'alarms' from these functions",
        },
      ]

/** ECS refuses a container in which a name is both. */
const sharedNames = ({ secrets = [], variables = {} }: DraftService): string[] =>
  secrets.filter((secret) => secret !== '' && Object.hasOwn(variables, secret))

const sharedName = (path: string[], { variables = {} }: Adjusted, secret: string): Finding => ({
  path: Object.hasOwn(variables, secret) ? [...path, 'variables', secret] : [...path, 'secrets'],
  at: 'key',
  message: `gives ${secret} as a variable and as a secret; keep one of them`,
})
