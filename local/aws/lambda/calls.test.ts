import { afterAll, beforeAll, expect, test } from 'vitest'
import { devAccount, region, registryAccount } from '../../cloud.case.ts'
import { digests, startLambda } from './lambda.case.ts'

let world: Awaited<ReturnType<typeof startLambda>>
beforeAll(async () => {
  world = await startLambda()
})
afterAll(() => world.close())

/** Two versions, of which the second digests.fails, behind an alias that gives it a tenth. */
const canary = async () => {
  const { FunctionName } = await world.create()
  const FunctionVersion = await world.published(FunctionName)
  await world.updated(FunctionName, digests.fails)
  await world.published(FunctionName)
  const RoutingConfig = { AdditionalVersionWeights: { 2: 0.1 } }
  await world.lambda.createAlias({ FunctionName, Name: 'live', FunctionVersion, RoutingConfig })
  return FunctionName
}

test('the other architecture is seen when the function is invoked', async () => {
  const { FunctionName } = await world.create()
  expect(await world.updated(FunctionName, digests.arm)).toMatchObject({
    LastUpdateStatus: 'Successful',
    Architectures: ['x86_64'],
  })
  const { FunctionError, Payload } = await world.lambda.invoke({ FunctionName })
  expect([FunctionError, JSON.parse(Payload?.transformToString() ?? '').errorType]).toEqual([
    'Unhandled',
    'Runtime.InvalidEntrypoint',
  ])
})

test('a weight is honoured, and the metrics tell the versions apart', async () => {
  const FunctionName = await canary()
  const StartTime = new Date(Date.now() - 60_000)
  const answers = []
  for (let count = 0; count < 20; count += 1) answers.push(await world.lambda.invoke({ FunctionName, Qualifier: 'live' }))
  expect(answers.filter(({ ExecutedVersion }) => ExecutedVersion === '2')).toHaveLength(2)

  const query = (Id: string, MetricName: string, ExecutedVersion: string) => {
    const given = { FunctionName, Resource: `${FunctionName}:live`, ExecutedVersion }
    const Dimensions = Object.entries(given).map(([Name, Value]) => ({ Name, Value }))
    return { Id, MetricStat: { Metric: { Namespace: 'AWS/Lambda', MetricName, Dimensions }, Period: 60, Stat: 'Sum' } }
  }
  const MetricDataQueries = [query('e1', 'Errors', '1'), query('e2', 'Errors', '2'), query('i1', 'Invocations', '1')]
  const EndTime = new Date(Date.now() + 60_000)
  const sum = (values: number[] = []) => values.reduce((total, value) => total + value, 0)
  const counted = async () => {
    const { MetricDataResults = [] } = await world.cloudWatch.getMetricData({ MetricDataQueries, StartTime, EndTime })
    return MetricDataResults.map(({ Values }) => sum(Values))
  }
  expect(await counted()).toEqual([0, 0, 0])
  await expect.poll(counted, { timeout: 5_000 }).toEqual([0, 2, 18])
})

test('the log of an invocation is in its group, and at most its last 4 KB come back', async () => {
  const { FunctionName } = await world.create(digests.fails)
  const { LogResult = '' } = await world.lambda.invoke({ FunctionName, LogType: 'Tail' })
  const log = Buffer.from(LogResult, 'base64').toString()
  expect([log.length, log.startsWith('x'), log.includes('last words')]).toEqual([4_096, true, true])
})

test('alarms exist once they are set', async () => {
  world.service.setAlarm(devAccount, region, 'errors', 'ALARM')
  const { MetricAlarms } = await world.cloudWatch.describeAlarms({ AlarmNames: ['errors', 'unknown'] })
  expect(MetricAlarms?.map(({ AlarmName, StateValue }) => [AlarmName, StateValue])).toEqual([['errors', 'ALARM']])
})

test('calls are recorded with what IAM is asked', async () => {
  const { FunctionName } = await world.create()
  const mark = world.cloud.recorder.mark()
  const ImageUri = `${registryAccount}.dkr.ecr.${region}.amazonaws.com/shop/app@${digests.works}`
  await world.lambda.getFunction({ FunctionName, Qualifier: '$LATEST' })
  await world.lambda.invoke({ FunctionName })
  await world.lambda.updateFunctionCode({ FunctionName, ImageUri, DryRun: true })
  const arn = `arn:aws:lambda:${region}:${devAccount}:function:${FunctionName}`
  const repository = `arn:aws:ecr:${region}:${registryAccount}:repository/shop/app`
  expect(world.cloud.recorder.calls({ since: mark }).flatMap(({ authorizations }) => authorizations)).toEqual([
    { action: 'lambda:GetFunction', resource: `${arn}:$LATEST` },
    { action: 'lambda:InvokeFunction', resource: arn },
    { action: 'lambda:UpdateFunctionCode', resource: arn },
    { action: 'ecr:BatchGetImage', resource: repository },
    { action: 'ecr:GetDownloadUrlForLayer', resource: repository },
  ])
})

test.each([
  ['throttle', 'TooManyRequestsException', 429],
  ['error-500', 'ServiceException', 500],
  ['deny', 'AccessDeniedException', 403],
  ['expire', 'ExpiredTokenException', 403],
] as const)('a fault %s is answered as Lambda does', async (then, name, httpStatusCode) => {
  world.cloud.faults.set([{ call: 'lambda:GetFunction', nth: 1, then }])
  const { FunctionName } = await world.create()
  await expect(world.lambda.getFunction({ FunctionName })).rejects.toMatchObject({ name, $metadata: { httpStatusCode } })
})

test('what is not served is named', async () => {
  await expect(world.lambda.listFunctions({})).rejects.toMatchObject({
    message: 'NotImplemented: lambda:GET /2015-03-31/functions',
  })
})
