import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { roleArn, roleName } from '../../../lib/delivery/names.ts'
import { parseConfiguration } from '../../../lib/delivery/parse.ts'
import { Refusal } from '../../../lib/refusal.ts'
import type { Place } from './environment-report.ts'

type Wish = { config: string; environments: readonly string[]; credentials: 'oidc' | 'ambient' }

/** Where the environments of a configuration are, the names that its budgets begin with, and their webhooks. */
export const placesOf = async (workspace: string, { config, environments, credentials }: Wish) => {
  const text = await readFile(join(workspace, config), 'utf8').catch((cause) => {
    throw new Refusal(`'${config}' cannot be read: check the repository out first, or give 'aws-account-id' for one account`, {
      cause,
    })
  })
  const { project, environments: declared } = parseConfiguration(text, config)
  const unknown = environments.filter((name) => !Object.hasOwn(declared, name))
  if (unknown.length > 0)
    throw new Refusal(`input 'environments' must be of ${Object.keys(declared).join(', ')}, got '${unknown.join(', ')}'`)
  const chosen = Object.entries(declared).filter(([name]) => environments.length === 0 || environments.includes(name))
  return chosen.map(([environment, { account, region, budgets = [], slack }]) => ({
    place: {
      environment,
      account,
      region,
      role: credentials === 'oidc' ? roleArn({ account, region }, roleName(project, environment, 'budget')) : undefined,
      // The others count a part of the costs only, or no money.
      limits: budgets
        .filter(({ service, usage }) => service === undefined && usage === undefined)
        .map(({ limit, currency = 'USD' }) => ({ limit, currency })),
    } satisfies Place,
    prefix: `${project}-${environment}`,
    ...(slack !== undefined && { slack }),
  }))
}

/**
 * Whether a budget is reported: it matches a pattern (`*` stands for anything), or, where there are none, its name begins
 * with that of the environment. An account with no such budget is reported with all that it has.
 */
export const chooser = (
  patterns: readonly string[],
  prefix: string | undefined,
  names: readonly string[],
): ((name: string) => boolean) => {
  if (patterns.length > 0) {
    const expressions = patterns.map((pattern) => new RegExp(`^${pattern.split('*').map(escaped).join('.*')}$`))
    return (name) => expressions.some((expression) => expression.test(name))
  }
  const own = (name: string): boolean => prefix !== undefined && (name === prefix || name.startsWith(`${prefix}-`))
  return names.some(own) ? own : () => true
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
