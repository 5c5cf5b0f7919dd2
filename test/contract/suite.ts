import { ensureEngine } from '../../local/engine/engine.ts'
import { installEmulators } from '../../scripts/emulators.ts'
import { check, type Outcome } from './check.ts'
import { rules } from './rules.ts'
import type { Subject } from './subject.ts'
import { miniStackSubject, motoSubject } from './subjects/emulators.ts'
import { localSubject } from './subjects/local.ts'
import type { Column } from './table.ts'

const home = new URL('../../.slipway', import.meta.url).pathname

/** Asks a subject every rule, one after another, and closes it. */
const ask = async (subject: Subject, say: (line: string) => void): Promise<ReadonlyMap<string, Outcome>> => {
  const outcomes = new Map<string, Outcome>()
  try {
    for (const rule of rules) {
      const outcome = await check(rule, subject)
      outcomes.set(rule.id, outcome)
      if (outcome.verdict === 'differs') say(`${subject.name} ${rule.id}: ${JSON.stringify(outcome.observed)}`)
    }
  } finally {
    await subject.close()
  }
  return outcomes
}

/** Runs the rules against the local cloud, moto and MiniStack. Needs Python, and root or Docker. */
export const askAll = async (say: (line: string) => void): Promise<Column[]> => {
  const programs = await installEmulators(say)
  const engine = await ensureEngine({ home, say, install: true })
  try {
    const ours = await ask(await localSubject(), say)
    const moto = await ask(await motoSubject(programs), say)
    const miniStack = await ask(await miniStackSubject(programs, engine), say)
    return [
      { name: 'ours', subject: 'local', outcomes: ours },
      { name: 'moto 5.2.5', subject: 'moto', outcomes: moto },
      { name: 'MiniStack 1.5.33', subject: 'MiniStack', outcomes: miniStack },
    ]
  } finally {
    await engine.stop()
  }
}
