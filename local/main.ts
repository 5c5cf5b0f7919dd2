import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { memoryStore } from './aws/ecr/memory-store.ts'
import { dockerFunctions } from './aws/lambda/docker.ts'
import { scriptedFunctions } from './aws/lambda/scripted.ts'
import { scriptedHosts } from './aws/ssm/scripted-hosts.ts'
import { dockerRuntime } from './containers/docker.ts'
import { scriptedRuntime } from './containers/scripted.ts'
import { useEngine } from './demo/engine.ts'
import { createFarewell, type Farewell } from './demo/farewell.ts'
import { makeFolder } from './demo/folder.ts'
import { dockerHosts } from './demo/hosts.ts'
import { registryStore, startLocalCloud } from './demo/local-cloud.ts'
import { createScreen } from './demo/screen.ts'
import { readSetting, type Setting } from './demo/setting.ts'
import { gitHubClaims } from './github/claims.ts'
import { scaledTime } from './time.ts'

const usage = `npm run cloud [-- OPTIONS]

Starts the local cloud with the accounts, roles and repositories of delivery.json, prints on standard output the
environment variables that point any AWS tool at it, and runs until Ctrl-C.

  --scripted     without Docker: containers are only acted, and images are kept in memory
  --port PORT    port of the AWS endpoint; without it a free one is chosen
  --config FILE  another configuration than delivery.json`

const root = join(import.meta.dirname, '..')
const home = join(root, '.slipway')
const screen = createScreen(process.stderr)
const farewell = createFarewell(screen)

const readOptions = () => {
  const options = {
    scripted: { type: 'boolean' },
    port: { type: 'string' },
    config: { type: 'string' },
    help: { type: 'boolean' },
  } as const
  const { values } = parseArgs({ options })
  const port = values.port === undefined ? 0 : Number(values.port)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`--port must be a number from 0 to 65535, got '${values.port}'`)
  return { ...values, port, config: values.config ?? join(root, 'delivery.json') }
}

type Options = ReturnType<typeof readOptions>

const parts = async ({ scripted }: Options, { environments }: Setting, left: Farewell) => {
  const time = scaledTime()
  if (scripted) {
    const instanceIds = environments.flatMap(({ hosts }) => hosts.map(({ instanceId }) => instanceId))
    const machines = {
      containers: scriptedRuntime({}, time),
      functions: scriptedFunctions({}, time),
      hosts: scriptedHosts(time, Object.fromEntries(instanceIds.map((id) => [id, {}])), {}),
    }
    return { time, machines, store: memoryStore(), hosts: undefined }
  }
  const folder = await left.keep(
    () => makeFolder(home),
    (made) => rm(made, { recursive: true, force: true }),
  )
  const { env } = await useEngine(home, screen, left, join(folder, 'buildx'))
  const store = await left.keep(
    () => registryStore(home, (line) => screen.quote(line)),
    (opened) => opened.close(),
  )
  const containers = dockerRuntime(time, { env })
  const session = `cloud-${process.pid}`
  const hosts = await left.keep(
    async () => dockerHosts({ folder: join(folder, 'hosts'), home, env, session, say: (line) => screen.quote(line) }),
    (opened) => opened.removeAll(),
  )
  return { time, machines: { containers, functions: dockerFunctions(containers), hosts: hosts.executor }, store, hosts }
}

const print = (values: Record<string, string>): void => {
  for (const [name, value] of Object.entries(values)) console.log(`export ${name}='${value}'`)
}

const start = async (options: Options): Promise<void> => {
  const setting: Setting = await readSetting(options.config)
  const { scenario, environments, registry, repository } = setting
  const { hosts, ...given } = await parts(options, setting, farewell)
  const local = await startLocalCloud({ setting, port: options.port, ...given }, farewell)
  const { cloud } = local
  for (const environment of environments) {
    for (const host of environment.hosts) await hosts?.make(local, registry, environment, host)
  }
  const keys = (account: string) => {
    const { accessKeyId, secretAccessKey } = cloud.adminKey(account)
    return { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }
  }
  const [first] = environments
  if (first === undefined) throw new Error(`${options.config} has no environment`)
  console.log(`# administrator of ${first.name}, account ${first.account}`)
  print({ AWS_ENDPOINT_URL: cloud.endpoint, AWS_REGION: first.region, ...keys(first.account) })
  const job = {
    ref: `refs/heads/${first.branch}`,
    sha: '0'.repeat(40),
    workflowFile: 'deliver.yml',
    jobWorkflowFile: '_deploy.yml',
  }
  const { url, token } = cloud.issuer.job(gitHubClaims({ ...repository, ...job, event: 'push', environment: first.name }))
  console.log(`# a job of _deploy.yml on ${first.branch}, environment ${first.name}, as the actions ask for its OIDC token`)
  print({ ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token })
  const { account, region } = registry
  console.log(`# ${account}.dkr.ecr.${region}.amazonaws.com answers at ${await cloud.registry(account, region)}`)
  for (const other of scenario.accounts.filter((each) => each !== first.account)) {
    const variables = Object.entries(keys(other)).map(([name, value]) => `${name}='${value}'`)
    console.log(`# administrator of account ${other}: ${variables.join(' ')}`)
  }
  screen.done(`the local cloud runs at ${cloud.endpoint} until Ctrl-C`)
  await farewell.interrupted
}

let exitCode = 0
try {
  const options = readOptions()
  if (options.help) console.log(usage)
  else await Promise.race([start(options), farewell.interrupted])
} catch (error) {
  exitCode = 1
  screen.failed(error instanceof Error ? error.message : String(error))
}
await farewell.run().catch((error: Error) => {
  exitCode = 1
  screen.failed(`cleaning up: ${error.message}`)
})
process.exit(exitCode)
