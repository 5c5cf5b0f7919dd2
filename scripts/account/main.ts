import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { parseConfiguration } from '../../lib/delivery/parse.ts'
import { Refusal } from '../../lib/refusal.ts'

const USAGE = `usage: npm run account -- [--profile NAME] [--environment NAME]… [--check | --yes] [--config delivery.json]

Sets up the AWS account that the credentials lead to, for the places of delivery.json that are in it: looks at quotas and
service-linked roles, and deploys the stacks with GitHub's OIDC provider, the roles, and in the registry's account the
repositories of the images. Without --yes it only shows what it would do. --check looks, and shows no stacks. --environment
takes an environment, or registry; without it all that are in the account are set up. The credentials must be allowed to manage
IAM, CloudFormation and ECR; without --profile the default ones are used. Looking asks Cost Explorer once, which costs $0.01.
Ends with 0 where nothing is left to do.`

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      profile: { type: 'string' },
      environment: { type: 'string', multiple: true, default: [] },
      check: { type: 'boolean', default: false },
      yes: { type: 'boolean', default: false },
      config: { type: 'string', default: 'delivery.json' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return console.log(USAGE)
  if (values.check && values.yes) throw new Refusal('--check changes nothing and --yes changes; give one of them')
  const configuration = parseConfiguration(readFileSync(values.config, 'utf8'), values.config)
  // Loaded here, so that a mistake is answered without loading AWS's clients, and a wrong account without CDK.
  const [{ clientsOf }, { setUpAccount }] = await Promise.all([import('./clients.ts'), import('./account.ts')])
  const isDone = await setUpAccount(clientsOf(values.profile), {
    configuration,
    stacks: async () => (await import('./synthesis.ts')).synthesise(configuration),
    environments: values.environment,
    isCheck: values.check,
    isApplied: values.yes,
    print: console.log,
    poll: 2_000,
    now: () => new Date(),
  })
  process.exitCode = isDone ? 0 : 1
}

try {
  await main()
} catch (error) {
  if (!(error instanceof Error)) throw error
  const isExpected = error instanceof Refusal || 'code' in error || 'cause' in error
  console.error(isExpected ? `account: ${error.message}` : error)
  process.exitCode = 1
}
