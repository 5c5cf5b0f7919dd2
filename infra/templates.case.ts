import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Configuration } from '../lib/delivery/configuration.ts'
import { COST_TAG } from '../lib/delivery/names.ts'
import { deliveryApp } from './delivery.ts'

/** As the `cdk` command hands it over. */
const { context } = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'cdk.json'), 'utf8'))

export type Resource = { Type: string; DeletionPolicy?: string; Properties: Record<string, unknown> }

export type SynthesisedStack = {
  name: string
  /** Environment, or `registry`; as its tag says. */
  place: string
  account: string
  region: string
  terminationProtection: boolean
  /** Whether somebody would have to look something up, or to upload something, before it can be deployed. */
  asks: boolean
  resources: Record<string, Resource>
  outputs: Record<string, object>
  text: string
}

/** The stacks of a configuration as CloudFormation gets them, made once a process. Throws where a check finds something. */
export const synthesise = (configuration: Configuration): SynthesisedStack[] => {
  const key = JSON.stringify(configuration)
  const stacks = known.get(key) ?? templates(configuration)
  known.set(key, stacks)
  return stacks
}

const known = new Map<string, SynthesisedStack[]>()

const templates = (configuration: Configuration): SynthesisedStack[] => {
  const outdir = mkdtempSync(join(tmpdir(), 'infra-'))
  try {
    const assembly = deliveryApp(configuration, { outdir, context }).synth()
    const missing = assembly.manifest.missing ?? []
    return assembly.stacks.map(({ stackName, environment, terminationProtection = false, tags, template, assets }) => ({
      name: stackName,
      asks: missing.length > 0 || assets.length > 0,
      place: tags[COST_TAG] ?? '',
      account: environment.account,
      region: environment.region,
      terminationProtection,
      resources: template.Resources,
      outputs: template.Outputs ?? {},
      text: JSON.stringify(template),
    }))
  } finally {
    rmSync(outdir, { recursive: true, force: true })
  }
}

type Found = { stack: SynthesisedStack; id: string; resource: Resource }

/** All resources of a type, with the stack that has them. */
export const ofType = (stacks: readonly SynthesisedStack[], type: string): Found[] =>
  stacks.flatMap((stack) =>
    Object.entries(stack.resources)
      .filter(([, { Type }]) => Type === type)
      .map(([id, resource]) => ({ stack, id, resource })),
  )
