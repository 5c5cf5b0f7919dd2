import { type Grant, grantsOf, isCovered } from './grants.ts'
import type { Template } from './template.ts'

/** Something that somebody may do by a template who might not by the one before. */
export type Broadening = {
  /** Logical id and type of the resource that says so. */
  id: string
  type: string
  /** In words, on one line. */
  what: string
  /** The resource itself is new. */
  isNew: boolean
}

/**
 * Where a template lets more through than the one before: permissions, principals, boundaries that are gone, security groups,
 * routes without authorization. Without one before everything counts. What is reached by a value that only CloudFormation knows
 * is compared as text, and so is a list of exceptions (`NotResource`), of which every change is a finding.
 */
export const broadenings = (before: Template | undefined, after: Template): Broadening[] =>
  Object.entries(after.Resources).flatMap(([id, resource]) => {
    const was = before?.Resources[id]
    const old: Grant[] = was === undefined || was.Type !== resource.Type ? [] : grantsOf(was)
    const now = grantsOf(resource)
    const more = now.filter((grant) => grant.effect !== 'deny' && !old.some((known) => isCovered(grant, known)))
    const undenied = old.filter((grant) => grant.effect === 'deny' && !now.some((known) => isSame(grant, known)))
    const entry = (what: string): Broadening => ({ id, type: resource.Type, what, isNew: was === undefined })
    return [...more.map(({ words }) => entry(words)), ...undenied.map(({ words }) => entry(`no longer ${words}`))]
  })

const isSame = (one: Grant, other: Grant): boolean => one.words === other.words && one.effect === other.effect
