import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Template } from '../../lib/infrastructure/template.ts'

/** One stack of a cloud assembly. */
export type Stack = {
  file: string
  template: Template
  /** `aws://ACCOUNT/REGION`. */
  environment: string
  tags: Readonly<Record<string, string>>
  isProtected: boolean
  /** Its place, where a person deploys it and not the pipeline. */
  administrator?: string
}

/** The stacks of a cloud assembly by name. */
export type Stacks = ReadonlyMap<string, Stack>

type Properties = {
  templateFile: string
  stackName?: string
  tags?: Record<string, string>
  terminationProtection?: boolean
  cloudFormationExecutionRoleArn?: string
}

type Artifact = { type: string; environment?: string; properties?: Properties }

/** The pipeline's name their CloudFormation role; for the others CDK writes that of a bootstrap, which nobody has. */
const administratorOf = ({ tags = {}, cloudFormationExecutionRoleArn = '' }: Properties): Pick<Stack, 'administrator'> => {
  const { 'slipway:project': project, 'slipway:environment': place } = tags
  const isPipelines = cloudFormationExecutionRoleArn.endsWith(`:role/${project}-${place}-cloudformation`)
  return place === undefined || isPipelines ? {} : { administrator: place }
}

/** Reads what `npm run synth` has written; a folder that does not exist has no stacks, as before the first infrastructure. */
export const readStacks = (folder: string): Stacks => {
  if (!existsSync(folder)) return new Map()
  const { artifacts }: { artifacts: Record<string, Artifact> } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))
  return new Map(
    Object.entries(artifacts).flatMap(([id, { type, environment = '', properties }]): [string, Stack][] => {
      if (type !== 'aws:cloudformation:stack' || properties === undefined) return []
      const { templateFile, stackName = id, tags = {}, terminationProtection: isProtected = false } = properties
      const file = join(folder, templateFile)
      const template: Template = JSON.parse(readFileSync(file, 'utf8'))
      return [[stackName, { file, template, environment, tags, isProtected, ...administratorOf(properties) }]]
    }),
  )
}
