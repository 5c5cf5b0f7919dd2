import { CloudFormation } from '@aws-sdk/client-cloudformation'
import { ECR } from '@aws-sdk/client-ecr'
import { IAM } from '@aws-sdk/client-iam'
import { SSM } from '@aws-sdk/client-ssm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { awsPlace, type LiveOptions } from '../scripts/live/aws.ts'
import { type Place, STEPS } from '../scripts/live/place.ts'
import { liveConfiguration } from '../scripts/live/project.ts'
import { runLive } from '../scripts/live/run.ts'
import { clientsAt } from './account-world.ts'
import { startMiniStack } from './identity/ministack.ts'
import { account, project, region, startLiveWorld } from './live-world.ts'

const IN_MINISTACK = ['set up', 'destroy']

test('the steps of a delivery go their whole way in the local cloud', async ({ onTestFinished }) => {
  const { place, close } = await startLiveWorld()
  onTestFinished(close)
  const lines: string[] = []
  const configuration = liveConfiguration(project, { account, region }, ['ecs', 'lambda'], true)
  const results = await runLive(place, configuration, (line) => lines.push(line))
  const printed = lines.join('\n')
  expect(Object.fromEntries(results.map(({ step, result }) => [step, result])), printed).toEqual(
    Object.fromEntries(STEPS.map((step) => [step, IN_MINISTACK.includes(step) ? 'not tried' : 'done'])),
  )
  expect(results.find(({ step }) => step === 'break')?.words).toMatch(/^failed-rolled-back: .*exited with 1/)
  expect(printed).toContain('it cost nothing: this was not AWS')
  expect(printed).toMatch(/set up +not tried +the local cloud serves no IAM; tried in MiniStack/)
})

describe('in MiniStack', () => {
  let miniStack: Awaited<ReturnType<typeof startMiniStack>>
  beforeAll(async () => {
    miniStack = await startMiniStack()
  })
  afterAll(() => miniStack.close())

  const clients = () => clientsAt(miniStack.url, account)
  const options = (over: Partial<LiveOptions> = {}): LiveOptions => ({
    ...{ account, region, name: project, targets: 'ecs,lambda,ec2', 'only-destroy': false },
    ...over,
  })

  test.each<[Partial<LiveOptions>, RegExp]>([
    [{ account: '5555' }, /^--account takes 12 digits/],
    [{ account: '666666666666' }, /^wrong account: these credentials belong to 555555555555/],
    [{ name: 'shop' }, /^--name must begin with live-/],
    [{ targets: 'ecs,eks' }, /^--targets takes ecs, lambda, ec2/],
  ])('%j is refused', async (over, words) => {
    await expect(awsPlace(options(over), clients())).rejects.toThrow(words)
  })

  test('an account with anything else in it is refused, by name', async () => {
    await clients()(ECR, region).createRepository({ repositoryName: 'theirs/app' })
    await expect(awsPlace(options(), clients())).rejects.toThrow(
      /^this account is in use: the repository theirs\/app; nothing was changed/,
    )
    await clients()(ECR, region).deleteRepository({ repositoryName: 'theirs/app' })
  })

  test('the account is set up and everything destroyed again', async () => {
    await clients()(IAM, region).createOpenIDConnectProvider({
      Url: 'https://token.actions.githubusercontent.com',
      ClientIDList: ['sts.amazonaws.com'],
    })
    const { place, configuration } = await awsPlace(options(), clients())
    expect(configuration.identity?.existingProvider).toEqual([account])
    await clients()(SSM, region).putParameter({ Name: `/${project}/dev/api/image`, Type: 'String', Value: 'x' })
    const lines: string[] = []
    const untried = Object.fromEntries(
      STEPS.filter((step) => !IN_MINISTACK.includes(step)).map((step) => [step, 'tried in the local cloud']),
    )
    const there: Place = { ...place, name: 'MiniStack', env: { AWS_ENDPOINT_URL: miniStack.url }, untried, poll: 50 }
    const results = await runLive(there, configuration, (line) => lines.push(line))
    expect(
      results.filter(({ result }) => result === 'done').map(({ step }) => step),
      lines.join('\n'),
    ).toEqual(IN_MINISTACK)
    const { StackSummaries = [] } = await clients()(CloudFormation, region).listStacks({})
    expect(StackSummaries.filter(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE')).toEqual([])
    expect((await clients()(ECR, region).describeRepositories({})).repositories).toEqual([])
    const { Parameters } = await clients()(SSM, region).getParametersByPath({ Path: `/${project}`, Recursive: true })
    expect(Parameters).toEqual([])
    const { OpenIDConnectProviderList } = await clients()(IAM, region).listOpenIDConnectProviders({})
    // It was there before the run.
    expect(OpenIDConnectProviderList).toHaveLength(1)
  })
})
