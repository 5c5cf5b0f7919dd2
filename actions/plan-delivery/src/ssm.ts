import { parameterHistory, readParameters } from '../../../lib/aws/parameters.ts'
import type { Session } from '../../../lib/aws/session.ts'
import { parseHold, parseRelease, readInfrastructure, releaseHistory } from '../../../lib/delivery/records.ts'
import type { Ledger } from './ports.ts'

export const ssmLedger = (session: Session): Ledger => ({
  guard: () => session.guard(),
  releases: async (parameter) =>
    releaseHistory(await parameterHistory(session, parameter), parameter).map(({ release }) => release),
  standing: async (names, images) => {
    const found = await readParameters(session, [names.release, names.hold, names.infra, ...images])
    const [release, held] = [found.get(names.release), found.get(names.hold)]
    const hold = held === undefined ? undefined : parseHold(held, names.hold)
    const infra = readInfrastructure(found.get(names.infra))
    return {
      ...(release !== undefined && { release: parseRelease(release, names.release) }),
      ...(hold && { hold }),
      ...(infra && { infra }),
      missing: images.filter((name) => !found.has(name)),
    }
  },
})
