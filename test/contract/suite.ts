import { ensureEngine } from '../../local/engine/engine.ts'
import { installEmulators } from '../../scripts/emulators.ts'
import { check, type Outcome } from './check.ts'
import { type Difference, differences } from './differences.ts'
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

/** Differences that were seen and are not listed, and listed ones that were not seen. */
export const unexplained = (columns: readonly Column[], listed: readonly Difference[] = differences): string[] => {
  const seen = columns.flatMap(({ subject, outcomes }) =>
    [...outcomes].flatMap(([rule, outcome]) => (outcome.verdict === 'differs' ? [{ subject, rule, ...outcome }] : [])),
  )
  const is = (a: { subject: string; rule: string }) => (b: { subject: string; rule: string }) =>
    a.subject === b.subject && a.rule === b.rule
  return [
    ...seen
      .filter((each) => !listed.some(is(each)))
      .map(({ subject, rule, observed }) => `${subject} differs in ${rule}, which is not listed: ${JSON.stringify(observed)}`),
    ...listed
      .filter((each) => !seen.some(is(each)))
      .map(({ subject, rule }) => `${subject} is listed with ${rule}, and no longer differs`),
  ]
}
