import { checkAdjusted } from './adjusted-checks.ts'
import type { Draft, DraftService } from './draft.ts'
import { cycle, type Finding, unknownName } from './finding.ts'
import { cycles } from './order.ts'
import { NAME, NAME_EXPECTED } from './schema/fields.ts'

export const checkServices = (draft: Draft): Finding[] => {
  const names = Object.keys(draft.services)
  const dependencies = Object.fromEntries(names.map((name) => [name, draft.services[name]?.dependsOn ?? []]))
  return [
    ...Object.entries(draft.services).flatMap(([name, service]) => [
      ...checkReferences(draft, name, service),
      ...checkHealth(name, service),
      ...checkFunctionNames(name, service),
      ...checkAdopted(name, service),
      ...checkAdjusted(name, service),
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

const checkFunctionNames = (name: string, { functions = {} }: DraftService): Finding[] =>
  Object.keys(functions)
    .filter((key) => !NAME.test(key))
    .map((key) => ({
      path: ['services', name, 'functions', key],
      at: 'key',
      message: `has a name that must be ${NAME_EXPECTED}, got "${key}"`,
    }))

/** `names.function` can name one function only. */
const checkAdopted = (name: string, { functions = {}, names, in: adjusted, target }: DraftService): Finding[] => {
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
