import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { parseConfiguration } from '../../lib/delivery/parse.ts'
import { gitHubClient } from '../../lib/github/client.ts'
import { Refusal } from '../../lib/refusal.ts'
import { setUp } from './set-up.ts'

const USAGE = `usage: npm run setup -- [--apply] [--config delivery.json]

Creates in the GitHub repository what delivery.json needs and is missing: branches, rulesets, environments, labels; makes the workflow
token read by default. Without --apply nothing is written. Nothing is ever deleted or loosened. GITHUB_TOKEN is a token of
somebody who administers the repository. Ends with 0 where nothing is left to do.`

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      apply: { type: 'boolean', default: false },
      config: { type: 'string', default: 'delivery.json' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return console.log(USAGE)
  const configuration = parseConfiguration(readFileSync(values.config, 'utf8'), values.config)
  const token = process.env['GITHUB_TOKEN'] ?? ''
  if (token === '') {
    throw new Refusal(
      'GITHUB_TOKEN is empty: set it to a token of somebody who administers the repository, for example to the output of `gh auth token`',
    )
  }
  const { owner, name } = configuration.repository
  const client = await gitHubClient(token, `${owner}/${name}`, process.env['GITHUB_API_URL'] ?? '')
  const isDone = await setUp(client, configuration, values.apply, console.log)
  process.exitCode = isDone ? 0 : 1
}

try {
  await main()
} catch (error) {
  if (!(error instanceof Error)) throw error
  const isExpected = error instanceof Refusal || 'code' in error || 'status' in error
  console.error(isExpected ? `setup: ${error.message}` : error)
  process.exitCode = 1
}
