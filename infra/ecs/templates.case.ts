import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App } from 'aws-cdk-lib'
import type { Configuration } from '../../lib/delivery/configuration.ts'
import { isProtected } from '../../lib/delivery/protect.ts'
import type { Resource } from '../templates.case.ts'
import { ecsStacks } from './stacks.ts'

export type Made = {
  Resources: Record<string, Resource & { Condition?: string; DependsOn?: string[] }>
  Parameters: Record<string, { Type: string; Default: string }>
  Conditions?: Record<string, unknown>
}

export type Templates = {
  /** `dev-cluster`, `prod-service-api`. */
  names: string[]
  /** What was said aloud, with its stack. */
  warnings: string[]
  template: (name: string) => Made
  /** Properties of a resource by its id in the template. */
  properties: (name: string, id: string) => Record<string, unknown>
}

/** The stacks of ECS alone, without the checks of all templates. */
export const ecsTemplates = (configuration: Configuration): Templates => {
  const outdir = mkdtempSync(join(tmpdir(), 'infra-ecs-'))
  try {
    const app = new App({ outdir, analyticsReporting: false })
    for (const [place, environment] of Object.entries(configuration.environments)) {
      const { account, region } = environment
      ecsStacks(app, { configuration, environment, place, account, region, protect: isProtected(configuration, place) })
    }
    const { stacks } = app.synth()
    const made = new Map<string, Made>(stacks.map(({ stackName, template }) => [stackName.replace('shop-', ''), template]))
    const template = (name: string): Made => {
      const found = made.get(name)
      if (found === undefined) throw new Error(`no stack ${name}, there are ${[...made.keys()].join(', ')}`)
      return found
    }
    const properties = (name: string, id: string): Record<string, unknown> => {
      const found = template(name).Resources[id]
      if (found === undefined)
        throw new Error(`no ${id} in ${name}, there are ${Object.keys(template(name).Resources).join(', ')}`)
      return found.Properties
    }
    const warnings = stacks.flatMap(({ stackName, messages }) =>
      messages.filter(({ level }) => level === 'warning').map(({ entry }) => `${stackName}: ${entry.data}`),
    )
    return { names: [...made.keys()].toSorted(), warnings, template, properties }
  } finally {
    rmSync(outdir, { recursive: true, force: true })
  }
}
