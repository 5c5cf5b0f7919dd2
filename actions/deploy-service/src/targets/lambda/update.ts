import { UpdateFunctionCodeCommand } from '@aws-sdk/client-lambda'
import { call, isNamed, isPassing } from '../../../../../lib/aws/errors.ts'
import type { Cause, TargetTools } from '../../target.ts'
import { type Code, type Functions, readCode } from './functions.ts'
import { Failed, type Pace, Superseded } from './pace.ts'
import { type About, causeOf, causeOfRefusal, isPassingCode, reasonCode } from './reasons.ts'
import { isBusy, isSound, stateOf, versionName } from './state.ts'

/** One deployment at work. */
export type Work = { functions: Functions; pace: Pace; tools: TargetTools }

/** The image that a function gets, and the architecture that it has. */
export type Target = { image: string; digest: string; architecture: string }

const ATTEMPTS = 5

/** Waits until nothing is under way in `$LATEST`, whoever began it. */
export const idle = async ({ functions, pace, tools }: Work, name: string): Promise<Code> => {
  let said = false
  for (;;) {
    const code = await pace.read(() => readCode(functions, name))
    if (!isBusy(code)) return code
    if (!said) tools.log.info(`  ${name}: waiting for the update that is under way`)
    said = true
    await pace.pause()
  }
}

/** Whether a refused or unanswered write is decided by looking again: revision changed, busy, or no answer. */
export const isOpen = (error: unknown): boolean =>
  isPassing(error) || isNamed(error, 'PreconditionFailedException', 'ResourceConflictException')

/**
 * Brings `$LATEST` to an image and waits until that has ended. `known` is what was there when this was decided.
 * Each write names the revision that was read before it, so that one whose answer got lost cannot be applied twice, and what
 * was read decides whether it is sent again. An update that had failed before, or whose image is gone, is no obstacle: the new
 * image is the cure. `onSent` is told as soon as an update of ours may have been applied.
 */
export const updateCode = async (work: Work, name: string, target: Target, known: Code, onSent: () => void): Promise<Code> => {
  const { functions, tools } = work
  let sentWith: string | undefined
  let again = true
  let isApplied = false
  for (let attempt = 1; ; attempt += 1) {
    const latest = attempt === 1 && !isBusy(known) ? known : await idle(work, name)
    if (latest.digest === target.digest && isSound(latest)) return latest
    if (latest.digest !== known.digest && latest.digest !== target.digest) throw new Superseded(changeOf(name, latest))
    isApplied ||= latest.digest === target.digest && sentWith !== undefined && sentWith !== latest.revisionId
    if (isApplied && latest.digest === target.digest && latest.update !== 'Failed') {
      // Whatever state that is, the image was accepted: it is not sent again.
      tools.log.info(`  ${name}: waiting, ${stateOf(latest)}`)
      await work.pace.pause()
      attempt -= 1
      continue
    }
    if (sentWith !== undefined && sentWith !== latest.revisionId && latest.update === 'Failed') {
      const cause = causeOf(name, latest, aboutOf(latest, target.image))
      if (!again || !isPassingCode(reasonCode(latest))) throw new Failed(cause)
      again = false
      tools.log.info(`  ${cause.reason}; sending it once more`)
    }
    if (attempt > ATTEMPTS) throw new Failed(causeOfNothing(name, 'lambda:UpdateFunctionCode', attempt - 1))
    work.pace.check()
    const command = new UpdateFunctionCodeCommand({
      FunctionName: name,
      ImageUri: target.image,
      Architectures: [target.architecture === 'arm64' ? 'arm64' : 'x86_64'],
      RevisionId: latest.revisionId,
      Publish: false,
    })
    sentWith = latest.revisionId
    try {
      await call('lambda:UpdateFunctionCode', () => functions.once.send(command))
      onSent()
      isApplied = true
      tools.log.info(`  ${name}: the image is being updated`)
    } catch (error) {
      if (isPassing(error)) onSent()
      if (!isOpen(error)) throw refusal(name, error, aboutOf(latest, target.image))
      if (!isPassing(error)) sentWith = undefined
      tools.log.info(`  ${(error as Error).message}; looking at what there is`)
    }
    await work.pace.pause()
  }
}

/** What AWS decided about a write is a cause; credentials that have expired say nothing about the function. */
export const refusal = (name: string, error: unknown, about?: About): Error => {
  const { message } = error as Error
  return isOfCaller(error) ? (error as Error) : new Failed(causeOfRefusal(name, message, about), { cause: error })
}

/** Nothing that this process asks for is answered any more: another one, with credentials of its own, has to finish. */
export const isOfCaller = (error: unknown): boolean =>
  /Expired|InvalidToken|InvalidClientToken|UnrecognizedClient|LeaseLost/.test((error as Error).name)

export const causeOfNothing = (name: string, operation: string, attempts: number): Cause => ({
  reason: `${name}: ${operation} was sent ${attempts} times and none was seen to be applied`,
  count: 1,
  container: name,
})

export const aboutOf = ({ configuration }: Code, image: string): About => ({
  arn: (configuration.FunctionArn ?? '').replace(/(:function:[^:]+):.*$/, '$1'),
  image: image.replace(/@.*$/, ''),
})

/** `$LATEST` names nobody; what it was changed to is all that is known. */
export const changeOf = (name: string, latest: Code): string =>
  `an update of ${versionName(name, latest.version)} to ${latest.digest} (revision ${latest.revisionId})`
