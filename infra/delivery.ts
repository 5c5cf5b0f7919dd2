import { App, type AppProps } from 'aws-cdk-lib'
import type { Configuration } from '../lib/delivery/configuration.ts'
import { providerStackName, REGISTRY, stackName } from '../lib/delivery/names.ts'
import { isProtected } from '../lib/delivery/protect.ts'
import { budgetsStacks } from './budgets/stacks.ts'
import { checkTemplates } from './checks/checks.ts'
import { ec2Stacks } from './ec2/stacks.ts'
import { ecsStacks } from './ecs/stacks.ts'
import { IdentityStack } from './identity/identity.ts'
import { ProviderStack } from './identity/provider.ts'
import { lambdaStacks } from './lambda/stacks.ts'
import { networkStacks } from './network/network.ts'
import { RegistryStack } from './registry/registry.ts'

/** Everything that `delivery.json` says of AWS, as stacks. They share names, not exports: each can be deployed by itself. */
export const deliveryApp = (configuration: Configuration, props: AppProps = {}): App => {
  const app = new App({ ...props, analyticsReporting: false })
  administratorStacks(app, configuration)
  for (const [place, environment] of Object.entries(configuration.environments)) {
    const { account, region } = environment
    const props = { configuration, environment, place, account, region, protect: isProtected(configuration, place) }
    networkStacks(app, props)
    ecsStacks(app, props)
    lambdaStacks(app, props)
    ec2Stacks(app, props)
    budgetsStacks(app, props)
  }
  return checkTemplates(app)
}

/** The stacks that a person deploys: those that say who may do what. */
export const administratorStacks = (app: App, configuration: Configuration): void => {
  const { project, registry, environments } = configuration
  const places = [
    { place: REGISTRY, account: registry.account, region: registry.region, protect: true },
    ...Object.entries(environments).map(([place, { account, region }]) => ({
      place,
      account,
      region,
      protect: isProtected(configuration, place),
    })),
  ]

  const providers = new Map(
    [...Map.groupBy(places, ({ account }) => account)].flatMap(([account, here]) => {
      const { existingProvider = [] } = configuration.identity ?? {}
      const [first] = here
      if (first === undefined || existingProvider.includes(account)) return []
      const provider = new ProviderStack(app, {
        ...first,
        configuration,
        protect: true,
        stackName: providerStackName(project, account),
        description: "GitHub's OIDC provider",
        deployedBy: 'administrator',
      })
      return [[account, provider]]
    }),
  )

  for (const place of places) {
    const identity = new IdentityStack(app, {
      ...place,
      protect: true,
      configuration,
      stackName: stackName(project, place.place, 'identity'),
      description: `roles of ${project} in ${place.place}`,
      deployedBy: 'administrator',
    })
    const provider = providers.get(place.account)
    if (provider !== undefined) identity.addStackDependency(provider)
  }

  new RegistryStack(app, {
    ...registry,
    configuration,
    place: REGISTRY,
    stackName: stackName(project, REGISTRY, 'images'),
    description: `images of ${project}`,
    deployedBy: 'administrator',
  })
}
