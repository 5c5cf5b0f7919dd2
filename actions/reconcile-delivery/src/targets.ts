import type { Session } from '../../../lib/aws/session.ts'
import type { Platform, Platforms } from './ports.ts'

/** Loads an adapter only where there is something to look at: most projects use one target. */
const later = <Place>(load: () => Promise<Platform<Place>>): Platform<Place> => ({
  look: async (places) => (places.length === 0 ? [] : (await load()).look(places)),
})

/** What can be asked with the right to read. Hosts are not among it: they answer only to a command, which may not be sent. */
export const platforms = (session: Session): Platforms => ({
  ecs: later(async () => (await import('./targets/ecs.ts')).ecsPlatform(session)),
  lambda: later(async () => (await import('./targets/lambda.ts')).lambdaPlatform(session)),
})
