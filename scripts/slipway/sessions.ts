import { isNamed } from '../../lib/aws/errors.ts'
import { openSession, type Session } from '../../lib/aws/session.ts'
import type { Configuration } from '../../lib/delivery/configuration.ts'
import { REGISTRY } from '../../lib/delivery/names.ts'
import { nearest } from '../../lib/delivery/nearest.ts'
import { Refusal } from '../../lib/refusal.ts'
import { systemClock } from '../../lib/runner/clock.ts'
import { type Profiles, UsageError } from './arguments.ts'

/** Milliseconds after which one request is given up. */
const REQUEST_TIMEOUT = 15_000

/** An environment of the configuration, or `registry`. */
type Place = { name: string; account: string; region: string }

/** Opens the identity of this laptop for a place: its profile, else the SDK's default credential chain. */
export const openPlace = async ({ name, account, region }: Place, profiles: Profiles): Promise<Session> => {
  const session = await openSession({
    account,
    region,
    profile: profiles.places[name] ?? profiles.otherwise,
    sessionName: 'slipway-by-hand',
    requestTimeout: REQUEST_TIMEOUT,
    idToken: () => Promise.reject(new Error('a laptop has no OIDC token')),
    now: systemClock.now,
  })
  const explained = (cause: Error): never => {
    if (!(cause instanceof Refusal) && !isNamed(cause, 'CredentialsProviderError')) throw cause
    const [what = ''] = cause.message.split(/; nothing was changed/)
    throw new Refusal(`${what}; name the profile for account ${account}: --profile ${name}=NAME`, { cause })
  }
  return { ...session, guard: () => session.guard().catch(explained) }
}

/** A misspelt environment would silently use the default identity. */
export const checkProfiles = ({ places }: Profiles, { environments }: Pick<Configuration, 'environments'>): void => {
  const known = [...Object.keys(environments), REGISTRY]
  const unknown = Object.keys(places).find((place) => !known.includes(place))
  if (unknown === undefined) return
  const meant = nearest(unknown, known)
  throw new UsageError(
    `--profile ${unknown}=… names no environment (${known.join(', ')})${meant === undefined ? '' : `; was '${meant}' meant?`}`,
  )
}
