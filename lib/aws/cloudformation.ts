import { isNamed } from './errors.ts'

/** Whether CloudFormation says that there is no such stack; it has no error of its own for that. */
export const isMissingStack = (error: unknown): boolean =>
  isNamed(error, 'ValidationError') && /does not exist/.test((error as Error).message)

/** Whether a change set failed because there is nothing to change: CloudFormation has two ways to say so, and no status for it. */
export const saysNothingToChange = (reason: string): boolean =>
  /didn't contain changes|No updates are to be performed/i.test(reason)
