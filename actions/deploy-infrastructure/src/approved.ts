import { z } from 'zod'
import { Refusal } from '../../../lib/refusal.ts'
import { type Change, REPLACEMENTS } from './change.ts'
import type { PreparedStack } from './prepare.ts'
import type { WantedStack } from './stack.ts'

/** A change in little room: id, type, action, replacement, properties. */
const change = z.tuple([z.string(), z.string(), z.string(), z.enum(REPLACEMENTS), z.array(z.string())])

const stack = z.strictObject({
  /** Whether it is made, or made again after a creation that failed. */
  kind: z.enum(['create', 'update']),
  fingerprint: z.string(),
  /** ARN of the change set that was shown; absent where the templates were compared. */
  changeSet: z.string().optional(),
  /**
   * What the parameters stood for that CloudFormation looks up, without images. Absent are those that were not there yet, and
   * those that an earlier stack of the run may change: whatever they are then is approved, with what follows them.
   */
  parameters: z.record(z.string(), z.string()),
  /** Whether the service of the stack had been delivered, see `DELIVERED`. */
  delivered: z.boolean(),
  /** Of an update; a creation is told by its fingerprint. */
  changes: z.array(change),
})

const approved = z.strictObject({
  environment: z.string(),
  account: z.string(),
  region: z.string(),
  /** Which infrastructure stood, see `seenBy`; absent where a stack was left out. */
  seen: z.string().optional(),
  stacks: z.record(z.string(), stack),
})

/** What was shown to whoever approved it. Stacks that do not change are not in it. */
export type Approved = z.infer<typeof approved>
export type ApprovedStack = z.infer<typeof stack>

/** The most that one input may have: Linux gives a program no variable of 128 KiB, and an input is one. */
const MOST_CHARACTERS = 100_000

export const writeApproved = (value: Approved): string => {
  const text = JSON.stringify(value)
  if (text.length <= MOST_CHARACTERS) return text
  throw new Refusal(
    `these are too many changes for one approval (${text.length} characters of ${MOST_CHARACTERS}): bring them in several steps`,
  )
}

export const readApproved = (value: unknown): Approved => {
  const parsed = approved.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new Error(
    `input 'approved' is not what 'operation: prepare' has put out: ${issue?.path.join('.') || 'the whole'}: ${issue?.message}`,
  )
}

const approvedStack = (
  { fingerprint }: WantedStack,
  { kind, parameters, delivered }: Pick<ApprovedStack, 'kind' | 'parameters' | 'delivered'>,
  changes: readonly Change[],
  changeSet?: string,
): ApprovedStack => ({
  kind,
  fingerprint,
  parameters,
  delivered,
  changes:
    kind === 'create'
      ? []
      : changes.map(({ id, type, action, replacement, properties }) => [id, type, action, replacement, [...properties]]),
  ...(changeSet !== undefined && { changeSet }),
})

/** What is put out for whoever approves. */
export const approvedOf = (
  { environment, account, region }: Pick<Approved, 'environment' | 'account' | 'region'>,
  prepared: readonly PreparedStack[],
): Approved => ({
  environment,
  account,
  region,
  stacks: Object.fromEntries(
    prepared
      .filter(({ kind }) => kind !== 'unchanged' && kind !== 'left-out')
      .map(({ wanted, kind, parameters, isDelivered, changes, changeSet }) => [
        wanted.name,
        approvedStack(
          wanted,
          { kind: kind === 'update' ? 'update' : 'create', parameters, delivered: isDelivered },
          changes,
          changeSet,
        ),
      ]),
  ),
})
