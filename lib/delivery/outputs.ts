/**
 * SSM parameters by which a stack of an environment tells the others what AWS has named: ids, ARNs, addresses. Everything else
 * is derived (`names.ts`). A stack that reads one is deployed after the stack that writes it.
 */
export const outputNames = (project: string, environment: string) => {
  const root = `/${project}/${environment}/outputs`
  return {
    network: {
      vpc: `${root}/network/vpc`,
      /** Lists, parted by commas, in the order of the zones. */
      publicSubnets: `${root}/network/public-subnets`,
      /** Where services run: the private ones, or the public ones where there are no others. */
      serviceSubnets: `${root}/network/service-subnets`,
    },
    cluster: {
      /** The name is derived. Looked up, it says that the cluster is there, with all that services can run on. */
      name: `${root}/cluster/name`,
      /** ARN of the listener that services join with a rule. */
      listener: `${root}/cluster/listener`,
      /** Security group of the load balancer: the only one that services let in. */
      loadBalancerGroup: `${root}/cluster/load-balancer-group`,
      /** Host name that AWS gave the load balancer. */
      loadBalancerAddress: `${root}/cluster/load-balancer-address`,
      /** Hosted zone of that host name, for alias records. */
      loadBalancerZone: `${root}/cluster/load-balancer-zone`,
      /** `app/NAME/ID`, as metrics and alarms call it. */
      loadBalancerName: `${root}/cluster/load-balancer-name`,
    },
    hosts: {
      /** Name of the SSM document that switches hosts. A service's hosts take their program from it when they start. */
      document: `${root}/hosts/document`,
    },
    /** Address at which a service is reached, where it is published. */
    url: (service: string): string => `${root}/${service}/url`,
  }
}
