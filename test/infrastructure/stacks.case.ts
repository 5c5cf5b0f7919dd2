import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { infrastructureNames, roleArn } from '../../lib/delivery/names.ts'
import type { RunningStep, Step, StepOptions } from '../../local/github/step.ts'
import { account, region } from '../cloud-world.ts'
import { green } from './runs.ts'
import type { InfrastructureWorld } from './world.ts'

type Stacks = { network?: object; hosts?: object; protect?: boolean }

const lookup = { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/shop/dev/outputs/network/vpc' }

/** A stack that publishes something, and one that looks it up. */
export const twoStacks = ({ network = {}, hosts = {}, protect = false }: Stacks = {}) => ({
  protect,
  templates: {
    'shop-dev-network': {
      Resources: {
        Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16', ...network } },
        Out: {
          Type: 'AWS::SSM::Parameter',
          Properties: { Name: '/shop/dev/outputs/network/vpc', Type: 'String', Value: { Ref: 'Vpc' } },
        },
      },
    },
    'shop-dev-hosts': {
      Parameters: { OfVpc: lookup },
      Resources: {
        First: { Type: 'AWS::EC2::SecurityGroup', Properties: { VpcId: { Ref: 'OfVpc' }, GroupDescription: 'a', ...hosts } },
        Second: { Type: 'AWS::SNS::Topic', DependsOn: 'First', Properties: { TopicName: 'shop-dev', ...hosts } },
      },
    },
  } as Record<string, object>,
})

/** Writes these stacks as `npm run synth` does; its path from the root of the repository. */
export const assembleStacks = ({ folder }: InfrastructureWorld, { templates, protect }: ReturnType<typeof twoStacks>): string => {
  const name = `stacks-${JSON.stringify(templates).length}-${protect}`
  mkdirSync(join(folder, name), { recursive: true })
  const artifacts = Object.entries(templates).map(([stack, template]) => {
    writeFileSync(join(folder, name, `${stack}.json`), JSON.stringify(template, null, 2))
    const properties = {
      templateFile: `${stack}.json`,
      terminationProtection: protect,
      tags: { 'slipway:project': 'shop', 'slipway:environment': 'dev' },
      cloudFormationExecutionRoleArn: roleArn({ account, region }, infrastructureNames('shop', 'dev').cloudFormation),
    }
    return [stack, { type: 'aws:cloudformation:stack', environment: `aws://${account}/${region}`, properties }]
  })
  writeFileSync(join(folder, name, 'manifest.json'), JSON.stringify({ artifacts: Object.fromEntries(artifacts) }))
  return name
}

let attempts = 0

/** Attempts of one run: the lease that one leaves to the job that proves is inherited by the next. */
export const attempt = (world: InfrastructureWorld, inputs: Record<string, string>, more: StepOptions = {}): RunningStep => {
  attempts += 1
  return world.infra(7, inputs, { ...more, env: { GITHUB_RUN_ATTEMPT: String(attempts) } })
}

/** Prepares; resolves to what is to be approved. */
export const prepared = async (world: InfrastructureWorld, assembly: string): Promise<string> =>
  (await green(attempt(world, { operation: 'prepare', assembly }))).outputs['approved'] ?? ''

export const execute = async (world: InfrastructureWorld, assembly: string): Promise<Step> =>
  attempt(world, { operation: 'execute', assembly, approved: await prepared(world, assembly) }).done

/** Prepares and executes; ends green or throws with the log. */
export const bring = (world: InfrastructureWorld, assembly: string): Promise<Step> => green(execute(world, assembly))

export const outcomes = ({ outputs }: Step): Record<string, string> =>
  Object.fromEntries(
    JSON.parse(outputs['stacks'] ?? '[]').map(({ stack, outcome }: { stack: string; outcome: string }) => [
      stack.replace('shop-dev-', ''),
      outcome,
    ]),
  )

export const statusOf = ({ stacks }: InfrastructureWorld, name: string): string | undefined =>
  stacks.stack(account, region, `shop-dev-${name}`)?.status
