import { list, section, text } from './fields.ts'
import { keptFor } from './network.ts'

const ACTION = 'an action of IAM with its service, for example "s3:GetObject"'
const RESOURCE = 'the ARN of a resource, for example "arn:aws:s3:::shop-uploads/*"'

/** Keys that the infrastructure of every target reads; they may also differ between environments. */
export const serviceInfrastructure = {
  permissions: list(
    section(
      {
        actions: list(
          text(/^[a-z][a-z0-9-]*:[A-Z][A-Za-z0-9]*\*?$/, ACTION, 'An action.'),
          '["s3:GetObject"]',
          'What the service may do. A `*` may stand at the end of an action.',
        ),
        resources: list(
          text(/^arn:aws[a-z-]*:[a-z0-9-]+:\S*$/, RESOURCE, 'A resource; `*` may stand in it.'),
          '["arn:aws:s3:::shop-uploads/*"]',
          'What it may do that to.',
        ),
      },
      'A permission.',
    ),
    '[{ "actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::shop-uploads/*"] }]',
    'What the role of the service may do beside what it needs to run. Default: nothing.',
    20,
  ).optional(),
  logs: keptFor(
    'For how many days the logs of the service are kept. Default: 30, and 365 in an environment that is protected.',
  ).optional(),
}
