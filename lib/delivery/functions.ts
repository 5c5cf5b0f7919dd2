import type { Configuration, Service } from './configuration.ts'
import { serviceIn } from './services.ts'

export type LambdaService = Extract<Service, { target: 'lambda' }>

/** An HTTP API answers for its function after 30 seconds: one second less, and the function says why. */
export const LONGEST_ANSWER = 29

/** Services on Lambda as they are in one environment, by name. */
export const lambdaServices = ({ services }: Configuration, environment: string): [string, LambdaService][] =>
  Object.entries(services).flatMap(([name, declared]) => {
    const service = serviceIn(declared, environment)
    return service.target === 'lambda' ? [[name, service] as [string, LambdaService]] : []
  })

/** Names of the functions of a service; one named as the service where it declares none. */
export const functionKeys = (name: string, { functions }: LambdaService): string[] => Object.keys(functions ?? { [name]: {} })

/** Services of which an HTTP API of ours is made, with the host name that it has where the environment has a domain. */
export const apisIn = (configuration: Configuration, environment: string): { name: string; host?: string }[] =>
  lambdaServices(configuration, environment)
    .filter(([, { http, names }]) => http !== undefined && names?.function === undefined)
    .map(([name, { http }]) => {
      const { domain } = configuration.environments[environment] ?? {}
      const { host = name } = http ?? {}
      return { name, ...(domain !== undefined && { host: host === '@' ? domain : `${host}.${domain}` }) }
    })
