/** What CloudFormation calls for a resource of a type, besides reading lists: on what, in the example's dev environment. */
export type Needed = { actions: string; on: string; context?: Record<string, string | string[]> }

export const place = 'eu-west-1:222222222222'
export const here = { 'aws:RequestedRegion': 'eu-west-1' }
export const role = (name: string): string => `arn:aws:iam::222222222222:role/${name}`
export const bounded = { 'iam:PermissionsBoundary': 'arn:aws:iam::222222222222:policy/shop-dev-service-boundary' }
export const pass = (name: string, service: string): Needed => ({
  actions: 'iam:PassRole',
  on: role(name),
  context: { 'iam:PassedToService': `${service}.amazonaws.com` },
})
export const elb = 'AddTags RemoveTags'
export const tags = 'AddTagsToResource RemoveTagsFromResource ListTagsForResource'
export const own = { 'aws:ResourceTag/slipway:project': 'shop', 'aws:ResourceTag/slipway:environment': 'dev' }
/** What is there already carries its tags. */
export const ec2 = (actions: string, on: string): Needed[] => {
  const all = actions.split(' ')
  const fresh = all.filter((action) =>
    /:(Allocate|Create(?!Route$)|Authorize|Revoke|Run|Modify\w+Attribute|GetSecurity)/.test(action),
  )
  const rest = all.filter((action) => !fresh.includes(action))
  const arn = `arn:aws:ec2:${place}:${on}`
  return [
    ...(fresh.length > 0 ? [{ actions: fresh.join(' '), on: arn, context: here }] : []),
    ...(rest.length > 0 ? [{ actions: rest.join(' '), on: arn, context: { ...here, ...own } }] : []),
  ]
}
export const names = (...changed: string[]): Needed => ({
  actions: 'route53:ChangeResourceRecordSets',
  on: 'arn:aws:route53:::hostedzone/Z0123456789ABCDEFGHIJ',
  context: { 'route53:ChangeResourceRecordSetsNormalizedRecordNames': changed },
})
export const certificate = (...domains: string[]): Needed => ({
  actions: 'acm:RequestCertificate',
  on: '*',
  context: { 'acm:DomainNames': domains },
})
export const apis = (on: string): Needed[] => [
  { actions: 'apigateway:POST apigateway:GET apigateway:PATCH apigateway:DELETE', on: `arn:aws:apigateway:eu-west-1::${on}` },
]
export const on = (service: string, resource: string, actions: string, context?: Record<string, string>): Needed => ({
  actions: actions
    .split(' ')
    .map((action) => (action.includes(':') ? action : `${service}:${action}`))
    .join(' '),
  on: `arn:aws:${service}:${place}:${resource}`,
  ...(context && { context }),
})
