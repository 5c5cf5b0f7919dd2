import { DeleteAliasCommand } from '@aws-sdk/client-lambda'
import { call, isNamed } from '../../../../../lib/aws/errors.ts'
import type { FunctionBefore } from '../../target.ts'
import { holderOf, moveAlias } from './alias.ts'
import { type Alias, readAlias } from './functions.ts'
import { Superseded, together } from './pace.ts'
import { versionName } from './state.ts'
import { idle, updateCode, type Work } from './update.ts'

/** Whether a version of a function is of the deployment that is taken back. */
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
  const shared = await Promise.all(Object.keys(alias.weights).map((version) => isOurs(name, version)))
  if (shared.includes(false)) return 'third'
  if (alias.version === before.version) return shared.length === 0 ? 'before' : 'shared'
  return (await isOurs(name, alias.version)) ? 'moved' : 'third'
}

/**
 * Points the alias of each function back to what it pointed to, with one request each, where it still is as this deployment
 * left it. An alias that this deployment made is deleted. Resolves to who moved it otherwise.
 */
export const returnAliases = async (
  work: Work,
  before: Record<string, FunctionBefore>,
  isOurs: IsOurs,
): Promise<string | undefined> => {
  const { functions, pace, tools } = work
  const giveBack = async ([name, was]: [string, FunctionBefore]): Promise<string[]> => {
    const alias = await pace.read(() => readAlias(functions, name))
    const standing = await standingOf(name, alias, was, isOurs)
    if (standing === 'before') return []
    if (standing === 'third') return [await holderOf(functions, pace, name, alias)]
    try {
      if (was.version === undefined) await deleteAlias(work, name)
      else await moveAlias(work, name, alias, { version: was.version, weights: {} })
    } catch (error) {
      if (error instanceof Superseded) return [error.message]
      throw error
    }
    tools.log.info(`  ${functions.alias} of ${name} → ${was.version === undefined ? 'deleted' : versionName(name, was.version)}`)
    return []
  }
  const others = (await together(Object.entries(before), giveBack)).flat()
  return others.length === 0 ? undefined : `${others.join(', ')}, which this run did not start, is left alone`
}

/** It takes no revision; sent again it finds nothing to delete. */
const deleteAlias = async ({ functions: { lambda, alias } }: Work, name: string): Promise<void> => {
  const command = new DeleteAliasCommand({ FunctionName: name, Name: alias })
  await call('lambda:DeleteAlias', () => lambda.send(command)).catch((error) => {
    if (!isNamed(error, 'ResourceNotFoundException')) throw error
  })
}

/**
 * Puts the unpublished code back as well, so that callers without an alias and the next version agree with what runs. Where
 * that cannot be, it is said, and it changes nothing of what the alias serves.
 */
export const returnLatest = async (
  work: Work,
  before: Record<string, FunctionBefore>,
  ours: { digest: string; architecture: string },
): Promise<void> => {
  const giveBack = async ([name, { latest }]: [string, FunctionBefore]): Promise<void> => {
    const digest = latest?.split('@')[1]
    if (digest === ours.digest) return
    try {
      const now = await idle(work, name)
      if (now.digest !== ours.digest) return
      if (latest === undefined || digest === undefined) throw new Error('what was there before did not run')
      await updateCode(work, name, { image: latest, digest, architecture: ours.architecture }, now)
      work.tools.log.info(`  $LATEST of ${name} → ${digest}`)
    } catch (error) {
      const { message } = error as Error
      work.tools.log.warning(`$LATEST of ${name} still is ${ours.digest}, which its alias does not serve: ${message}`)
    }
  }
  await Promise.all(Object.entries(before).map(giveBack))
}
