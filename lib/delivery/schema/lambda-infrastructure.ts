/** Keys of a service on lambda that only its infrastructure reads; they may also differ between environments. */
export const lambdaInfrastructure = {}
