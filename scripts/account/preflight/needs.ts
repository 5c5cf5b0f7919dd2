import type { Configuration } from '../../../lib/delivery/configuration.ts'
import { serviceIn } from '../../../lib/delivery/services.ts'
import type { SynthesisedStack } from '../synthesis.ts'
import { LIMITS, type LimitName } from './limits.ts'

export type LimitNeed = { name: LimitName; region: string; amount: number; why: string }

export type Needs = {
  regions: string[]
  /** Services of AWS whose service-linked role must be there before CloudFormation makes their first resource. */
  serviceRoles: string[]
  limits: LimitNeed[]
}

/**
 * Service-linked roles that AWS makes by itself only for a caller that may make roles. CloudFormation works here with a role
 * that may not, so they have to be there before. Names: IAM user guide, services that work with IAM.
 */
const USES: [pattern: RegExp, service: string][] = [
  [/^AWS::ECS::(Cluster|Service|CapacityProvider)$/, 'ecs.amazonaws.com'],
  [/^AWS::ElasticLoadBalancingV2::LoadBalancer$/, 'elasticloadbalancing.amazonaws.com'],
  [/^AWS::AutoScaling::AutoScalingGroup$/, 'autoscaling.amazonaws.com'],
  [/^AWS::ApplicationAutoScaling::ScalableTarget$/, 'ecs.application-autoscaling.amazonaws.com'],
  [/^AWS::ApiGatewayV2::(DomainName|VpcLink)$/, 'ops.apigateway.amazonaws.com'],
]

/** What the stacks of one account need of it. */
export const needsOf = (configuration: Configuration, stacks: readonly SynthesisedStack[]): Needs => {
  const types = stacks.flatMap(({ resources }) => Object.values(resources).map(({ Type }) => Type))
  const regions = [...new Set(stacks.map(({ region }) => region))].toSorted()
  return {
    regions,
    serviceRoles: USES.filter(([pattern]) => types.some((type) => pattern.test(type))).map(([, service]) => service),
    limits: regions.flatMap((region) => limitsIn(configuration, region, stacks)),
  }
}

const limitsIn = (configuration: Configuration, region: string, stacks: readonly SynthesisedStack[]): LimitNeed[] => {
  const here = stacks.filter((stack) => stack.region === region)
  const places = [...new Set(here.map(({ place }) => place))]
  const count = (type: string): number =>
    here.flatMap(({ resources }) => Object.values(resources)).filter(({ Type }) => Type === type).length
  const vcpu = places.reduce((sum, place) => sum + fargate(configuration, place), 0)
  const amounts: Record<LimitName, [amount: number, why: string]> = {
    fargate: [vcpu * 2, `tasks of ${vcpu} vCPU, twice as many while they are replaced`],
    instances: [count('AWS::AutoScaling::AutoScalingGroup') * 2, 'hosts, of 2 vCPU each at least'],
    addresses: [count('AWS::EC2::EIP'), 'Elastic IP addresses of NAT gateways and hosts'],
    networks: [count('AWS::EC2::VPC'), 'networks'],
    gateways: [count('AWS::EC2::InternetGateway'), 'internet gateways'],
    balancers: [count('AWS::ElasticLoadBalancingV2::LoadBalancer'), 'load balancers'],
    concurrency: concurrency(here),
  }
  return (Object.keys(LIMITS) as LimitName[]).flatMap((name) => {
    const [amount, why] = amounts[name]
    return amount === 0 ? [] : [{ name, region, amount, why }]
  })
}

/** Of what is reserved AWS refuses the part that would leave less than ten to all other functions. */
const concurrency = (stacks: readonly SynthesisedStack[]): [number, string] => {
  const functions = stacks
    .flatMap(({ resources }) => Object.values(resources))
    .filter(({ Type }) => Type === 'AWS::Lambda::Function')
  const reserved = functions.reduce((sum, { Properties }) => sum + Number(Properties?.['ReservedConcurrentExecutions'] ?? 0), 0)
  if (reserved === 0) return [functions.length, `${functions.length} functions, one execution each`]
  return [reserved + 10, `${reserved} reserved, and 10 that AWS leaves to the rest`]
}

/** vCPU of the tasks of an environment at their counts of `delivery.json`. */
const fargate = ({ services, environments }: Configuration, place: string): number =>
  (Object.hasOwn(environments, place) ? Object.values(services) : [])
    .map((service) => serviceIn(service, place))
    .reduce((sum, service) => {
      if (service.target !== 'ecs' || service.names?.service !== undefined) return sum
      return sum + ((service.cpu ?? 256) / 1024) * (service.count ?? 1)
    }, 0)
