import type { Template } from '../../../lib/infrastructure/template.ts'

/** One stack as it is to be: from the cloud assembly. */
export type WantedStack = {
  name: string
  /** Not always that of the environment: AWS has budgets in some regions only. */
  region: string
  template: Template
  /** The template as it is sent. */
  body: string
  /** Of template, tags and protection: what was approved is recognised by it. */
  fingerprint: string
  tags: Record<string, string>
  /** ARN of the role with which CloudFormation works. */
  role: string
  /** Termination protection. */
  protect: boolean
  /** Template parameters that CloudFormation looks up: their key, and the name in Parameter Store. */
  lookups: Record<string, string>
  /** Parameters of Parameter Store that it makes. */
  publishes: readonly string[]
}

/** One stack as CloudFormation has it. */
export type StandingStack = {
  id: string
  name: string
  status: string
  reason: string
  protected: boolean
  role: string | undefined
  tags: Record<string, string>
  /** By key: what was given, and what it was looked up to be. */
  parameters: Record<string, { value: string; resolved?: string }>
}

export type Standing =
  | { is: 'missing' }
  /** It holds nothing: a change set was made for it and never executed. */
  | { is: 'empty'; stack: StandingStack }
  | { is: 'there'; stack: StandingStack }
  /** Its creation has failed and was taken back; CloudFormation can only delete it. */
  | { is: 'failed-creation'; stack: StandingStack }
  | { is: 'busy'; stack: StandingStack }
  /** A person has to look first. */
  | { is: 'stuck'; stack: StandingStack; remedy: string }

const READY = ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE', 'IMPORT_COMPLETE', 'IMPORT_ROLLBACK_COMPLETE']

/** What can be done with a stack in its state (CloudFormation user guide, stack status codes). */
export const standingOf = (stack: StandingStack | undefined): Standing => {
  if (stack === undefined || stack.status === 'DELETE_COMPLETE') return { is: 'missing' }
  const { name, status } = stack
  if (status === 'REVIEW_IN_PROGRESS') return { is: 'empty', stack }
  if (status.endsWith('_IN_PROGRESS')) return { is: 'busy', stack }
  if (READY.includes(status)) return { is: 'there', stack }
  if (status === 'ROLLBACK_COMPLETE') return { is: 'failed-creation', stack }
  return {
    is: 'stuck',
    stack,
    remedy: REMEDIES[status]?.(`--stack-name ${name}${inRegion(stack.id)}`) ?? `look at its events, and delete or repair it`,
  }
}

/** Option of the command line with the region of a stack, from its ARN: a stack is not always in the environment's own. */
export const inRegion = (stackId: string): string => {
  const region = stackId.split(':')[3]
  return region === undefined ? '' : ` --region ${region}`
}

/** The bucket of access logs has an object as soon as the load balancer is told of it. */
const LOOK =
  'look at what is left (its events say what); CloudFormation deletes no bucket that holds an object, such as one of access ' +
  'logs: where nothing in it is needed, aws s3 rb s3://BUCKET --force; then:'

const REMEDIES: Record<string, (which: string) => string> = {
  UPDATE_ROLLBACK_FAILED: (which) =>
    `mend what kept it from going back (its events say what), then: aws cloudformation continue-update-rollback ${which}`,
  // It comes of --disable-rollback, which is asked for where going back would set the number of tasks to nothing.
  UPDATE_FAILED: (which) =>
    'mend what kept it (its events say what), then make a change set of it and execute that with --disable-rollback; only where ' +
    `none of its services was delivered since: aws cloudformation rollback-stack ${which}`,
  CREATE_FAILED: (which) => `aws cloudformation delete-stack ${which}`,
  ROLLBACK_FAILED: (which) => `its creation failed and could not be taken back; ${LOOK} aws cloudformation delete-stack ${which}`,
  DELETE_FAILED: (which) => `its deletion failed; ${LOOK} aws cloudformation delete-stack ${which}`,
}
