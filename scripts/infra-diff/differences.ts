import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { broadenings } from '../../lib/infrastructure/broadening.ts'
import type { Stack, Stacks } from './assembly.ts'
import { settingsChanged } from './settings.ts'

/** What `cdk diff` says of one stack. */
export type StackDiff = { text: string; destructive: string[] }

/** What a pull request changes of the stacks, as far as it can be said without asking AWS. */
export type Report = {
  stacks: { name: string; kind: 'added' | 'removed' | 'changed' }[]
  /** Where something is allowed that was not, a line each. */
  broadening: string[]
  /** What CloudFormation would delete or replace, a line each. */
  destructive: string[]
  /** Of both lists before they are cut. */
  digests: { broadening: string; destructive: string }
  /** Places of which a stack changes that a person deploys. */
  administrators: string[]
  diff: string
}

/**
 * GitHub takes 65,536 characters in a comment, and Linux 131,072 bytes in a variable of a process. The lists come before the diff,
 * because they decide.
 */
export const MOST_CHARACTERS = 50_000
const MOST_FINDINGS = 40
const LONGEST_FINDING = 300

/** Compares two assemblies. `diffOf` is asked for stacks that are new or whose template has changed. */
export const differences = async (
  before: Stacks,
  after: Stacks,
  diffOf: (name: string) => Promise<StackDiff>,
): Promise<Report> => {
  const names = [...new Set([...before.keys(), ...after.keys()])].toSorted()
  const changed = names.filter((name) => !isSame(before.get(name), after.get(name)))
  const stacks = changed.map((name) => ({ name, kind: kindOf(name, before, after) }))
  const texts: string[] = []
  const broadening: string[] = []
  const destructive: string[] = []
  for (const { name, kind } of stacks) {
    const [old, now] = [before.get(name), after.get(name)]
    if (kind === 'removed' || now === undefined) {
      destructive.push(`${name}: the stack is no longer part of the app; it stays in AWS until somebody deletes it there`)
      continue
    }
    const settings = old === undefined ? undefined : settingsChanged(name, old, now)
    destructive.push(...(settings?.destructive ?? []))
    if (settings !== undefined && settings.lines.length > 0) texts.push([`Stack ${name}`, ...settings.lines].join('\n'))
    if (isDeepStrictEqual(old?.template, now.template)) continue
    const found = broadenings(old?.template, now.template)
    broadening.push(...found.map(({ id, type, what }) => `${name}: ${id} (${type}) ${what}`))
    const diff = await diffOf(name)
    destructive.push(...diff.destructive)
    texts.push(diff.text)
  }
  return {
    stacks,
    broadening: listed(broadening),
    destructive: listed(destructive),
    administrators: [...new Set(changed.flatMap((name) => after.get(name)?.administrator ?? []))],
    digests: { broadening: digestOf(broadening), destructive: digestOf(destructive) },
    diff: cut(texts.join('\n\n')),
  }
}

const isSame = (one: Stack | undefined, other: Stack | undefined): boolean => {
  const [before, after] = [one, other].map((stack) => stack && { ...stack, file: undefined })
  return isDeepStrictEqual(before, after)
}

const kindOf = (name: string, before: Stacks, after: Stacks): Report['stacks'][number]['kind'] => {
  if (!after.has(name)) return 'removed'
  return before.has(name) ? 'changed' : 'added'
}

const digestOf = (findings: string[]): string => createHash('sha256').update(JSON.stringify(findings)).digest('hex')

const listed = (findings: string[]): string[] => {
  const rest = findings.length - MOST_FINDINGS
  const shown = findings.slice(0, MOST_FINDINGS).map((line) => line.slice(0, LONGEST_FINDING))
  return rest > 0 ? [...shown, `and ${rest} more`] : shown
}

const cut = (text: string): string =>
  text.length <= MOST_CHARACTERS
    ? text
    : `${text.slice(0, MOST_CHARACTERS)}\n… cut here; the whole is in the log of the job that made it`
