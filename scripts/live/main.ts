import { parseArgs } from 'node:util'
import { Refusal } from '../../lib/refusal.ts'

const USAGE = `usage: npm run live -- --account ID --i-know-this-costs-money [--profile NAME] [--region eu-west-1] [--name live-NAME]
       [--targets ecs,lambda,ec2] [--only-destroy]

The acceptance run for an AWS account that nobody misses: sets it up, delivers the sample service, breaks it, rolls it back,
reports the budget and destroys everything again. It makes things that cost by the hour, for about an hour. Refuses an account
in whose region it finds stacks, clusters, functions, repositories, instances, networks or parameters of anything else; other
regions, buckets and databases it does not look at. --only-destroy removes what a run that was killed has left; the name must be
that of the run.
Needs Docker with buildx, and credentials of an administrator of the account. Ends with 0 where every step was done.`

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      account: { type: 'string', default: '' },
      'i-know-this-costs-money': { type: 'boolean', default: false },
      profile: { type: 'string' },
      region: { type: 'string', default: 'eu-west-1' },
      name: { type: 'string', default: 'live-slipway' },
      targets: { type: 'string', default: 'ecs,lambda,ec2' },
      'only-destroy': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return console.log(USAGE)
  if (!values['i-know-this-costs-money']) throw new Refusal('nothing was done: add --i-know-this-costs-money, because it does')
  const { awsPlace } = await import('./aws.ts')
  const { place, configuration } = await awsPlace(values)
  // With CDK, for which nobody waits whose account is refused.
  const { runLive } = await import('./run.ts')
  const results = await runLive(place, configuration, console.log)
  process.exitCode = results.every(({ result }) => result === 'done') ? 0 : 1
}

try {
  await main()
} catch (error) {
  if (!(error instanceof Error)) throw error
  const isExpected = error instanceof Refusal || 'code' in error || 'cause' in error
  console.error(isExpected ? `live: ${error.message}` : error)
  process.exitCode = 1
}
