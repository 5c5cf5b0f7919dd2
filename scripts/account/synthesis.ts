import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deliveryApp } from '../../infra/delivery.ts'
import type { Configuration } from '../../lib/delivery/configuration.ts'
import { COST_TAG, infrastructureNames, roleArn } from '../../lib/delivery/names.ts'

export type Resource = { Type: string; DeletionPolicy?: string; Properties?: Record<string, unknown> }

/** A stack of the project, as CloudFormation gets it. */
export type SynthesisedStack = {
  name: string
  /** Environment of `delivery.json`, or `registry`. */
  place: string
  account: string
  region: string
  /** A person deploys it; the others are the pipeline's. */
  isAdministrators: boolean
  terminationProtection: boolean
  tags: Record<string, string>
  template: string
  resources: Record<string, Resource>
}

/**
 * All stacks of a configuration, each after those that it needs. Asks AWS nothing; takes some seconds, because every template
 * is checked on the way. Throws where a check finds something.
 */
export const synthesise = (configuration: Configuration): SynthesisedStack[] => {
  const outdir = mkdtempSync(join(tmpdir(), 'slipway-templates-'))
  try {
    const { stacks } = deliveryApp(configuration, { outdir, context: context() }).synth()
    return stacks.map(
      ({ stackName, environment, terminationProtection = false, tags, template, cloudFormationExecutionRoleArn }) => {
        const place = tags[COST_TAG] ?? ''
        // Where a stack names no role, CDK writes that of a bootstrap, which nobody has.
        const pipelines = roleArn(environment, infrastructureNames(configuration.project, place).cloudFormation)
        return {
          name: stackName,
          place,
          account: environment.account,
          region: environment.region,
          isAdministrators: cloudFormationExecutionRoleArn !== pipelines,
          terminationProtection,
          tags,
          template: JSON.stringify(template),
          resources: template.Resources,
        }
      },
    )
  } finally {
    rmSync(outdir, { recursive: true, force: true })
  }
}

/** Writes the cloud assembly of a configuration into a folder, as `npm run synth` does. */
export const writeAssembly = (configuration: Configuration, outdir: string): void => {
  deliveryApp(configuration, { outdir, context: context() }).synth()
}

/** As the `cdk` command hands it over. */
const context = (): Record<string, unknown> =>
  JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'cdk.json'), 'utf8')).context
