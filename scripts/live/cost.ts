import type { SynthesisedStack } from '../account/synthesis.ts'

/**
 * Dollars an hour of what costs while it stands: list prices of eu-west-1 in 2026, to be checked against the price list. Tasks
 * are of a quarter of a vCPU and half a GB with a public address, hosts t4g.small with a disk of 20 GB and a public address.
 */
const HOURLY: Record<string, number> = {
  'AWS::ElasticLoadBalancingV2::LoadBalancer': 0.0252 + 0.008 + 2 * 0.005,
  'AWS::ECS::Service': 0.0124 + 0.005,
  'AWS::AutoScaling::AutoScalingGroup': 0.0184 + 0.0025 + 0.005,
  'AWS::EC2::NatGateway': 0.048,
  'AWS::EC2::EIP': 0.005,
  'AWS::KMS::Key': 1 / 730,
  'AWS::CloudWatch::Alarm': 0.1 / 730,
}

/** Asked once by the preflight and once by the report. */
const COST_EXPLORER = 2 * 0.01

/** What a run of so many milliseconds has cost, by type and in all, in dollars. */
export const estimate = (stacks: readonly SynthesisedStack[], milliseconds: number): { lines: string[]; total: number } => {
  const types = stacks.flatMap(({ resources }) => Object.values(resources).map(({ Type }) => Type))
  const hours = milliseconds / 3_600_000
  const rows = Object.entries(HOURLY).flatMap(([type, hourly]): [string, number][] => {
    const count = types.filter((each) => each === type).length
    return count === 0 ? [] : [[`${count} × ${type}`, count * hourly * hours]]
  })
  rows.push(['2 requests of Cost Explorer', COST_EXPLORER])
  const total = rows.reduce((sum, [, dollars]) => sum + dollars, 0)
  return { lines: rows.map(([what, dollars]) => `${what}: $${dollars.toFixed(3)}`), total }
}
