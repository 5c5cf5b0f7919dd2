import {
  CloudFormationClient,
  CreateChangeSetCommand,
  DescribeChangeSetCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
} from '@aws-sdk/client-cloudformation'
import { GetAliasCommand, GetFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { PutParameterCommand } from '@aws-sdk/client-ssm'
import type { Template } from '../../infra/lambda/lambda.case.ts'
import { type CloudFormationService, cloudFormationService } from '../../local/aws/cloudformation/service.ts'
import { type FunctionScript, scriptedFunctions } from '../../local/aws/lambda/scripted.ts'
import { type LambdaService, lambdaService } from '../../local/aws/lambda/service.ts'
import { runAction, type Step } from '../../local/github/step.ts'
import { account, region, startCloudWorld, until } from '../cloud-world.ts'
import { answering } from '../lambda-world.ts'

const STACK = 'shop-dev-service-events'
const FUNCTION = 'shop-dev-events'
const entry = new URL('../../actions/deploy-service/src/main.ts', import.meta.url).pathname
const worker = {
  arn: `arn:aws:iam::${account}:role/shop-dev-cloudformation`,
  trust: {
    Statement: { Effect: 'Allow' as const, Principal: { Service: 'cloudformation.amazonaws.com' }, Action: 'sts:AssumeRole' },
  },
}

/** A dev account with CloudFormation and Lambda, for the very template that `infra/lambda` makes. */
export const openFunctions = async (end: (close: () => Promise<void>) => void) => {
  const script: FunctionScript = {}
  let functions: LambdaService | undefined
  let stacks: CloudFormationService | undefined
  const world = await startCloudWorld({
    factor: 60,
    tags: ['v1', 'v2'],
    roles: [worker],
    services: (core) => {
      functions = lambdaService({ ...core, runtime: scriptedFunctions(script, core.time) })
      stacks = cloudFormationService(core)
      return [functions, functions.cloudWatch, stacks]
    },
  })
  end(async () => {
    await functions?.close()
    await world.close()
  })
  for (const tag of ['v1', 'v2']) script[world.digests[tag] ?? ''] = answering(tag)
  const client = new CloudFormationClient(world.config)
  const lambda = new LambdaClient(world.config)
  const tagOf = (digest: string | undefined): string =>
    Object.keys(world.digests).find((tag) => world.digests[tag] === `sha256:${digest}`) ?? 'nothing'
  const code = async (Qualifier?: string) => {
    const found = await lambda.send(new GetFunctionCommand({ FunctionName: FUNCTION, Qualifier })).catch(() => undefined)
    return found && `${tagOf(found.Configuration?.CodeSha256)} ${found.Configuration?.MemorySize} MiB`
  }
  const status = async (): Promise<string> =>
    (await client.send(new DescribeStacksCommand({ StackName: STACK }))).Stacks?.[0]?.StackStatus ?? ''
  let sets = 0
  return {
    ...world,
    /** Has a resource of the stack fail from now on. */
    fail: (logicalId: string) => stacks?.script([{ stack: STACK, logicalId, then: 'fail', reason: 'too many of them' }]),
    record: (tag: string) =>
      world.ssm.send(
        new PutParameterCommand({
          Name: '/shop/dev/events/image',
          Value: world.imageOf(tag),
          Type: 'String',
          Overwrite: true,
        }),
      ),
    /** A change set of the template, or of the one that is there; CloudFormation resolves the record now. */
    prepare: async (template: Template | undefined, ChangeSetType: 'CREATE' | 'UPDATE' = 'UPDATE'): Promise<string> => {
      sets += 1
      const source = template === undefined ? { UsePreviousTemplate: true } : { TemplateBody: JSON.stringify(template) }
      const input = { StackName: STACK, ChangeSetName: `set-${sets}`, ChangeSetType, RoleARN: worker.arn }
      const Capabilities = ['CAPABILITY_NAMED_IAM' as const]
      const { Id = '' } = await client.send(new CreateChangeSetCommand({ ...input, ...source, Capabilities }))
      const { Status } = await until(
        () => client.send(new DescribeChangeSetCommand({ ChangeSetName: Id })),
        (set) => set.Status !== 'CREATE_IN_PROGRESS' && set.Status !== 'CREATE_PENDING',
      )
      return Status === 'CREATE_COMPLETE' ? Id : ''
    },
    /** The status of the stack afterwards. */
    execute: async (ChangeSetName: string): Promise<string> => {
      await client.send(new ExecuteChangeSetCommand({ ChangeSetName }))
      return until(status, (now) => !now.endsWith('_IN_PROGRESS'))
    },
    /** With an image, whose smoke test expects this answer. */
    deliver: (tag: string, version = tag): Promise<Step> =>
      runAction(
        'deploy-service',
        {
          target: 'lambda',
          function: FUNCTION,
          image: world.imageOf(tag),
          'aws-account-id': account,
          'aws-region': region,
          'poll-interval': '500ms',
          'smoke-version': version,
        },
        { entry, env: world.env },
      ),
    /** What `$LATEST` and the alias have: tag and memory. */
    observe: async () => ({ latest: await code(), live: await code('live') }),
    version: async (): Promise<string | undefined> =>
      (await lambda.send(new GetAliasCommand({ FunctionName: FUNCTION, Name: 'live' })).catch(() => undefined))?.FunctionVersion,
    /** What CloudFormation has asked of Lambda. */
    askedOfLambda: (): string[] => {
      const calls = world.cloud.recorder
        .calls()
        .filter(({ service, principal }) => service === 'lambda' && principal.includes('shop-dev-cloudformation'))
      return [...new Set(calls.map(({ operation }) => operation))].toSorted()
    },
  }
}
