import type { Cause, Deployment, End, TargetTools, Watched, WatchOptions } from '../../target.ts'
import { holderOf } from './alias.ts'
import { type Bringing, bringFunctions } from './bring.ts'
import { type Functions, readAlias } from './functions.ts'
import { Failed, paceOf, Stopped, Superseded, together } from './pace.ts'
import { type IsOurs, standingOf } from './restore.ts'
import { versionName } from './state.ts'
import { isOfCaller, type Work } from './update.ts'

/** Takes the functions back that are not somebody else's; resolves to who has the others. */
export type ReturnOthers = (deployment: Deployment) => Promise<string[]>

type Watching = Omit<Bringing, 'work' | 'onCause' | 'onFailure' | 'onNote'> & { returnOthers: ReturnOthers; notes: string[] }

/** Brings the image to the functions and follows that to its end. Whoever has to go back is left to do so, but aliases after a third. */
export const watchFunctions = async (
  functions: Functions,
  tools: TargetTools,
  deployment: Deployment,
  options: WatchOptions,
  { returnOthers, notes, ...bringing }: Watching,
): Promise<Watched> => {
  const { clock } = tools
  const begun = clock.monotonic()
  const others = new AbortController()
  const pace = paceOf(tools, { ...options, signal: AbortSignal.any([options.signal, others.signal]) })
  const causes: Cause[] = []
  const versions = new Map<string, string>()
  let firstFailure: number | undefined

  const onCause = (cause: Cause): void => {
    firstFailure ??= clock.monotonic() - begun
    causes.push(cause)
    show(cause, tools)
  }
  const onVersion = (name: string, version: string): void => {
    versions.set(name, version)
    bringing.onVersion(name, version)
  }
  const watched = (end: End): Watched => ({
    end,
    causes,
    notes,
    revision: [...versions].map(([name, version]) => versionName(name, version)).join(', '),
    ...(firstFailure !== undefined && { firstFailure }),
  })
  try {
    const work = { functions, pace, tools }
    const onNote = (note: string) => notes.push(note)
    await bringFunctions({ ...bringing, work, onCause, onVersion, onNote, onFailure: () => others.abort() })
    return watched({ state: 'completed' })
  } catch (error) {
    if (error instanceof Failed) return watched({ state: 'failed', restored: false, reason: error.message })
    // Whichever function stopped first stopped the others too: the signal alone tells who asked for it.
    if (error instanceof Stopped) return watched({ state: options.signal.aborted ? 'cancelled' : 'timed-out', restored: false })
    if (error instanceof Superseded) return watched(await superseded(error.message, deployment, returnOthers))
    if (isOfCaller(error)) throw error
    // What nobody foresaw ends the deployment as well, and what has moved goes back.
    const { message } = error as Error
    onCause({ reason: message, count: 1 })
    return watched({ state: 'failed', restored: false, reason: message })
  }
}

const show = ({ reason, remedy, log = [] }: Cause, tools: TargetTools): void => {
  tools.log.error(`${reason}${remedy === undefined ? '' : `. ${remedy}`}`)
  for (const line of log) tools.log.info(`  | ${line}`)
}

/** One function of several is somebody else's now; the others are not left behind on a version that is nobody's. */
const superseded = async (by: string, deployment: Deployment, returnOthers: ReturnOthers): Promise<End> => {
  try {
    const others = await returnOthers(deployment)
    return { state: 'superseded', by: [...new Set([by, ...others])].join(', ') }
  } catch (error) {
    if (isOfCaller(error)) throw error
    const reason = `replaced in flight by ${by}, which this run did not start, and not all is back: ${(error as Error).message}`
    return { state: 'failed', restored: false, reason }
  }
}

/**
 * What became of a deployment whose process is gone: only the aliases tell. Where they do not tell in time it is taken for one that
 * has not ended, and whatever of it is found goes back.
 */
export const lookBack = async (
  work: Work,
  deployment: Deployment,
  isOurs: IsOurs,
  returnOthers: ReturnOthers,
): Promise<Watched> => {
  const standings = await standingsOf(work, deployment, isOurs).catch((error: Error) => {
    if (!(error instanceof Stopped)) throw error
    work.tools.log.warning(`how far it came was not seen: ${error.message}; what is found of it goes back`)
    return undefined
  })
  const third = standings?.find(({ standing }) => standing === 'third')
  if (third !== undefined) return { end: await superseded(third.by, deployment, returnOthers), causes: [] }
  const isDone = standings?.every(({ standing }) => standing === 'moved')
  return { end: isDone ? { state: 'completed' } : { state: 'cancelled', restored: false }, causes: [] }
}

const standingsOf = ({ functions, pace }: Work, { previous }: Deployment, isOurs: IsOurs) =>
  together(Object.entries(previous.functions ?? {}), async ([name, was]) => {
    const alias = await pace.read(() => readAlias(functions, name))
    const standing = await standingOf(name, alias, was, isOurs)
    return { standing, by: standing === 'third' ? await holderOf(functions, pace, name, alias) : '' }
  })
