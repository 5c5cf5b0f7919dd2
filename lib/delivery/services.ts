import type { Configuration, Service } from './configuration.ts'
import { ALIAS, environmentNames, HOST_TAG, serviceNames, stackName } from './names.ts'
import type { PlannedService } from './plan.ts'

/** A service as it is in one environment: what `in` says of that environment is merged. */
export const serviceIn = <S extends Service>(service: S, environment: string): S => {
  const adjusted = service.in?.[environment]
  if (adjusted === undefined) return service
  return {
    ...service,
    ...adjusted,
    ...mergedKey('variables', service.variables, adjusted.variables),
    ...mergedKey('names', service.names, adjusted.names),
  }
}

const mergedKey = (key: string, base: object | undefined, over: object | undefined): object =>
  base === undefined && over === undefined ? {} : { [key]: { ...base, ...over } }

type Of<T extends Service['target']> = Extract<Service, { target: T }>

/** Where an ECS service is found: what `names` says, else what is derived. */
export const ecsPlace = (project: string, environment: string, name: string, { names }: Of<'ecs'>) => {
  const derived = serviceNames(project, environment, name)
  return {
    cluster: names?.cluster ?? environmentNames(project, environment).cluster,
    service: names?.service ?? derived.service,
    container: names?.container ?? derived.container,
  }
}

/** Functions of a Lambda service; one named as the service where it declares none. */
export const lambdaPlace = (project: string, environment: string, name: string, { names, functions }: Of<'lambda'>) => {
  const derived = serviceNames(project, environment, name)
  return {
    functions: Object.entries(functions ?? { [name]: {} }).map(([key, { command, smoke }]) => ({
      name: names?.function ?? derived.function(key),
      ...(command && { command }),
      ...(smoke !== undefined && { smoke }),
    })),
    alias: names?.alias ?? ALIAS,
  }
}

export const ec2Place = (project: string, environment: string, name: string, { names }: Of<'ec2'>) => ({
  tag: names?.tag ?? { key: HOST_TAG, value: serviceNames(project, environment, name).hosts },
  document: names?.document ?? environmentNames(project, environment).document,
  service: name,
})

/** Stack that makes the service; undefined where `names` says that it exists already. */
export const stackOf = (project: string, environment: string, name: string, { target, names }: Service): string | undefined => {
  const given: Record<string, unknown> = names ?? {}
  const isAdopted = { ecs: ['service', 'cluster'], lambda: ['function'], ec2: ['tag'] }[target].some(
    (key) => given[key] !== undefined,
  )
  return isAdopted ? undefined : stackName(project, environment, `service-${name}`)
}

/** Whether infrastructure needs the record of the service's image to make it; hosts read that when they start. */
export const isSeeded = ({ stack, target }: PlannedService): boolean => stack !== undefined && target !== 'ec2'

/** Names of the images that the services use, without repetition, in alphabetical order. */
export const imagesInUse = ({ services }: Configuration): string[] =>
  [...new Set(Object.values(services).map((service) => service.image))].toSorted()
