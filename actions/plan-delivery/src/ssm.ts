import { parameterHistory, readParameters } from '../../../lib/aws/parameters.ts'
import type { Session } from '../../../lib/aws/session.ts'
import { parseHold, parseRelease, releaseHistory } from '../../../lib/delivery/records.ts'
import type { Ledger } from './ports.ts'

export const ssmLedger = (session: Session): Ledger => ({
  guard: () => session.guard(),
  releases: async (parameter) =>
    releaseHistory(await parameterHistory(session, parameter), parameter).map(({ release }) => release),
  standing: async (names, images) => {
    const found = await readParameters(session, [names.release, names.hold, ...images])
    const [release, held] = [found.get(names.release), found.get(names.hold)]
    const hold = held === undefined ? undefined : parseHold(held, names.hold)
    return {
      ...(release !== undefined && { release: parseRelease(release, names.release) }),
      ...(hold && { hold }),
      missing: images.filter((name) => !found.has(name)),
    }
  },
})
