import { isNamed } from '../../../../../lib/aws/errors.ts'
import type { LambdaPlace } from '../../place.ts'
import type { Cause } from '../../target.ts'
import { readProvisioned } from './functions.ts'
import type { Health } from './health.ts'
import { Failed, together } from './pace.ts'
import { publishVersion } from './publish.ts'
import type { FunctionReading, Reading } from './read.ts'
import { smokeVersion } from './smoke.ts'
import { moveTraffic, type Ready, whyAtOnce } from './traffic.ts'
import { refusal, updateCode, type Work } from './update.ts'

export type Bringing = {
  work: Work
  reading: Pick<Reading, 'functions' | 'target' | 'architecture'>
  place: Pick<LambdaPlace, 'functions' | 'traffic' | 'alarms'>
  description: string
  health: Health
  /** Told of every function whose code this deployment may have changed. */
  onSent(name: string): void
  /** Told of every version as soon as it is there. */
  onVersion(name: string, version: string): void
  onCause(cause: Cause): void
  onNote(note: string): void
  /** Told of the first failure, so that the others begin nothing further. */
  onFailure(): void
}

/** Metrics have periods of a minute, and are there some time after it has ended. */
const SLOWEST_COUNT = 120_000

/**
 * Brings the image to all functions, together or not at all: no alias moves before the version of every function is ready and
 * has answered its smoke test.
 */
export const bringFunctions = async (bringing: Bringing): Promise<void> => {
  const { work, reading, place, description, onVersion, onNote } = bringing
  const { target, architecture } = reading
  const all = reading.functions.toSorted((one, other) => (one.name < other.name ? -1 : 1))
  const each = <T, R>(items: readonly T[], phase: (item: T) => Promise<R>): Promise<R[]> =>
    together(items, (item) => told(bringing, () => phase(item)), bringing.onFailure)

  const updated = await each(all, ({ name, latest }) =>
    updateCode(work, name, { ...target, architecture }, latest, () => bringing.onSent(name)),
  )
  const ready = await each(
    all.map((found, index) => ({ found, code: updated[index] })),
    async ({ found: { name, alias, serving }, code }): Promise<Ready> => {
      if (code === undefined) throw new Error(`${name} was not updated`)
      const version = await publishVersion(work, name, code, description)
      onVersion(name, version.version)
      const isProvisioned = alias !== undefined && (await isProvisionedAt(work, name))
      return { name, version, alias, serving, isProvisioned }
    },
  )
  await each(ready, async ({ name, version }) => {
    const { smoke } = place.functions.find((each) => each.name === name) ?? {}
    if (smoke !== undefined) await smokeVersion(work, name, version.version, smoke)
  })
  for (const one of ready) {
    const why = one.alias === undefined || (place.traffic ?? []).length > 0 ? whyAtOnce(one) : undefined
    const unwatched = (place.alarms ?? []).length === 0 ? '' : `; the alarms ${place.alarms?.join(', ')} are not looked at`
    if (why !== undefined) onNote(`${why}${unwatched}`)
  }
  const short = (place.traffic ?? []).filter((step) => step.for < SLOWEST_COUNT)
  if (short.length > 0)
    onNote(
      `CloudWatch may count an error ${SLOWEST_COUNT / 60_000} minutes late: steps of ${short.map((step) => `${step.for / 1000} s`).join(', ')} can be over before it does`,
    )
  await told(bringing, () => moveTraffic(work, ready, place.traffic ?? [], bringing.health))
  for (const one of ready) onNote(noteOf(one, all))
}

const noteOf = ({ name, version }: Ready, all: readonly FunctionReading[]): string => {
  const before = all.find((each) => each.name === name)?.alias?.version
  return `${name}: version ${version.version}${before === undefined ? '' : `, before ${before}`}`
}

/** Not allowed to know is an answer of AWS: it is known before any traffic is moved. */
const isProvisionedAt = async ({ functions, pace }: Work, name: string): Promise<boolean> => {
  const provisioned = pace
    .read(() => readProvisioned(functions, name, functions.alias))
    .catch((error: Error) => {
      throw isNamed(error, 'AccessDeniedException') ? refusal(name, error) : error
    })
  return (await provisioned) !== undefined
}

const told = async <T>({ onCause }: Pick<Bringing, 'onCause'>, work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Failed) onCause(error.trouble)
    throw error
  }
}
