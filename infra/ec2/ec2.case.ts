import { App } from 'aws-cdk-lib'
import { example } from '../../lib/delivery/configuration.case.ts'
import type { Environment } from '../../lib/delivery/configuration.ts'
import type { Ec2Service } from '../../lib/delivery/hosts.ts'
import { isProtected } from '../../lib/delivery/protect.ts'
import type { Resource } from '../templates.case.ts'
import { ec2Stacks } from './stacks.ts'

export type Template = {
  Resources: Record<string, Resource & { UpdatePolicy?: unknown; CreationPolicy?: unknown }>
  Parameters: Record<string, { Type: string; Default: string }>
}

/** A worker: what the example's service is without these. */
export const WORKER = { port: undefined, health: undefined }

type Given = { [Key in keyof Ec2Service]?: Ec2Service[Key] | undefined }

/**
 * The stacks of the service `edge` of the example, with these keys more, in an environment, by name; without the checks of the
 * whole app. A key that is undefined is taken away.
 */
export const stacksOf = (edge: Given = {}, place = 'dev', more: Partial<Environment> = {}): Record<string, Template> => {
  const configuration = example()
  const { edge: service } = configuration.services
  const environment = configuration.environments[place]
  if (environment === undefined || service === undefined) throw new Error(`no environment ${place}`)
  Object.assign(environment, more)
  Object.assign(service, edge)
  for (const [key, value] of Object.entries(edge)) if (value === undefined) Reflect.deleteProperty(service, key)
  const { account, region } = environment
  const app = new App({ analyticsReporting: false })
  ec2Stacks(app, { configuration, environment, place, account, region, protect: isProtected(configuration, place) })
  return Object.fromEntries(app.synth().stacks.map(({ stackName, template }) => [stackName, template]))
}

/** The stack of the service alone. */
export const serviceOf = (...given: Parameters<typeof stacksOf>): Template => {
  const [, template] = Object.entries(stacksOf(...given)).find(([name]) => name.includes('-service-')) ?? []
  if (template === undefined) throw new Error('no stack of the service')
  return template
}

/** Properties of the only resource of a type. */
export const only = ({ Resources }: Template, type: string): Record<string, unknown> => {
  const found = Object.values(Resources).filter(({ Type }) => Type === type)
  if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} of ${type}`)
  return found[0].Properties
}

/** What the launch template starts a host with. */
export const launchOf = (template: Template) =>
  only(template, 'AWS::EC2::LaunchTemplate')['LaunchTemplateData'] as Record<string, unknown> & { UserData: unknown }

/** The user data of a host, with what CloudFormation fills in: `filled` by logical id, `Ref` or attribute. */
export const userDataOf = (template: Template, filled: Record<string, string> = {}): string => {
  const { 'Fn::Base64': text } = launchOf(template).UserData as { 'Fn::Base64': string | { 'Fn::Join': ['', Part[]] } }
  const parts: Part[] = typeof text === 'string' ? [text] : text['Fn::Join'][1]
  return parts
    .map((part) => {
      if (typeof part === 'string') return part
      const id = 'Ref' in part ? part.Ref : part['Fn::GetAtt'].join('.')
      return filled[id] ?? `value-of-${id}`
    })
    .join('')
}

type Part = string | { Ref: string } | { 'Fn::GetAtt': [string, string] }

/** The files that user data writes, by path. */
export const filesOf = (userData: string): Record<string, string> =>
  Object.fromEntries(
    [...userData.matchAll(/^cat >(\S+) <<'END-OF-FILE'\n([\s\S]*?)END-OF-FILE$/gm)].map(([, path = '', text = '']) => [
      path,
      text,
    ]),
  )
