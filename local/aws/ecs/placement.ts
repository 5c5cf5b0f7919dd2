import type { PlacementFailure } from './model.ts'

const advice = 'For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.'
const noFargate = 'Capacity is unavailable at this time. Please try again later or in a different availability zone'
const noQuota = "You've reached the limit on the number of vCPUs you can run concurrently"

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html and …/api_failures_messages.html */
export const placementFailures = {
  noContainerInstance: {
    event: `was unable to place a task because no container instance met all of its requirements. Reason: No Container Instances were found in your cluster. ${advice}`,
    reason: 'RESOURCE:MEMORY',
  },
  noFargateCapacity: { event: `was unable to place a task. Reason: ${noFargate}. ${advice}`, reason: noFargate },
  noQuota: { event: `was unable to place a task. Reason: ${noQuota}. ${advice}`, reason: noQuota },
  /** Nothing is said for a long time. */
  silence: { reason: noFargate },
} satisfies Record<string, PlacementFailure>
