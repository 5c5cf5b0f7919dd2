import type { Draft, DraftService } from './draft.ts'
import { fargateRemedy } from './fargate.ts'
import { cycle, type Finding, unknownName } from './finding.ts'
import { cycles } from './order.ts'

export const checkServices = (draft: Draft): Finding[] => {
  const names = Object.keys(draft.services)
  const dependencies = Object.fromEntries(names.map((name) => [name, draft.services[name]?.dependsOn ?? []]))
  return [
    ...Object.entries(draft.services).flatMap(([name, service]) => [
      ...checkReferences(draft, name, service),
      ...checkHealth(name, service),
      ...checkFunctionName(name, service),
      ...checkPerEnvironment(Object.keys(draft.environments), name, service),
    ]),
    ...cycles(dependencies).map((loop) => cycle(['services', loop[0] ?? '', 'dependsOn'], loop)),
  ]
}

const checkReferences = (draft: Draft, name: string, { image, dependsOn = [], in: adjusted }: DraftService): Finding[] => {
  const path = ['services', name]
  const images = Object.keys(draft.images)
  const services = Object.keys(draft.services).filter((other) => other !== name)
  const environments = Object.keys(draft.environments)
  return [
    ...(image === undefined || images.includes(image) ? [] : [unknownName([...path, 'image'], 'an image', image, images)]),
    ...dependsOn.flatMap((needed, index) =>
      needed === name || needed === '' || services.includes(needed)
        ? []
        : [unknownName([...path, 'dependsOn', index], 'a service', needed, services)],
    ),
    ...Object.keys(adjusted)
      .filter((environment) => !environments.includes(environment))
      .map(
        (environment): Finding => ({
          ...unknownName([...path, 'in', environment], 'an environment', environment, environments),
          at: 'key',
        }),
      ),
  ]
}

const checkHealth = (name: string, { health, port, target }: DraftService): Finding[] =>
  health === undefined || port !== undefined || target === 'lambda'
    ? []
    : [
        {
          path: ['services', name, 'health'],
          at: 'key',
          message: "needs a port to ask: add 'port', or remove 'health' from this worker",
        },
      ]

const checkFunctionName = (name: string, { functions = {}, names, in: adjusted, target }: DraftService): Finding[] => {
  if (target !== 'lambda' || Object.keys(functions).length < 2) return []
  const places = [
    { path: ['services', name, 'names', 'function'], given: names },
    ...Object.entries(adjusted).map(([environment, { names }]) => ({
      path: ['services', name, 'in', environment, 'names', 'function'],
      given: names,
    })),
  ]
  return places
    .filter(({ given }) => given?.['function'] !== undefined)
    .map(({ path }) => ({
      path,
      at: 'key' as const,
      message: `cannot name the ${Object.keys(functions).length} functions of this service at once; make each function that exists already a service of its own`,
    }))
}

/** What only shows once `in` is merged. Reported where the last word was said, and once. */
const checkPerEnvironment = (environments: string[], name: string, service: DraftService): Finding[] => {
  const plain = [...checkSize(['services', name], service, service), ...checkSecrets(['services', name], service, service)]
  const adjusted = environments.flatMap((environment) => {
    const over = service.in[environment]
    if (over === undefined) return []
    const path = ['services', name, 'in', environment]
    const merged = { ...service, ...over, variables: { ...service.variables, ...over.variables } }
    return [
      ...(over.cpu === undefined && over.memory === undefined
        ? []
        : checkSize(path, over, { ...merged, cpu: over.cpu ?? service.cpu, memory: over.memory ?? service.memory })),
      ...(over.secrets === undefined && over.variables === undefined
        ? []
        : checkSecrets(path, over, { ...merged, secrets: over.secrets ?? service.secrets })),
    ]
  })
  return [...plain, ...adjusted]
}

type Sized = Pick<DraftService, 'cpu' | 'memory'>

const checkSize = (path: string[], said: Sized, { cpu, memory, target }: DraftService): Finding[] => {
  if (target !== 'ecs' || cpu === undefined || memory === undefined) return []
  const remedy = fargateRemedy(cpu, memory)
  const key = said.memory === undefined || remedy?.startsWith('cpu') ? 'cpu' : 'memory'
  return remedy === undefined
    ? []
    : [
        {
          path: [...path, key],
          at: 'value',
          message: `makes a size that Fargate does not have: ${remedy}, got cpu ${cpu} and memory ${memory}`,
        },
      ]
}

type Filled = Pick<DraftService, 'secrets' | 'variables'>

const checkSecrets = (path: string[], said: Filled, { secrets = [], variables = {} }: DraftService): Finding[] =>
  secrets
    .filter((secret) => secret !== '' && Object.hasOwn(variables, secret))
    .map((secret) => ({
      path:
        said.variables !== undefined && Object.hasOwn(said.variables, secret)
          ? [...path, 'variables', secret]
          : [...path, 'secrets'],
      at: 'key' as const,
      message: `gives ${secret} as a variable and as a secret; keep one of them`,
    }))
