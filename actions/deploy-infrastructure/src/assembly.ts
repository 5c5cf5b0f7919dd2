import { createHash } from 'node:crypto'
import { COST_TAG } from '../../../lib/delivery/names.ts'
import { lookups, publications, type Template } from '../../../lib/infrastructure/template.ts'
import { Refusal } from '../../../lib/refusal.ts'
import type { WantedStack } from './stack.ts'

/** Bytes of a template that a request may carry (CreateChangeSet, TemplateBody). */
const MOST_BYTES = 51_200

/** Where the stacks belong, as `delivery.json` says. */
export type Place = { environment: string; account: string; regions: readonly string[]; role: string }

export type Assembly = {
  /** Of the environment, deployed by this action. */
  stacks: WantedStack[]
  /** Names of every stack in the assembly. */
  known: string[]
}

type Artifact = {
  type: string
  environment?: string
  properties?: {
    templateFile: string
    stackName?: string
    terminationProtection?: boolean
    tags?: Record<string, string>
    cloudFormationExecutionRoleArn?: string
  }
}

/** Reads what `npm run synth` has written. `read` takes a name in the folder of the assembly. */
export const readAssembly = async (read: (file: string) => Promise<string>, place: Place): Promise<Assembly> => {
  const artifacts = Object.entries(parseManifest(await read('manifest.json')))
    .filter(([, { type }]) => type === 'aws:cloudformation:stack')
    .map(([id, { environment = '', properties }]) => ({ id, environment, properties: properties ?? { templateFile: '' } }))
  const here = artifacts.filter(({ properties }) => properties.tags?.[COST_TAG] === place.environment)
  if (here.length === 0)
    throw new Refusal(
      `the cloud assembly has nothing for the environment ${place.environment}: run npm run synth with the delivery.json of this commit`,
    )
  // Stacks of the administrator name another role.
  const ours = here.filter(({ properties }) => properties.cloudFormationExecutionRoleArn === place.role)
  const stacks = await Promise.all(
    ours.map(async ({ id, environment, properties }) => {
      const name = properties.stackName ?? id
      const region = regionOf(name, environment, place)
      const { tags = {}, terminationProtection: protect = false, templateFile } = properties
      const template = parseTemplate(name, await read(templateFile))
      return wanted({ name, region, template, tags, protect, role: place.role })
    }),
  )
  return { stacks, known: artifacts.map(({ id, properties }) => properties.stackName ?? id) }
}

const wanted = (stack: Pick<WantedStack, 'name' | 'region' | 'template' | 'tags' | 'protect' | 'role'>): WantedStack => {
  const { name, template, tags, protect } = stack
  const body = JSON.stringify(template)
  const size = Buffer.byteLength(body)
  if (size > MOST_BYTES)
    throw new Refusal(
      `the template of ${name} has ${size} bytes, CloudFormation takes ${MOST_BYTES} in a request; part the stack`,
    )
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([body, Object.entries(tags).toSorted(), protect]))
    .digest('hex')
  return { ...stack, body, fingerprint, lookups: lookups(template), publishes: publications(template) }
}

const parseManifest = (text: string): Record<string, Artifact> => {
  try {
    const { artifacts } = JSON.parse(text)
    if (typeof artifacts === 'object' && artifacts !== null) return artifacts
  } catch {}
  throw new Refusal('manifest.json of the cloud assembly cannot be read: run npm run synth again')
}

const parseTemplate = (name: string, text: string): Template => {
  try {
    const template = JSON.parse(text)
    if (typeof template.Resources === 'object' && template.Resources !== null) return template
  } catch {}
  throw new Refusal(`the template of ${name} in the cloud assembly cannot be read: run npm run synth again`)
}

const regionOf = (name: string, environment: string, { account, regions }: Place): string => {
  const region = regions.find((each) => environment === `aws://${account}/${each}`)
  if (region !== undefined) return region
  throw new Refusal(
    `the cloud assembly puts ${name} into ${environment}, delivery.json says aws://${account}/${regions[0]}: run npm run synth with the delivery.json of this commit`,
  )
}
