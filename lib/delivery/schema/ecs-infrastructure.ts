/** Keys of a service on ecs that only its infrastructure reads; they may also differ between environments. */
export const ecsInfrastructure = {}
