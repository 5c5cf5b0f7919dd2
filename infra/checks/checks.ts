import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type App, CloudFormationValidatePlugin, type IPolicyValidationPlugin, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks } from 'cdk-nag'
import type { IConstruct } from 'constructs'
import type { PolicyDocument } from '../identity/permissions/policy.ts'
import { explained, OPEN, PUBLIC_ROUTE, QUIET_GROUP, UNRECORDED } from './acknowledgements.ts'
import { wholeTemplates } from './whole-template.ts'

const folder = join(import.meta.dirname, 'rules')

/** Made once a process: its engine takes half a second to start. It is CloudFormation's own rules, and ours beside them. */
const cloudFormation = new CloudFormationValidatePlugin({
  guardRules: readdirSync(folder).map((name) => ({ name, content: readFileSync(join(folder, name), 'utf8') })),
}) as IPolicyValidationPlugin

/** Has synthesis fail on what cdk-nag's AwsSolutions, CloudFormation's rules or our own find and nobody has explained. */
export const checkTemplates = (app: App): App => {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), cloudFormation, wholeTemplates)
  return app
}

/** Acknowledges the wildcards of a policy that are explained; the others fail the synthesis. */
export const explainWildcards = (construct: IConstruct, document: PolicyDocument): void =>
  Validations.of(construct).acknowledge(...explained(document))

/** Acknowledges that `delivery.json` asks for a network without a record of its connections. */
export const explainUnrecorded = (network: IConstruct): void => Validations.of(network).acknowledge(UNRECORDED)

/** Acknowledges that `delivery.json` asks for a route which everybody may call. */
export const explainPublic = (route: IConstruct): void => Validations.of(route).acknowledge(PUBLIC_ROUTE)

/** Acknowledges that a service of hosts is there for everybody. */
export const explainOpen = (group: IConstruct): void => Validations.of(group).acknowledge(OPEN)

/** Acknowledges that an Auto Scaling group notifies nobody. */
export const explainQuietGroup = (group: IConstruct): void => Validations.of(group).acknowledge(QUIET_GROUP)

/** Acknowledges findings whose reasons are in `acknowledgements.ts`. */
export const explain = (construct: IConstruct, ...found: { id: string; reason: string }[]): void =>
  Validations.of(construct).acknowledge(...found)
