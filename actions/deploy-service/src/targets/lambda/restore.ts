import { DeleteAliasCommand } from '@aws-sdk/client-lambda'
import { call, isNamed } from '../../../../../lib/aws/errors.ts'
import type { FunctionBefore } from '../../target.ts'
import { holderOf, moveAlias } from './alias.ts'
import { type Alias, readAlias } from './functions.ts'
import { FREE, paceOf, Superseded, together } from './pace.ts'
import { versionName } from './state.ts'
import { idle, updateCode, type Work } from './update.ts'

/** Whether a version of a function is of the deployment that is taken back. What had a share before it is not. */
export type IsOurs = (name: string, version: string) => Promise<boolean>

/** Where an alias stands. `third`: somebody else has moved it, so it is left alone. */
export type Standing = 'before' | 'shared' | 'moved' | 'third'

export const standingOf = async (
  name: string,
  alias: Alias | undefined,
  before: FunctionBefore,
  isOurs: IsOurs,
): Promise<Standing> => {
  if (alias === undefined) return before.version === undefined ? 'before' : 'third'
  // A share that was there before was taken over with the alias, but only for as long as the alias stands where it stood.
  const takenOver = alias.version === before.version ? (before.shared ?? []) : []
  const shared = await Promise.all(
    Object.keys(alias.weights).map(async (version) => takenOver.includes(version) || isOurs(name, version)),
  )
  if (shared.includes(false)) return 'third'
  if (alias.version === before.version) return shared.length === 0 ? 'before' : 'shared'
  return (await isOurs(name, alias.version)) ? 'moved' : 'third'
}

/**
 * Points the alias of each function back to what it pointed to, with one request each, where it still is as this deployment
 * left it. An alias that this deployment made is deleted. Resolves to who moved the others: they are left alone.
 */
export const returnAliases = async (
  work: Work,
  before: Record<string, FunctionBefore>,
  isOurs: IsOurs,
): Promise<{ name: string; by: string }[]> => {
  const { functions, pace, tools } = work
  const giveBack = async ([name, was]: [string, FunctionBefore]): Promise<{ name: string; by: string }[]> => {
    const alias = await pace.read(() => readAlias(functions, name))
    const standing = await standingOf(name, alias, was, isOurs)
    if (standing === 'before') return []
    if (standing === 'third') return [{ name, by: await holderOf(functions, pace, name, alias) }]
    try {
      if (was.version === undefined) await deleteAlias(work, name)
      else await moveAlias(work, name, alias, { version: was.version, weights: {} })
    } catch (error) {
      if (error instanceof Superseded) return [{ name, by: error.message }]
      throw error
    }
    tools.log.info(`  ${functions.alias} of ${name} → ${was.version === undefined ? 'deleted' : versionName(name, was.version)}`)
    return []
  }
  return (await together(Object.entries(before), giveBack)).flat()
}

/** It takes no revision; sent again it finds nothing to delete. */
const deleteAlias = async ({ functions: { lambda, alias } }: Work, name: string): Promise<void> => {
  const command = new DeleteAliasCommand({ FunctionName: name, Name: alias })
  await call('lambda:DeleteAlias', () => lambda.send(command)).catch((error) => {
    if (!isNamed(error, 'ResourceNotFoundException')) throw error
  })
}

/** How long an update that is under way is waited for where the alias has gone back, so that `$LATEST` is all that is left. */
const LATEST_TIME = 30_000

export type Latest = {
  before: Record<string, FunctionBefore>
  ours: { digest: string; architecture: string }
  /** Whether the update to our image was this deployment's. */
  isSent(name: string): boolean
  deadline: number
}

/**
 * Puts the unpublished code back as well, so that callers without an alias and the next version agree with what runs. Where an
 * alias has gone back, trouble with that is only said. Where there was none, `$LATEST` is what serves: that is waited for until
 * the deadline, and resolves to what went wrong.
 */
export const returnLatest = async (
  { functions, tools }: Pick<Work, 'functions' | 'tools'>,
  { before, ours, isSent, deadline }: Latest,
): Promise<string | undefined> => {
  const soon = Math.min(deadline, tools.clock.monotonic() + LATEST_TIME)
  const giveBack = async ([name, { latest, version }]: [string, FunctionBefore]): Promise<string[]> => {
    const digest = latest?.split('@')[1]
    if (digest === ours.digest || !isSent(name)) return []
    const work = { functions, tools, pace: paceOf(tools, { ...FREE, deadline: version === undefined ? deadline : soon }) }
    let isUnderWay = false
    try {
      const now = await idle(work, name)
      if (now.digest !== ours.digest) return []
      if (latest === undefined || digest === undefined) throw new Error('what was there before did not run')
      const target = { image: latest, digest, architecture: ours.architecture }
      const onSent = () => {
        isUnderWay = true
      }
      await updateCode(work, name, target, now, onSent)
      tools.log.info(`  $LATEST of ${name} → ${digest}`)
      return []
    } catch (error) {
      const { message } = error as Error
      const trouble = isUnderWay
        ? `$LATEST of ${name} was sent back to ${digest}, and that has not ended: ${message}`
        : `$LATEST of ${name} still is ${ours.digest}: ${message}`
      if (version === undefined) return [trouble]
      tools.log.warning(`${trouble}; its alias does not serve that`)
      return []
    }
  }
  const troubles = (await Promise.all(Object.entries(before).map(giveBack))).flat()
  return troubles.length === 0 ? undefined : troubles.join('; ')
}
