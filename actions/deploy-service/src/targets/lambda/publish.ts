import { PublishVersionCommand } from '@aws-sdk/client-lambda'
import { call, isNamed } from '../../../../../lib/aws/errors.ts'
import { type Code, codeOf, readCode } from './functions.ts'
import { Failed, Superseded } from './pace.ts'
import { causeOf } from './reasons.ts'
import { stateOf, versionName } from './state.ts'
import { aboutOf, causeOfNothing, changeOf, idle, isOpen, refusal, type Work } from './update.ts'

const ATTEMPTS = 5

/**
 * Publishes `$LATEST` if it still is what this deployment made it, and waits until the version is ready. Sent again it answers
 * with the version that is there, as nothing was changed since: so an answer that got lost leaves no second version.
 */
export const publishVersion = async (work: Work, name: string, updated: Code, description: string): Promise<Code> => {
  const { functions, pace, tools } = work
  const { digest } = updated
  let latest = updated
  for (let attempt = 1; ; attempt += 1) {
    if (latest.digest !== digest) throw new Superseded(changeOf(name, latest))
    if (latest.update === 'Failed') throw new Failed(causeOf(name, latest, aboutOf(latest, updated.image)))
    if (attempt > ATTEMPTS) throw new Failed(causeOfNothing(name, 'lambda:PublishVersion', attempt - 1))
    pace.check()
    const command = new PublishVersionCommand({
      FunctionName: name,
      CodeSha256: digest.replace('sha256:', ''),
      RevisionId: latest.revisionId,
      Description: description,
    })
    try {
      const version = codeOf(await call('lambda:PublishVersion', () => functions.once.send(command)))
      if (version.digest !== digest) throw new Superseded(`version ${version.version} of ${name}, which holds ${version.digest}`)
      tools.log.info(`  ${name}: published as version ${version.version}`)
      return await active(work, name, version)
    } catch (error) {
      if (!isOpen(error) && !isOtherCode(error)) throw ofOurs(error) ?? refusal(name, error, aboutOf(latest, updated.image))
      tools.log.info(`  ${(error as Error).message}; looking at what there is`)
      await pace.pause()
      latest = await idle(work, name)
    }
  }
}

/** What the guard by `CodeSha256` is answered with: 400, not 412. */
const isOtherCode = (error: unknown): boolean =>
  isNamed(error, 'InvalidParameterValueException') && /CodeSHA256/i.test((error as Error).message)

const ofOurs = (error: unknown): Error | undefined =>
  error instanceof Error && ['Superseded', 'Failed', 'Stopped'].includes(error.name) ? error : undefined

/** A version that is new is pending at first. */
const active = async ({ functions, pace, tools }: Work, name: string, published: Code): Promise<Code> => {
  for (let version = published; ; ) {
    if (version.state === 'Active' || version.state === 'Inactive') return version
    if (version.state === 'Failed' || version.update === 'Failed')
      throw new Failed(causeOf(name, version, aboutOf(version, version.image)))
    if (version.state !== 'Pending') tools.log.info(`  ${versionName(name, version.version)}: waiting, ${stateOf(version)}`)
    await pace.pause()
    version = await pace.read(() => readCode(functions, name, published.version))
  }
}
