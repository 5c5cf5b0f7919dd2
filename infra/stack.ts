import { type App, BootstraplessSynthesizer, Fn, type IStackSynthesizer, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib'
import type { Configuration, Environment } from '../lib/delivery/configuration.ts'
import { COST_TAG, infrastructureNames, PROJECT_TAG, roleArn } from '../lib/delivery/names.ts'

export type PlaceProps = {
  configuration: Configuration
  /** Name in CloudFormation, and on the command line of `cdk`. */
  stackName: string
  description: string
  account: string
  region: string
  /** Environment of `delivery.json`, or `registry`. */
  place: string
  /**
   * Who deploys it. `administrator`: a person with credentials of the account, once, and nobody else may change it. Default:
   * `pipeline`, by deploy-infrastructure, and CloudFormation works with the role that the manifest names.
   */
  deployedBy?: 'administrator' | 'pipeline'
  /** Whether it can be deleted, and what it keeps with it. Default: true. */
  protect?: boolean
}

/** What the stacks of one environment are made of, without their names. */
export type EnvironmentProps = Pick<PlaceProps, 'configuration' | 'account' | 'region' | 'place' | 'protect'> & {
  environment: Environment
}

/** A stack in exactly one account and region, with the tags of its project and environment. It exports nothing. */
export class PlaceStack extends Stack {
  readonly configuration: Configuration
  readonly place: string
  /**
   * Of what holds data: kept where the environment is protected, but for what a first creation that failed has made, since its
   * name would be taken at the next attempt.
   */
  readonly removal: RemovalPolicy

  constructor(
    app: App,
    { configuration, stackName, description, account, region, place, deployedBy, protect = true }: PlaceProps,
  ) {
    super(app, stackName, {
      stackName,
      description,
      env: { account, region },
      terminationProtection: protect,
      analyticsReporting: false,
      synthesizer: new BootstraplessSynthesizer(
        deployedBy === 'administrator'
          ? {}
          : {
              cloudFormationExecutionRoleArn: roleArn(
                { account, region },
                infrastructureNames(configuration.project, place).cloudFormation,
              ),
            },
      ) as IStackSynthesizer,
    })
    this.configuration = configuration
    this.place = place
    this.removal = protect ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY
    const tags = { ...configuration.tags, [PROJECT_TAG]: configuration.project, [COST_TAG]: place }
    for (const [key, value] of Object.entries(tags)) Tags.of(this).add(key, value)
  }

  /** Asked of CloudFormation when it deploys: CDK would ask AWS now, even where the zones are given. */
  override get availabilityZones(): string[] {
    return [0, 1, 2].map((index) => Fn.select(index, Fn.getAzs()))
  }
}
