import { expect, it } from 'vitest'
import type { Templates } from './templates.case.ts'

type Statement = { Sid: string; Action: string[]; Resource: string[] }

const text = (value: unknown): string => JSON.stringify(value)
const parameter = (id: string) => ({ Ref: id })

/** What the template of a service says, for services that have everything (site), little (api) and no port (job). */
export const serviceBehaviours = (all: () => Templates): void => {
  const containers = (name: string) =>
    all().properties(name, 'TaskDefinition')['ContainerDefinitions'] as Record<string, unknown>[]
  const statements = (name: string, role: string): Statement[] => {
    const policies = all().properties(name, role)['Policies'] as { PolicyDocument: { Statement: Statement[] } }[] | undefined
    return (policies ?? []).flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
  }

  it('is made in a cluster that is there, with what its tasks run on', () => {
    expect(all().properties('dev-service-job', 'Service')['Cluster']).toEqual(parameter('OfOutputsClusterName'))
    expect(all().template('dev-cluster').Resources['OutputOutputsClusterName']).toMatchObject({
      Properties: { Name: '/shop/dev/outputs/cluster/name', Value: { Ref: 'Cluster' } },
      DependsOn: ['Capacity'],
    })
  })

  it('runs the recorded image and no other, by reference', () => {
    const [container] = all().properties('dev-service-api', 'TaskDefinition')['ContainerDefinitions'] as { Image: unknown }[]
    expect(container?.Image).toEqual(parameter('OfApiImage'))
    expect(all().template('dev-service-api').Parameters['OfApiImage']).toEqual({
      Type: 'AWS::SSM::Parameter::Value<String>',
      Default: '/shop/dev/api/image',
    })
  })

  it('begins with no task, and afterwards its template says nothing of their number', () => {
    const { Conditions, Parameters } = all().template('dev-service-api')
    expect(all().properties('dev-service-api', 'Service')['DesiredCount']).toEqual({
      'Fn::If': ['IsNew', 0, { Ref: 'AWS::NoValue' }],
    })
    expect(Conditions?.['IsNew']).toEqual({ 'Fn::Equals': [parameter('Created'), 'no'] })
    expect(Parameters['Created']?.Default).toBe('yes')
  })

  it('is scaled from the first deployment on, never before, and by nothing in its template', () => {
    const { Resources, Parameters } = all().template('dev-service-site')
    expect(Parameters['Delivered']?.Default).toBe('no')
    const parts = Object.values(Resources).filter(({ Type }) => Type.startsWith('AWS::ApplicationAutoScaling'))
    expect(parts.map(({ Type, Condition }) => [Type, Condition])).toEqual([
      ['AWS::ApplicationAutoScaling::ScalableTarget', 'IsDelivered'],
      ['AWS::ApplicationAutoScaling::ScalingPolicy', 'IsDelivered'],
      ['AWS::ApplicationAutoScaling::ScalingPolicy', 'IsDelivered'],
    ])
    expect(Resources['Scaling']?.Properties).toMatchObject({
      MinCapacity: 2,
      MaxCapacity: 9,
      ResourceId: 'service/shop-dev/site',
    })
    expect(text(all().template('dev-service-api'))).not.toContain('Delivered')
  })

  it('goes back by itself where a deployment fails or an alarm goes off, and never below what is asked for', () => {
    expect(all().properties('dev-service-site', 'Service')['DeploymentConfiguration']).toEqual({
      MinimumHealthyPercent: 100,
      MaximumPercent: 200,
      DeploymentCircuitBreaker: { Enable: true, Rollback: true },
      Alarms: { AlarmNames: ['site-5xx'], Enable: true, Rollback: true },
    })
    expect(text(all().properties('dev-service-api', 'Service'))).not.toContain('Alarms')
  })

  it('is healthy when its path answers 200 and nothing else, and finishes its requests before it stops', () => {
    expect(all().properties('dev-service-api', 'Targets')).toMatchObject({
      HealthCheckPath: '/healthz',
      Matcher: { HttpCode: '200' },
    })
    expect(all().properties('dev-service-site', 'Targets')['TargetGroupAttributes']).toEqual([
      { Key: 'deregistration_delay.timeout_seconds', Value: '90' },
      { Key: 'stickiness.enabled', Value: 'true' },
      { Key: 'stickiness.type', Value: 'lb_cookie' },
      { Key: 'stickiness.lb_cookie.duration_seconds', Value: '3600' },
    ])
    // Said, because what a template no longer says stays as it was.
    expect(all().properties('dev-service-api', 'Targets')['TargetGroupAttributes']).toContainEqual({
      Key: 'stickiness.enabled',
      Value: 'false',
    })
    expect(all().properties('dev-service-site', 'TaskDefinition')['ContainerDefinitions']).toMatchObject([{ StopTimeout: 90 }])
  })

  it('lets in its load balancer by its port, and nobody else', () => {
    expect(all().properties('dev-service-api', 'Group')['SecurityGroupIngress']).toEqual([
      {
        IpProtocol: 'tcp',
        FromPort: 8080,
        ToPort: 8080,
        SourceSecurityGroupId: parameter('OfOutputsClusterLoadBalancerGroup'),
        Description: 'load balancer',
      },
    ])
  })

  it('takes its secrets by reference, and may read that secret and no other', () => {
    const [container] = containers('dev-service-api')
    expect(container?.['Secrets']).toEqual([
      { Name: 'DATABASE_URL', ValueFrom: 'arn:aws:secretsmanager:eu-west-1:222222222222:secret:shop/dev/api:DATABASE_URL::' },
    ])
    expect(statements('dev-service-api', 'ExecutionRole').filter(({ Sid }) => Sid === 'ReadSecret')).toMatchObject([
      { Resource: ['arn:aws:secretsmanager:eu-west-1:222222222222:secret:shop/dev/api-??????'] },
    ])
    expect(text(all().template('dev-service-api'))).not.toContain('AWS::SecretsManager')
    expect(text(statements('dev-service-site', 'ExecutionRole'))).not.toContain('secretsmanager')
  })

  it('is started by a role that pulls its image and writes its logs, and is itself allowed what delivery.json says', () => {
    expect(statements('dev-service-site', 'ExecutionRole').map(({ Sid, Resource }) => [Sid, Resource])).toEqual([
      ['RegistryToken', ['*']],
      ['PullImage', ['arn:aws:ecr:eu-west-1:111111111111:repository/shop/app']],
      ['TaskLogs', ['arn:aws:logs:eu-west-1:222222222222:log-group:/shop/dev/site:*']],
    ])
    expect(statements('dev-service-api', 'TaskRole')).toEqual([])
    expect(statements('dev-service-site', 'TaskRole')[0]).toMatchObject({
      Action: ['s3:GetObject'],
      Resource: ['arn:aws:s3:::shop-uploads/*'],
    })
  })

  it('has a shell only where delivery.json says so, and writes what is typed to the log that is kept', () => {
    expect(all().properties('dev-service-api', 'Service')['EnableExecuteCommand']).toBe(false)
    expect(all().properties('dev-service-site', 'Service')['EnableExecuteCommand']).toBe(true)
    expect(containers('dev-service-site')[0]).toMatchObject({
      ReadonlyRootFilesystem: false,
      LinuxParameters: { InitProcessEnabled: true },
    })
    expect(statements('dev-service-site', 'TaskRole').slice(1)).toMatchObject([
      { Sid: 'Shell', Resource: ['*'] },
      { Sid: 'ShellLogs', Resource: ['arn:aws:logs:eu-west-1:222222222222:log-group:/shop/dev/infra/shell:*'] },
    ])
  })

  it('cannot write to its own file system, is not privileged, and keeps its logs for a time', () => {
    expect(containers('dev-service-api')[0]?.['ReadonlyRootFilesystem']).toBe(true)
    expect(text(containers('dev-service-api'))).not.toContain('Privileged')
    const kept = (name: string) => all().properties(name, 'Logs')['RetentionInDays']
    expect([kept('dev-service-api'), kept('prod-service-api'), kept('dev-service-site')]).toEqual([30, 365, 7])
  })

  it('without a port has no load balancer, no address, and lets nobody in', () => {
    const job = all().template('dev-service-job')
    expect(text(job)).not.toMatch(/ElasticLoadBalancing|LoadBalancers|HealthCheckGrace|outputs\/job\/url|SecurityGroupIngress/)
    expect(job.Resources['Service']?.Properties['CapacityProviderStrategy']).toEqual([
      { CapacityProvider: 'FARGATE', Base: 1, Weight: 1 },
      { CapacityProvider: 'FARGATE_SPOT', Weight: 4 },
    ])
  })

  it('is told from the others by its path, and comes after all of them where it has none', () => {
    const rule = (name: string) => all().properties(name, 'Rule')
    expect(rule('dev-service-site')['Conditions']).toEqual([
      { Field: 'path-pattern', PathPatternConfig: { Values: ['/site', '/site/*'] } },
    ])
    expect(rule('dev-service-api')).toMatchObject({ Priority: 50_000, Conditions: [{ PathPatternConfig: { Values: ['*'] } }] })
    expect(rule('prod-service-api')['Conditions']).toEqual([
      { Field: 'host-header', HostHeaderConfig: { Values: ['api.example.org'] } },
    ])
    expect(all().template('dev-service-api').Resources['Service']?.DependsOn).toEqual(['Rule'])
  })
}
