import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sampleLayout } from '../lib/oci/layout.case.ts'
import { budgetsService } from '../local/aws/budgets.ts'
import { cloudFormationService } from '../local/aws/cloudformation/service.ts'
import { costExplorerService } from '../local/aws/cost-explorer.ts'
import { costYear } from '../local/aws/cost-year.ts'
import { ecsService } from '../local/aws/ecs/service.ts'
import { type FunctionScript, scriptedFunctions } from '../local/aws/lambda/scripted.ts'
import { lambdaService } from '../local/aws/lambda/service.ts'
import { startCloud } from '../local/cloud.ts'
import { type Script, scriptedRuntime } from '../local/containers/scripted.ts'
import { scaledTime } from '../local/time.ts'
import type { Clients } from '../scripts/account/clients.ts'
import type { Place } from '../scripts/live/place.ts'
import { budget, today } from './budget-world.ts'
import { answering } from './lambda-world.ts'

export const account = '555555555555'
export const region = 'eu-west-1'
export const project = 'live-test'

/** A `docker` that "builds" by copying a layout: which one, the content of the context says. */
const DOCKER = `#!/bin/sh
here=$(dirname "$0")
for argument in "$@"; do
  case "$argument" in
    type=oci,*) dest=\${argument#*dest=}; dest=\${dest%%,*};;
    *VERSION=*) version=\${argument#*VERSION=};;
  esac
  context=$argument
done
layout=first
grep -rq 'better = true' "$context" && layout=better
grep -rq 'broken on purpose' "$context" && layout=broken
echo "$version" > "$here/$layout.version"
cp -r "$(cat "$here/$layout")" "$dest"
`

const source = (action: string): string => new URL(`../actions/${action}/src/main.ts`, import.meta.url).pathname

/** One account of the local cloud with all that a delivery asks, where CloudFormation makes what the templates say. */
export const startLiveWorld = async () => {
  const bin = mkdtempSync(join(tmpdir(), 'live-bin-'))
  writeFileSync(join(bin, 'docker'), DOCKER, { mode: 0o755 })
  const containers: Script = {}
  const functions: FunctionScript = {}
  const folders = ['first', 'better', 'broken'].map((name) => {
    const { folder, root } = sampleLayout()
    writeFileSync(join(bin, name), folder)
    containers[root.digest] =
      name === 'broken' ? { exitsWith: 1, exitsAfter: 100, logs: ['broken on purpose'] } : { startsAfter: 0.2 }
    // As the image does: with the content tag that was baked in.
    const version = () => readFileSync(join(bin, `${name}.version`), 'utf8').trim()
    Object.defineProperty(functions, root.digest, { get: () => answering(version()) })
    return folder
  })
  const ended: (() => Promise<unknown>)[] = []
  const cloud = await startCloud({
    time: scaledTime(60),
    scenario: {
      accounts: [account],
      roles: [
        {
          arn: `arn:aws:iam::${account}:role/${project}-dev-cloudformation`,
          trust: {
            Statement: { Effect: 'Allow', Principal: { Service: 'cloudformation.amazonaws.com' }, Action: 'sts:AssumeRole' },
          },
        },
      ],
      repositories: [{ account, region, name: `${project}/app`, tagMutability: 'IMMUTABLE' }],
    },
    services: (core) => {
      const ecs = ecsService({ ...core, runtime: scriptedRuntime(containers, core.time) })
      const lambda = lambdaService({ ...core, runtime: scriptedFunctions(functions, core.time) })
      ended.push(
        () => ecs.stopAll(),
        () => lambda.close(),
      )
      const costs = { [account]: { entries: costYear(today()), estimatedFrom: today().slice(0, 8) } }
      const budgets = budgetsService({ [account]: { budgets: [budget({ BudgetName: `${project}-dev-month` })] } })
      return [ecs, lambda, lambda.cloudWatch, cloudFormationService(core), budgets, costExplorerService(costs, Date.now)]
    },
  })
  const credentials = cloud.adminKey(account)
  const clients: Clients = (Client, where) =>
    new Client({ region: where, endpoint: cloud.endpoint, credentials } as unknown as ConstructorParameters<typeof Client>[0])
  const place: Place = {
    name: 'the local cloud',
    account,
    region,
    clients,
    env: {
      PATH: `${bin}:${process.env['PATH']}`,
      AWS_ENDPOINT_URL: cloud.endpoint,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    },
    untried: {
      'set up': 'the local cloud serves no IAM; tried in MiniStack',
      destroy: 'the local cloud ends with the test; tried in MiniStack',
    },
    entry: source,
    poll: 100,
    pollInterval: '500ms',
  }
  return {
    place,
    close: async () => {
      for (const end of ended) await end()
      await cloud.close()
      for (const folder of [bin, ...folders]) rmSync(folder, { recursive: true, force: true })
    },
  }
}
