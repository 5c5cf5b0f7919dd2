import { expect, it } from 'vitest'
import type { Definition } from './states.case.ts'
import type { Templates } from './templates.case.ts'

type Statement = { Sid: string; Action: string[]; Resource: unknown[]; Condition?: object }

/** What the template of the worker `job` says of its commands. */
export const scheduleBehaviours = (all: () => Templates): void => {
  const properties = (id: string) => all().properties('dev-service-job', id)
  const statements = (role: string): Statement[] =>
    (properties(role)['Policies'] as { PolicyDocument: { Statement: Statement[] } }[]).flatMap(
      ({ PolicyDocument }) => PolicyDocument.Statement,
    )

  it('are called by EventBridge in their time zone, each with its command, and what could not be called is kept', () => {
    const schedule = properties('Schedulereport')
    expect(schedule).toMatchObject({
      Name: 'shop-dev-job-report',
      ScheduleExpression: 'cron(0 8 ? * MON-FRI *)',
      ScheduleExpressionTimezone: 'Europe/Zurich',
      Target: {
        Arn: { Ref: 'ScheduledCommands' },
        RetryPolicy: { MaximumEventAgeInSeconds: 3600 },
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['DeadLetters', 'Arn'] } },
      },
    })
    expect(JSON.parse((schedule['Target'] as { Input: string }).Input)).toEqual({
      schedule: 'report',
      at: '<aws.scheduler.scheduled-time>',
      command: ['report', '--mail'],
      wait: 1800,
      timeout: 7200,
    })
    expect(properties('Scheduleclean')['ScheduleExpressionTimezone']).toBe('UTC')
  })

  it('are run by a state machine whose steps are all there, and which is logged for as long as the service', () => {
    const machine = properties('ScheduledCommands')
    expect(machine).toMatchObject({ StateMachineType: 'STANDARD', LoggingConfiguration: { Level: 'ALL' } })
    expect(properties('ScheduleLogs')).toMatchObject({ LogGroupName: '/shop/dev/job/schedules', RetentionInDays: 30 })
    const text = machine['DefinitionString'] as string
    const { StartAt, States } = JSON.parse(text) as Definition
    const named = [...text.matchAll(/"(?:Next|Default)":"(\w+)"/g)].map(([, name]) => name)
    expect([...new Set([StartAt, ...named])].toSorted()).toEqual(Object.keys(States).toSorted())
    expect(text).toContain('https://sqs.eu-west-1.amazonaws.com/222222222222/shop-dev-job-dead-letters')
  })

  it('may do what they need to this service, and be started by nobody but EventBridge', () => {
    const cluster = { ArnEquals: { 'ecs:cluster': 'arn:aws:ecs:eu-west-1:222222222222:cluster/shop-dev' } }
    const found = Object.fromEntries(statements('SchedulesRole').map(({ Sid, ...rest }) => [Sid, rest]))
    expect(found).toMatchObject({
      RunProven: { Resource: ['arn:aws:ecs:eu-west-1:222222222222:task-definition/shop-dev-job:*'], Condition: cluster },
      WhatRuns: { Resource: ['arn:aws:ecs:eu-west-1:222222222222:service/shop-dev/job'] },
      PassToTasks: {
        Resource: [{ 'Fn::GetAtt': ['TaskRole', 'Arn'] }, { 'Fn::GetAtt': ['ExecutionRole', 'Arn'] }],
        Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
      },
    })
    const used = new Set((properties('ScheduledCommands')['DefinitionString'] as string).match(/aws-sdk:\w+:\w+/g))
    const granted = statements('SchedulesRole').flatMap(({ Action }) => Action.map((action) => action.toLowerCase()))
    for (const action of used) expect(granted).toContain(action.replace('aws-sdk:', '').toLowerCase())
    expect(statements('InvokeRole')).toMatchObject([
      { Action: ['states:StartExecution'], Resource: ['arn:aws:states:eu-west-1:222222222222:stateMachine:shop-dev-job'] },
      { Action: ['sqs:SendMessage'], Resource: [{ 'Fn::GetAtt': ['DeadLetters', 'Arn'] }] },
    ])
  })

  it('leave no trace where there are none', () => {
    expect(JSON.stringify(all().template('dev-service-api'))).not.toMatch(/AWS::StepFunctions|AWS::Scheduler|AWS::SQS/)
  })
}
