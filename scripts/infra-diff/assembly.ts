import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Template } from '../../lib/infrastructure/template.ts'

/** The stacks of a cloud assembly by name, each with its template. */
export type Stacks = ReadonlyMap<string, { file: string; template: Template }>

type Artifact = { type: string; properties?: { templateFile: string; stackName?: string } }

/** Reads what `npm run synth` has written; a folder that does not exist has no stacks, as before the first infrastructure. */
export const readStacks = (folder: string): Stacks => {
  if (!existsSync(folder)) return new Map()
  const { artifacts }: { artifacts: Record<string, Artifact> } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))
  return new Map(
    Object.entries(artifacts).flatMap(([id, { type, properties }]) => {
      if (type !== 'aws:cloudformation:stack' || properties === undefined) return []
      const file = join(folder, properties.templateFile)
      return [[properties.stackName ?? id, { file, template: JSON.parse(readFileSync(file, 'utf8')) }]]
    }),
  )
}
