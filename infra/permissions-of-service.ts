import type { Service } from '../lib/delivery/configuration.ts'
import { serviceNames } from '../lib/delivery/names.ts'
import { Refusal } from '../lib/refusal.ts'
import { GIVEN } from './checks/acknowledgements.ts'
import { allow, arn, type Place, type Statement } from './identity/permissions/policy.ts'

/** What no service may do on anything (`serviceBoundary`), and would find out when it tries. */
const BEYOND = /^(account|cloudformation|organizations|sso):|^sts:AssumeRo(le|ot)$|^iam:(?!Get|List|PassRole$|Simulate|Generate)/

/** What `permissions` in `delivery.json` gives the role of a service, beside what it needs to run. */
export const givenStatements = (permissions: Service['permissions'] = []): Statement[] => {
  const beyond = permissions.flatMap(({ actions }) => actions).find((action) => BEYOND.test(action))
  if (beyond !== undefined) {
    throw new Refusal(
      `'permissions' of a service has ${beyond}, which the boundary of services denies, so the service would never be allowed to; remove it`,
    )
  }
  return permissions.map(({ actions, resources }, index) => allow(`${GIVEN}${index + 1}`, actions, resources))
}

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
