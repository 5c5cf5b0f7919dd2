import { App } from 'aws-cdk-lib'
import { example } from '../../lib/delivery/configuration.case.ts'
import type { LambdaService } from '../../lib/delivery/functions.ts'
import { isProtected } from '../../lib/delivery/protect.ts'
import type { Resource } from '../templates.case.ts'
import { lambdaStacks } from './stacks.ts'

export type Template = {
  Resources: Record<string, Resource>
  Parameters: Record<string, { Type: string; Default: string }>
}

/** The stack of the service `events` of the example, with these keys more, in an environment; without the checks of the whole app. */
export const templateOf = (events: Partial<LambdaService>, place = 'dev', more: object = {}): Template => {
  const configuration = example()
  Object.assign(configuration.services['events'] ?? {}, events)
  const environment = configuration.environments[place]
  if (environment === undefined) throw new Error(`no environment ${place}`)
  Object.assign(environment, more)
  const { account, region } = environment
  const app = new App({ analyticsReporting: false })
  lambdaStacks(app, { configuration, environment, place, account, region, protect: isProtected(configuration, place) })
  const [stack] = app.synth().stacks
  return stack?.template ?? { Resources: {}, Parameters: {} }
}

/** Properties of all resources of a type, in the order of the template. */
export const allOf = ({ Resources }: Template, type: string): Record<string, unknown>[] =>
  Object.values(Resources)
    .filter(({ Type }) => Type === type)
    .map(({ Properties }) => Properties)

/** Properties of the only resource of a type. */
export const only = (template: Template, type: string): Record<string, unknown> => {
  const found = allOf(template, type)
  if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} of ${type}`)
  return found[0]
}
