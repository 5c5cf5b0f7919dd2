import { recordNames } from '../../../lib/delivery/records.ts'
import { allow, arn, type Place, type Statement } from './policy.ts'

const READ = ['ssm:GetParameterHistory', 'ssm:GetParameters']

const parameter = (place: Place, name: string): string => arn(place, 'ssm', `parameter${name}`)

/** ARNs of the records of an environment. That of the images holds for every service, also one that is gone by now. */
export const records = (place: Place, project: string, environment: string) => {
  const { release, hold, lock, infra, image } = recordNames(project, environment)
  return {
    release: parameter(place, release),
    hold: parameter(place, hold),
    lock: parameter(place, lock),
    images: parameter(place, image('*')),
    infra: parameter(place, infra),
  }
}

export const readRecords = (place: Place, project: string, environment: string): Statement =>
  allow('ReadRecords', READ, Object.values(records(place, project, environment)))

/** Which infrastructure stands is not the deployments' affair. */
export const writeRecords = (place: Place, project: string, environment: string): Statement => {
  const { infra: _, ...own } = records(place, project, environment)
  return allow('WriteRecords', [...READ, 'ssm:PutParameter'], Object.values(own))
}

/** Infrastructure takes the lease, records what stands of it, and reads the rest. */
export const writeInfrastructure = (place: Place, project: string, environment: string): Statement => {
  const { lock, infra } = records(place, project, environment)
  return allow('LeaseAndWhatStands', ['ssm:PutParameter'], [lock, infra])
}

/** The webhook is a SecureString under the key that AWS keeps for Parameter Store, which asks for no permission of its own. */
export const readWebhook = (place: Place, slack: string | undefined): Statement[] =>
  slack === undefined ? [] : [allow('Webhook', ['ssm:GetParameter'], [parameter(place, slack)])]
