type Known = [service: string, says: RegExp, quota: string]

/**
 * What AWS calls the limit that an error is about, and what to do. Patterns are of `Name: message`; names of quotas are those of
 * the Service Quotas console (ECS, ECR and Systems Manager endpoints and quotas, AWS General Reference).
 */
const KNOWN: readonly Known[] = [
  [
    'ecs',
    /Fargate Spot.* vCPUs|vCPUs.* Fargate Spot/i,
    "quota 'Fargate Spot vCPU resource count' is used up: raise it in Service Quotas (AWS Fargate), or run fewer or smaller tasks",
  ],
  [
    'ecs',
    /number of (vCPUs|tasks) (that )?you can run concurrently/i,
    "quota 'Fargate On-Demand vCPU resource count' is used up: raise it in Service Quotas (AWS Fargate), or run fewer or smaller tasks",
  ],
  [
    'ecs',
    /active deployments exist/,
    'ECS keeps five deployments of a service side by side, no quota raises that: wait until the tasks of older ones are gone',
  ],
  ['ecs', /concurrent attempts to create a new revision/i, 'ECS registers one revision of a family at a time: run it again'],
  [
    'ecs',
    /Max allowed length is|size of the task definition|Request .*too large/i,
    'a task definition may have 64 KiB, no quota raises that: shorten its environment, or keep values in Parameter Store',
  ],
  [
    'ecs',
    /LimitExceeded|limit (for|on) the (number|resource)/i,
    "a quota of this account and region is used up: see Amazon ECS in Service Quotas ('Services per cluster', 'Tasks per service')",
  ],
  [
    'ecr',
    /TooManyTags|(number of|maximum) tags|tags per image/i,
    "quota 'Tags per image' (1,000) is used up: remove tags that nothing needs any more",
  ],
  [
    'ecr',
    /LimitExceeded/,
    "a quota of the registry is used up: see 'Images per repository' and 'Tags per image' of Amazon ECR in Service Quotas, and let a lifecycle rule expire what is old",
  ],
  [
    'ssm',
    /^ParameterLimitExceeded/,
    "quota 'Total number of parameters' (standard: 10,000) of this account and region is used up: delete parameters, or raise it in Service Quotas (AWS Systems Manager)",
  ],
  [
    'ssm',
    /^ParameterMaxVersionLimitExceeded/,
    'Parameter Store keeps 100 versions, and does not delete the oldest one while it bears a label: move the label to a newer version',
  ],
  [
    'ssm',
    /^TooManyUpdates/,
    'Parameter Store takes one change of a parameter at a time: another run writes it as well; run it again',
  ],
  [
    'ssm',
    /maximum parameter value of|exceeds the maximum size|Value.*less than or equal to/i,
    'a standard parameter holds 4 KiB, an advanced one 8 KiB, no quota raises that: shorten the value',
  ],
]

const THROTTLED = /Throttl|TooManyRequests|RequestLimitExceeded|Rate exceeded/

/** In words for a user, or undefined where an error is about no known limit. `call` is written as in a policy, `ssm:PutParameter`. */
export const quotaHint = (call: string, name: string, message: string): string | undefined => {
  const [service] = call.split(':')
  const text = `${name}: ${message}`
  const [, , quota] = KNOWN.find(([of, says]) => of === service && says.test(text)) ?? []
  if (quota !== undefined) return quota
  if (!THROTTLED.test(text)) return undefined
  return `this account and region may only send so many ${call} a second, and all of its users share that: run less at once, or ask AWS for a higher rate`
}
