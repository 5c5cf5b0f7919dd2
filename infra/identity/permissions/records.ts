import { recordNames } from '../../../lib/delivery/records.ts'
import { allow, arn, type Place, type Statement } from './policy.ts'

const READ = ['ssm:GetParameterHistory', 'ssm:GetParameters']

const parameter = (place: Place, name: string): string => arn(place, 'ssm', `parameter${name}`)

/** ARNs of the records of an environment. That of the images holds for every service, also one that is gone by now. */
export const records = (place: Place, project: string, environment: string) => {
  const { release, hold, lock, image } = recordNames(project, environment)
  return {
    release: parameter(place, release),
    hold: parameter(place, hold),
    lock: parameter(place, lock),
    images: parameter(place, image('*')),
  }
}

export const readRecords = (place: Place, project: string, environment: string): Statement =>
  allow('ReadRecords', READ, Object.values(records(place, project, environment)))

export const writeRecords = (place: Place, project: string, environment: string): Statement =>
  allow('WriteRecords', [...READ, 'ssm:PutParameter'], Object.values(records(place, project, environment)))

/** Infrastructure takes the lease and reads the rest. */
export const writeLock = (place: Place, project: string, environment: string): Statement =>
  allow('Lease', ['ssm:PutParameter'], [records(place, project, environment).lock])

/** The webhook is a SecureString under the key that AWS keeps for Parameter Store, which asks for no permission of its own. */
export const readWebhook = (place: Place, slack: string | undefined): Statement[] =>
  slack === undefined ? [] : [allow('Webhook', ['ssm:GetParameter'], [parameter(place, slack)])]
