/** Keys of a service on ec2 that only its infrastructure reads; they may also differ between environments. */
export const ec2Infrastructure = {}
