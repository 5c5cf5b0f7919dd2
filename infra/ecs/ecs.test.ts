import { beforeAll, describe, expect, it } from 'vitest'
import { example } from '../../lib/delivery/configuration.case.ts'
import type { Configuration } from '../../lib/delivery/configuration.ts'
import { scheduleBehaviours } from './schedules.case.ts'
import { serviceBehaviours } from './service.case.ts'
import { ecsTemplates, type Templates } from './templates.case.ts'

const rich = (): Configuration => {
  const all = example()
  delete all.environments['staging']
  const site = { image: 'app', target: 'ecs', port: 3000 } as const
  all.services = {
    ...all.services,
    site: {
      ...site,
      path: '/site',
      stickiness: '1h',
      capacity: 'ec2',
      shell: true,
      autoscaling: { min: 2, max: 9, cpu: 50, requests: 600 },
      permissions: [{ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::shop-uploads/*'] }],
      alarms: ['site-5xx'],
      stopTimeout: '90s',
      logs: 7,
    },
    job: {
      image: 'app',
      target: 'ecs',
      capacity: 'fargate-spot',
      schedules: {
        report: {
          at: 'cron(0 8 ? * MON-FRI *)',
          timezone: 'Europe/Zurich',
          command: ['report', '--mail'],
          timeout: '2h',
        },
        clean: { at: 'rate(1 day)', command: ['clean'] },
      },
    },
    old: { ...site, names: { service: 'old-site' } },
  }
  Object.assign(all.environments['dev'] ?? {}, { protect: false, cluster: { instances: { type: 'm7i.large', most: 7 } } })
  return all
}

let all: Templates
beforeAll(() => {
  all = ecsTemplates(rich())
}, 60_000)

const text = (value: unknown): string => JSON.stringify(value)
const parameter = (id: string) => ({ Ref: id })

describe('an environment', () => {
  it('has a cluster and a stack for each service on ECS that is ours, and none for one that exists already', () => {
    const each = ['cluster', 'service-api', 'service-job', 'service-site']
    expect(all.names).toEqual(['dev', 'prod'].flatMap((place) => each.map((name) => `${place}-${name}`)))
    const adopted = example()
    if (adopted.services['api']?.target === 'ecs') adopted.services['api'].names = { service: 'old' }
    expect(ecsTemplates(adopted).names).toEqual([])
  })

  it('has no load balancer where only workers run', () => {
    const workers = ecsTemplates({ ...example(), services: { job: { image: 'app', target: 'ecs' } } })
    expect(text(workers.template('dev-cluster'))).not.toContain('ElasticLoadBalancing')
    expect(workers.warnings).toEqual([])
  })

  it('says aloud that without a domain it answers by plain HTTP', () => {
    expect(all.warnings).toEqual([
      expect.stringMatching(/^shop-dev-cluster: dev has no domain: its load balancer answers by plain HTTP/),
    ])
    expect(all.properties('dev-cluster', 'Http')).toMatchObject({
      Port: 80,
      DefaultActions: [{ FixedResponseConfig: { StatusCode: '404' } }],
    })
    expect(all.template('dev-cluster').Resources['Https']).toBeUndefined()
  })

  it('with a domain answers by TLS alone: 80 redirects, the certificate and the names are made in its zone', () => {
    expect(all.properties('prod-cluster', 'Http')['DefaultActions']).toEqual([
      { Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' } },
    ])
    expect(all.properties('prod-cluster', 'Https')).toMatchObject({
      Port: 443,
      SslPolicy: expect.stringContaining('TLS13-1-2'),
      Certificates: [{ CertificateArn: parameter('Certificate') }],
      DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }],
    })
    expect(all.properties('prod-cluster', 'Certificate')).toMatchObject({
      DomainName: 'example.org',
      SubjectAlternativeNames: ['*.example.org'],
      ValidationMethod: 'DNS',
      DomainValidationOptions: [{ DomainName: 'example.org', HostedZoneId: 'Z0123456789ABCDEFGHIJ' }],
    })
    expect(all.properties('prod-cluster', 'NameapiXexampleXorg')).toMatchObject({ Type: 'A', Name: 'api.example.org' })
    expect(text(all.template('prod-service-api'))).toContain('"https://api.example.org"')
  })

  it('shows a certificate that is given, and makes none', () => {
    const configuration = example()
    const certificate = 'arn:aws:acm:eu-west-1:444444444444:certificate/12345678-1234-1234-1234-123456789012'
    Object.assign(configuration.environments['prod'] ?? {}, { certificate, zone: undefined })
    const cluster = ecsTemplates(configuration).template('prod-cluster')
    expect(cluster.Resources['Https']?.Properties['Certificates']).toEqual([{ CertificateArn: certificate }])
    expect(text(cluster)).not.toMatch(/AWS::CertificateManager|AWS::Route53/)
  })

  it('lets everybody in by 80 and 443, drops malformed headers, and records requests where users are', () => {
    const ports = (place: string) =>
      (all.properties(`${place}-cluster`, 'Group')['SecurityGroupIngress'] as { FromPort: number; ToPort: number }[]).map(
        ({ FromPort, ToPort }) => [FromPort, ToPort],
      )
    expect([ports('dev'), ports('prod')]).toEqual([
      [[80, 80]],
      [
        [80, 80],
        [443, 443],
      ],
    ])
    const attributes = text(all.properties('prod-cluster', 'LoadBalancer')['LoadBalancerAttributes'])
    for (const key of ['drop_invalid_header_fields.enabled', 'access_logs.s3.enabled']) {
      expect(attributes).toMatch(new RegExp(`${key}","Value":"true"`))
    }
    expect(all.properties('prod-cluster', 'AccessLogs')['PublicAccessBlockConfiguration']).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    })
    expect(all.template('dev-cluster').Resources['AccessLogs']).toBeUndefined()
  })

  it('has nothing in it that CloudFormation could not take back, or delete once no service has a port any more', () => {
    for (const name of all.names) expect(text(all.template(name)), name).not.toMatch(/deletion_?protection/i)
  })

  it('keeps what is typed in a shell, whoever opens it', () => {
    expect(text(all.properties('dev-cluster', 'Cluster')['Configuration'])).toContain('"Logging":"OVERRIDE"')
    expect(all.properties('dev-cluster', 'ShellLogs')).toMatchObject({
      LogGroupName: '/shop/dev/infra/shell',
      RetentionInDays: 365,
    })
  })

  it('starts container instances without a key, with IMDSv2 and an encrypted disk, and lets nobody in', () => {
    const data = all.properties('dev-cluster', 'LaunchTemplate')['LaunchTemplateData']
    expect(data).toMatchObject({
      InstanceType: 'm7i.large',
      MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
      BlockDeviceMappings: [{ Ebs: { Encrypted: true } }],
    })
    expect(data).not.toHaveProperty('KeyName')
    expect(all.properties('dev-cluster', 'InstanceGroup')).not.toHaveProperty('SecurityGroupIngress')
    expect(all.properties('dev-cluster', 'Instances')).toMatchObject({ MinSize: '0', MaxSize: '7' })
  })
})

it('keeps the container instances of an environment that asks for them, though no service runs on them any more', () => {
  const leaving = rich()
  if (leaving.services['site']?.target === 'ecs') delete leaving.services['site'].capacity
  const { template } = ecsTemplates(leaving)
  const providers = (place: string) => template(`${place}-cluster`).Resources['Capacity']?.Properties['CapacityProviders']
  expect(providers('dev')).toEqual(['FARGATE', 'FARGATE_SPOT', parameter('InstanceCapacity')])
  expect(providers('prod')).toEqual(['FARGATE', 'FARGATE_SPOT'])
})

describe('a service', () => serviceBehaviours(() => all))

describe('scheduled commands', () => scheduleBehaviours(() => all))
