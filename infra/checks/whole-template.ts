import { readFileSync } from 'node:fs'
import type { IPolicyValidationContext, IPolicyValidationPlugin, PolicyValidationPluginReport } from 'aws-cdk-lib'

/** The most that CloudFormation takes of a template that is sent with the request, in bytes (CloudFormation quotas). */
const REQUEST = 51_200

/** What is wrong with a template as a whole, by rule, in the user's words. */
export const faultsOf = (template: object): Record<string, string> => {
  const text = JSON.stringify(template)
  const bytes = Buffer.byteLength(text)
  return {
    ...(bytes > REQUEST && {
      template_fits_a_request: `has ${bytes} bytes without white space, CloudFormation takes ${REQUEST} of a template that is not in a bucket; move a part of it to a stack of its own, or shorten what it repeats`,
    }),
    ...(text.includes('"Fn::ImportValue"') && {
      no_import: 'imports what another stack exports, so that neither can be replaced alone; use published(stack, name)',
    }),
  }
}

/** The rules that Guard's language cannot say: they are about all of a template. */
export const wholeTemplates: IPolicyValidationPlugin = {
  name: 'Slipway',
  validate: ({ stackTemplates }: IPolicyValidationContext): PolicyValidationPluginReport => {
    const violations = stackTemplates.flatMap(({ templatePath, stackConstructPath }) =>
      Object.entries(faultsOf(JSON.parse(readFileSync(templatePath, 'utf8')))).map(([ruleName, fault]) => ({
        ruleName,
        description: `stack ${stackConstructPath} ${fault}`,
        severity: 'error',
        violatingResources: [{ constructPath: stackConstructPath, templatePath, locations: [] }],
      })),
    )
    return { success: violations.length === 0, violations }
  },
}
