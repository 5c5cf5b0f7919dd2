import type { Service } from '../lib/delivery/configuration.ts'
import { serviceNames } from '../lib/delivery/names.ts'
import { GIVEN } from './checks/acknowledgements.ts'
import { allow, arn, type Place, type Statement } from './identity/permissions/policy.ts'

/** What `permissions` in `delivery.json` gives the role of a service, beside what it needs to run. */
export const givenStatements = (permissions: Service['permissions'] = []): Statement[] =>
  permissions.map(({ actions, resources }, index) => allow(`${GIVEN}${index + 1}`, actions, resources))

/** To read the secret of a service, where it has `secrets`. Secrets Manager ends every ARN in six characters of its own. */
export const secretStatements = (place: Place, project: string, environment: string, name: string, { secrets }: Service) =>
  secrets === undefined
    ? []
    : [
        allow(
          'ReadSecret',
          ['secretsmanager:GetSecretValue'],
          [arn(place, 'secretsmanager', `secret:${serviceNames(project, environment, name).secret}-??????`)],
        ),
      ]
