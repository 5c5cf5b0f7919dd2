import { integer, matching, oneOf, optional, type Parser, refuse, required } from '../../../../lib/runner/inputs.ts'
import type { Ec2Place } from '../place.ts'

export const EC2_INPUTS = ['service', 'hosts', 'document', 'batch', 'offline', 'pre-deploy']

const SERVICE = matching(/^[a-z][a-z0-9-]{0,30}$/, 'a name of lower-case letters, digits and hyphens, at most 31')
const DOCUMENT = matching(/^[\w.-]{3,128}$/, 'the name of an SSM document')

const tag: Parser<{ key: string; value: string }> = (value, name) => {
  const [, key, text] = /^(?!aws:)([\w .:/+@-]{1,128})=([\w .:/=+@-]{1,256})$/i.exec(value) ?? []
  return key === undefined || text === undefined
    ? refuse(name, 'the tag of the hosts as KEY=VALUE, for example slipway:service=shop-prod-edge', value)
    : { key, value: text }
}

export const ec2Place = (version: string | undefined): Ec2Place => {
  const batch = optional('batch', integer(1, 50))
  const offline = optional('offline', oneOf('fail', 'skip'))
  return {
    kind: 'ec2',
    tag: required('hosts', tag),
    document: required('document', DOCUMENT),
    service: required('service', SERVICE),
    ...(batch !== undefined && { batch }),
    ...(version !== undefined && { version }),
    ...(offline === 'skip' && { offline }),
  }
}
