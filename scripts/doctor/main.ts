import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { Configuration } from '../../lib/delivery/configuration.ts'
import { parseConfiguration } from '../../lib/delivery/parse.ts'
import { gitHubClient } from '../../lib/github/client.ts'
import { Refusal } from '../../lib/refusal.ts'
import { desiredState } from '../setup/desired.ts'
import { type Finding, isRed, reporter } from './finding.ts'
import { checkGitHub } from './github.ts'
import { readGitHub } from './github-facts.ts'
import { render } from './render.ts'

const USAGE = `usage: npm run doctor -- [--profile NAME]… [--only github | --only aws] [--config delivery.json] [--json]

Compares the GitHub repository and the AWS accounts with delivery.json, and says for each difference what mends it. Changes
nothing. GITHUB_TOKEN is a token of somebody who administers the repository; each --profile is one of the AWS configuration, without
any the default credentials are used. Ends with 1 where something is wrong, or could not be seen.`

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      profile: { type: 'string', multiple: true, default: [] },
      only: { type: 'string' },
      config: { type: 'string', default: 'delivery.json' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return console.log(USAGE)
  if (values.only !== undefined && !['github', 'aws'].includes(values.only)) {
    throw new Refusal(`--only takes github or aws, received '${values.only}'`)
  }
  const configuration = parseConfiguration(readFileSync(values.config, 'utf8'), values.config)
  const findings = [
    ...(values.only === 'aws' ? [] : await gitHub(configuration)),
    ...(values.only === 'github' ? [] : await aws(configuration, values.profile)),
  ]
  if (values.json) console.log(JSON.stringify(findings, undefined, 2))
  else for (const line of render(findings)) console.log(line)
  process.exitCode = findings.some(isRed) ? 1 : 0
}

const gitHub = async (configuration: Configuration): Promise<Finding[]> => {
  const { owner, name } = configuration.repository
  const report = reporter(`GitHub ${owner}/${name}`)
  const token = process.env['GITHUB_TOKEN'] ?? ''
  const set =
    'set GITHUB_TOKEN to a token of somebody who administers the repository, for example to the output of `gh auth token`'
  if (token === '') return [report('unseen', 'nothing of the repository can be seen without a token', set)]
  const client = await gitHubClient(token, `${owner}/${name}`, process.env['GITHUB_API_URL'] ?? '')
  const desired = desiredState(configuration)
  try {
    return checkGitHub(desired, await readGitHub(client, desired))
  } catch (error) {
    if (error instanceof Refusal) return [report('unseen', error.message, set)]
    throw error
  }
}

const aws = async (configuration: Configuration, profiles: string[]): Promise<Finding[]> => {
  // Five clients of AWS, which nobody waits for who looks at GitHub only.
  const [{ reachAccounts }, { checkAws }] = await Promise.all([import('./reach.ts'), import('./aws.ts')])
  const { accounts, trouble } = await reachAccounts(profiles, configuration.registry.region)
  return checkAws(configuration, accounts, trouble)
}

try {
  await main()
} catch (error) {
  if (!(error instanceof Error)) throw error
  const isExpected = error instanceof Refusal || 'code' in error
  console.error(isExpected ? `doctor: ${error.message}` : error)
  process.exitCode = 1
}
