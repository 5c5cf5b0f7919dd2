import type { App } from 'aws-cdk-lib'
import { CfnCluster, CfnClusterCapacityProviderAssociations } from 'aws-cdk-lib/aws-ecs'
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs'
import { clusterOf } from '../../lib/delivery/cluster.ts'
import { clusterNames, environmentNames, stackName } from '../../lib/delivery/names.ts'
import { outputNames } from '../../lib/delivery/outputs.ts'
import type { Route } from '../../lib/delivery/routes.ts'
import { NO_INSIGHTS } from '../checks/acknowledgements.ts'
import { explain } from '../checks/checks.ts'
import { boundByName } from '../identity/bound.ts'
import { publish } from '../outputs.ts'
import { type EnvironmentProps, PlaceStack } from '../stack.ts'
import { containerInstances } from './instances.ts'
import { loadBalancer } from './load-balancer.ts'

const INSIGHTS = { off: 'disabled', on: 'enabled', enhanced: 'enhanced' } as const

/**
 * What the services on ECS of an environment share: the cluster, what their tasks run on, the log of what is typed in their
 * shells, and a load balancer where one of them answers requests.
 */
export class ClusterStack extends PlaceStack {
  constructor(app: App, props: EnvironmentProps, routes: readonly Route[]) {
    const { configuration, place, account, environment } = props
    const { project } = configuration
    super(app, {
      ...props,
      stackName: stackName(project, place, 'cluster'),
      description: `what the services on ECS of ${project} share in ${place}`,
    })
    boundByName(this)
    const { insights, accessLogs, shellLogs, instances } = clusterOf(configuration, place)
    const names = clusterNames(project, place, account)
    const shells = new CfnLogGroup(this, 'ShellLogs', { logGroupName: names.shellLogs, retentionInDays: shellLogs })
    shells.applyRemovalPolicy(this.removal)
    const cluster = new CfnCluster(this, 'Cluster', {
      clusterName: environmentNames(project, place).cluster,
      clusterSettings: [{ name: 'containerInsights', value: INSIGHTS[insights] }],
      // Also where no service has a shell: whoever may open one cannot open it unrecorded.
      configuration: {
        executeCommandConfiguration: { logging: 'OVERRIDE', logConfiguration: { cloudWatchLogGroupName: shells.ref } },
      },
    })
    if (insights === 'off') explain(cluster, NO_INSIGHTS)
    const own = instances === undefined ? [] : [containerInstances(this, instances, cluster)]
    const capacity = new CfnClusterCapacityProviderAssociations(this, 'Capacity', {
      cluster: cluster.ref,
      capacityProviders: ['FARGATE', 'FARGATE_SPOT', ...own],
      defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1 }],
    })
    publish(this, outputNames(project, place).cluster.name, cluster.ref).addResourceDependency(capacity)
    if (routes.length > 0) loadBalancer(this, { environment, routes, accessLogs })
  }
}
