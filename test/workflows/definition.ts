import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

export type Access = 'read' | 'write' | 'none'
export type Grants = Record<string, Access>

export type Job = {
  name?: string
  needs?: string | string[]
  if?: string
  uses?: string
  with?: Record<string, unknown>
  permissions?: Grants
  environment?: string | { name: string }
  outputs?: Record<string, string>
  strategy?: object
  steps?: object[]
}

export type Input = { default?: unknown; required?: boolean; type?: string; options?: string[] }

/** A workflow file, as far as the harness has to know it. */
export type Definition = {
  file: string
  name: string
  permissions?: Grants
  jobs: Record<string, Job>
  on: {
    workflow_dispatch?: { inputs?: Record<string, Input> } | null
    workflow_call?: { inputs?: Record<string, Input>; outputs?: Record<string, { value: string }> } | null
    [event: string]: unknown
  }
}

const ofEvents = (on: unknown): Definition['on'] => {
  if (typeof on === 'string') return { [on]: null }
  return Array.isArray(on) ? Object.fromEntries(on.map((event: string) => [event, null])) : (on as Definition['on'])
}

/** All workflow files of a folder, by their names. */
export const readDefinitions = (folder: string): Map<string, Definition> =>
  new Map(
    readdirSync(folder)
      .filter((file) => file.endsWith('.yml'))
      .map((file) => {
        const read = parse(readFileSync(join(folder, file), 'utf8'))
        return [file, { ...read, file, name: read.name ?? file, on: ofEvents(read.on) }]
      }),
  )

export const needsOf = ({ needs = [] }: Job): string[] => [needs].flat()

/** The name that act gives a job in its log, before expressions in it are evaluated. */
export const titleOf = (id: string, { name }: Job): string => name ?? id

/** `./.github/workflows/_plan.yml` → `_plan.yml`; undefined for a job with steps. */
export const calledFile = ({ uses }: Job): string | undefined => uses?.replace('./.github/workflows/', '')
