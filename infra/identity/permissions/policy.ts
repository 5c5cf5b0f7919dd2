import { partition } from '../../../lib/delivery/names.ts'

export type Condition = Record<string, Record<string, string | string[]>>

export type Statement = {
  Sid: string
  Effect: 'Allow' | 'Deny'
  Action: string[]
  Condition?: Condition
} & ({ Resource: string[] } | { NotResource: string[] })

/** An identity policy as plain data: the infrastructure, the local cloud and the tests take it as it is. */
export type PolicyDocument = { Version: '2012-10-17'; Statement: Statement[] }

export type Place = { account: string; region: string }

export const policy = (...Statement: Statement[]): PolicyDocument => ({ Version: '2012-10-17', Statement })

export const allow = (Sid: string, Action: string[], Resource: string[], Condition?: Condition): Statement => ({
  Sid,
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition && { Condition }),
})

export const deny = (...given: Parameters<typeof allow>): Statement => ({ ...allow(...given), Effect: 'Deny' })

/** ARN of something in a region: `arn(place, 'ecs', 'service/shop-dev/api')`. */
export const arn = ({ account, region }: Place, service: string, resource: string): string =>
  `arn:${partition(region).name}:${service}:${region}:${account}:${resource}`
