import type { Principal } from './service.ts'

/** Every name under which a trust policy or a repository policy can mean this caller; an account's root means all of it. */
export const namesOf = ({ account, arn, role }: Principal): string[] => [
  account,
  `arn:aws:iam::${account}:root`,
  arn,
  ...(role === undefined ? [] : [`arn:aws:iam::${account}:role/${role}`]),
]
