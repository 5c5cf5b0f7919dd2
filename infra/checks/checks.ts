import { type App, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks } from 'cdk-nag'
import type { IConstruct } from 'constructs'
import type { PolicyDocument } from '../identity/permissions/policy.ts'
import { explained, UNRECORDED } from './acknowledgements.ts'

/** Has synthesis fail on what cdk-nag's AwsSolutions or CloudFormation's own rules find and nobody has explained. */
export const checkTemplates = (app: App): App => {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
  return app
}

/** Acknowledges the wildcards of a policy that are explained; the others fail the synthesis. */
export const explainWildcards = (construct: IConstruct, document: PolicyDocument): void =>
  Validations.of(construct).acknowledge(...explained(document))

/** Acknowledges that `delivery.json` asks for a network without a record of its connections. */
export const explainUnrecorded = (network: IConstruct): void => Validations.of(network).acknowledge(UNRECORDED)
