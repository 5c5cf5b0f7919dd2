import { CreateAliasCommand, UpdateAliasCommand } from '@aws-sdk/client-lambda'
import { call, isNamed, isPassing } from '../../../../../lib/aws/errors.ts'
import { type Alias, type Functions, type Routing, readAlias, readCode, sameRouting } from './functions.ts'
import { Failed, type Pace, Superseded } from './pace.ts'
import { versionName } from './state.ts'
import { causeOfNothing, refusal, type Work } from './update.ts'

const ATTEMPTS = 5

/**
 * Has the alias point elsewhere, if it still points where `from` says; without `from` it is made. Weights are always sent:
 * left out they would stay. Resolves to the alias as it is then; rejects with `Superseded` where somebody else moved it.
 */
export const moveAlias = async (work: Work, name: string, from: Alias | undefined, to: Routing): Promise<Alias> => {
  const { functions, pace, tools } = work
  let revisionId = from?.revisionId
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await sendAlias(functions, name, to, revisionId)
    } catch (error) {
      if (!isUndecided(error)) throw refusal(name, error)
      tools.log.info(`  ${(error as Error).message}; looking at what there is`)
      const now = await pace.read(() => readAlias(functions, name))
      if (now && sameRouting(now, to)) return now
      if (!sameRouting(now, from)) throw new Superseded(await holderOf(functions, pace, name, now))
      if (attempt === ATTEMPTS)
        throw new Failed(causeOfNothing(name, from === undefined ? 'lambda:CreateAlias' : 'lambda:UpdateAlias', attempt))
      revisionId = now?.revisionId
      // A version that was just published may not be known everywhere yet.
      await pace.pause(attempt * 500)
    }
  }
}

const isUndecided = (error: unknown): boolean =>
  isPassing(error) || isNamed(error, 'PreconditionFailedException', 'ResourceConflictException', 'ResourceNotFoundException')

/** One request, sent once. */
const sendAlias = async (
  { once, alias }: Pick<Functions, 'once' | 'alias'>,
  name: string,
  { version, weights }: Routing,
  revisionId: string | undefined,
): Promise<Alias> => {
  const wanted = {
    FunctionName: name,
    Name: alias,
    FunctionVersion: version,
    RoutingConfig: { AdditionalVersionWeights: weights },
  }
  const answer =
    revisionId === undefined
      ? await call('lambda:CreateAlias', () => once.send(new CreateAliasCommand(wanted)))
      : await call('lambda:UpdateAlias', () => once.send(new UpdateAliasCommand({ ...wanted, RevisionId: revisionId })))
  return { version, weights, revisionId: answer.RevisionId ?? '' }
}

/** What an alias points to, and who says so: the description of a version tells of the run that published it. */
export const holderOf = async (functions: Functions, pace: Pick<Pace, 'read'>, name: string, now: Alias | undefined) => {
  if (now === undefined) return `the deletion of the alias '${functions.alias}' of ${name}`
  const shares = Object.entries(now.weights).map(([version, weight]) => ` with ${percent(weight)} on ${version}`)
  const newest = Object.keys(now.weights)[0] ?? now.version
  const described = await pace
    .read(() => readCode(functions, name, newest))
    .then(({ configuration }) => configuration.Description ?? '')
    .catch(() => '')
  return `${versionName(name, now.version)}${shares.join('')} (${described === '' ? `revision ${now.revisionId}` : described})`
}

export const percent = (weight: number): string => `${Math.round(weight * 1000) / 10} %`
