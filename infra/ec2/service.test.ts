import { expect, it } from 'vitest'
import { hostDocument } from '../../lib/host/document.ts'
import { filesOf, launchOf, only, serviceOf, stacksOf, userDataOf, WORKER } from './ec2.case.ts'

const edge = serviceOf()
const worker = serviceOf(WORKER)
const named = serviceOf({}, 'prod', { zone: 'Z0123456789' })

it('has no key pair and no port 22; a worker lets nobody in', () => {
  expect(JSON.stringify([edge, worker])).not.toMatch(/KeyName|KeyPair|"(From|To)Port":22\b/)
  expect(only(worker, 'AWS::EC2::SecurityGroup')['SecurityGroupIngress']).toEqual([])
  expect(worker.Resources['Address']).toBeUndefined()
})

it.each([
  ['everybody, by plain HTTP without a domain', edge, [[80, '0.0.0.0/0']]],
  [
    'everybody, by HTTPS with one',
    named,
    [
      [80, '0.0.0.0/0'],
      [443, '0.0.0.0/0'],
    ],
  ],
  ['its network alone, where it is not published', serviceOf({ published: false }, 'prod'), [[80, '10.0.0.0/16']]],
])('lets in %s', (_, template, ports) => {
  const rules = only(template, 'AWS::EC2::SecurityGroup')['SecurityGroupIngress'] as { FromPort: number; CidrIp: string }[]
  expect(rules.map(({ FromPort, CidrIp }) => [FromPort, CidrIp])).toEqual(ports)
})

it('answers metadata to tokens alone, and to containers only where delivery.json gives them permissions', () => {
  const options = (template: typeof edge) => launchOf(template)['MetadataOptions']
  expect(options(edge)).toEqual({ HttpEndpoint: 'enabled', HttpTokens: 'required', HttpPutResponseHopLimit: 1 })
  const permissions = [{ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::shop-uploads/*'] }]
  expect(options(serviceOf({ permissions }))).toMatchObject({ HttpTokens: 'required', HttpPutResponseHopLimit: 2 })
})

it('encrypts the volume, and tags host, volume and interface with the tag by which deployments find hosts', () => {
  const { BlockDeviceMappings, TagSpecifications } = launchOf(edge)
  expect(BlockDeviceMappings).toEqual([
    {
      DeviceName: '/dev/xvda',
      Ebs: { Encrypted: true, VolumeType: 'gp3', VolumeSize: 20, DeleteOnTermination: true },
    },
  ])
  const specifications = TagSpecifications as { ResourceType: string; Tags: object[] }[]
  expect(specifications.map(({ ResourceType }) => ResourceType)).toEqual(['instance', 'volume', 'network-interface'])
  for (const { Tags } of specifications) expect(Tags).toContainEqual({ Key: 'slipway:service', Value: 'shop-dev-edge' })
  expect(only(edge, 'AWS::AutoScaling::AutoScalingGroup')['Tags']).toContainEqual({
    Key: 'slipway:service',
    Value: 'shop-dev-edge',
    PropagateAtLaunch: true,
  })
})

it('takes the machine image that delivery.json pins, or has EC2 find the newest for the processor when a host starts', () => {
  const newest = 'resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default'
  expect(launchOf(edge)['ImageId']).toBe(`${newest}-x86_64`)
  expect(launchOf(serviceOf({ instanceType: 't4g.small' }))['ImageId']).toBe(`${newest}-arm64`)
  expect(launchOf(serviceOf({ ami: 'ami-0123456789abcdef0' }))['ImageId']).toBe('ami-0123456789abcdef0')
  // A parameter of the stack would change by itself, and replace the hosts with it.
  expect(Object.values(edge.Parameters).filter(({ Default }) => !Default.startsWith('/shop/dev/outputs/'))).toEqual([])
})

it('replaces hosts one by one, each when the one before has said that it serves, and leaves their number to others', () => {
  const three = serviceOf({ ...WORKER, count: 3 }).Resources['Hosts']
  expect(three?.Properties).toMatchObject({ MinSize: '3', MaxSize: '6', DesiredCapacity: '3' })
  expect(three?.CreationPolicy).toEqual({ ResourceSignal: { Count: 3, Timeout: 'PT15M' } })
  expect(three?.UpdatePolicy).toMatchObject({
    AutoScalingRollingUpdate: { MaxBatchSize: 1, MinInstancesInService: 3, WaitOnResourceSignals: true, PauseTime: 'PT15M' },
  })
  expect(edge.Resources['Hosts']?.Properties).toMatchObject({ MinSize: '1', MaxSize: '2' })
})

it('ends hosts when their number is lowered, all of them at 0, and changes a number that others have set with it alone', () => {
  const hosts = (count: number) => serviceOf({ ...WORKER, count }).Resources['Hosts']
  expect(hosts(1)?.Properties).toMatchObject({ MinSize: '1', MaxSize: '2', DesiredCapacity: '1' })
  expect(hosts(0)?.Properties).toMatchObject({ MinSize: '0', DesiredCapacity: '0' })
  expect(hosts(0)?.CreationPolicy).toBeUndefined()
  expect(hosts(3)?.UpdatePolicy).toMatchObject({ AutoScalingScheduledAction: { IgnoreUnmodifiedGroupSizeProperties: true } })
})

it('has a fixed address, with its name where the zone is known, before a host asks for the certificate', () => {
  expect(only(edge, 'AWS::EC2::EIP')).toMatchObject({ Domain: 'vpc' })
  expect(edge.Resources['OutputOutputsEdgeUrl']?.Properties['Value']).toEqual({
    'Fn::Join': ['', ['http://', { Ref: 'Address' }]],
  })
  expect(only(named, 'AWS::Route53::RecordSet')).toEqual({
    HostedZoneId: 'Z0123456789',
    Name: 'edge.example.org.',
    Type: 'A',
    TTL: '60',
    ResourceRecords: [{ Ref: 'Address' }],
  })
  expect(named.Resources['Hosts']).toMatchObject({ DependsOn: expect.arrayContaining(['Name']) })
  expect(named.Resources['OutputOutputsEdgeUrl']?.Properties['Value']).toBe('https://edge.example.org')
})

it('gives its hosts a role for what they do, and no way to all parameters of the account', () => {
  const { RoleName, Policies } = only(edge, 'AWS::IAM::Role') as {
    RoleName: string
    Policies: [{ PolicyDocument: { Statement: { Action: string[]; Resource: unknown[] }[] } }]
  }
  expect(RoleName).toBe('shop-dev-edge-host')
  const everywhere = Policies[0].PolicyDocument.Statement.filter(({ Resource }) => Resource.includes('*'))
  expect(everywhere.flatMap(({ Action }) => Action).filter((action) => !/^ssmmessages:/.test(action))).toEqual([
    'ssm:UpdateInstanceInformation',
    'ssm:ListAssociations',
    'ssm:ListInstanceAssociations',
    'ecr:GetAuthorizationToken',
  ])
  expect(JSON.stringify(worker.Resources['Role'])).not.toContain('ec2:')
})

it('may read the secret of its service where it has secrets, and no other', () => {
  const text = JSON.stringify(serviceOf({ secrets: ['DATABASE_URL', 'TOKEN'] }))
  expect(text).toContain('SECRET=shop/dev/edge\\nSECRETS=DATABASE_URL TOKEN\\n')
  expect(text).toContain('arn:aws:secretsmanager:eu-west-1:222222222222:secret:shop/dev/edge-??????')
  expect(JSON.stringify(edge)).not.toContain('secretsmanager:')
})

it('keeps its logs, names no image, and uses what exists already', () => {
  expect(only(edge, 'AWS::Logs::LogGroup')).toMatchObject({ LogGroupName: '/shop/dev/edge', RetentionInDays: 30 })
  expect(named.Resources['Logs']).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', Properties: { RetentionInDays: 365 } })
  expect(JSON.stringify(edge)).not.toMatch(/@sha256:(?!5f5c8640)|shop\/app:/)
  const own = stacksOf({ names: { role: 'own-host', document: 'own-deploy' } })
  expect(Object.keys(own)).toEqual(['shop-dev-service-edge'])
  expect(Object.values(own['shop-dev-service-edge']?.Resources ?? {}).filter(({ Type }) => Type === 'AWS::IAM::Role')).toEqual([])
  expect(stacksOf({ names: { tag: { key: 'Role', value: 'edge' } } })).toEqual({})
})

it('shares one document, which no change makes anew', () => {
  const document = stacksOf()['shop-dev-hosts']
  expect(document && only(document, 'AWS::SSM::Document')).toMatchObject({
    Name: 'shop-dev-deploy',
    DocumentType: 'Command',
    UpdateMethod: 'NewVersion',
    // The one that test/document-safety.test.ts puts before the agent's rules.
    Content: hostDocument('111111111111.dkr.ecr.eu-west-1.amazonaws.com'),
  })
})

it('writes what the host needs: the boot unit restarts what failed, the proxy its folder, Caddy the certificate', () => {
  const files = filesOf(userDataOf(serviceOf({ variables: { LOG_LEVEL: "it's $5" }, stopTimeout: '1m' }, 'prod')))
  expect(files['/etc/slipway/edge.env']?.split('\n')).toEqual(
    expect.arrayContaining(['PORT=8080', 'PARAMETERS=/shop/prod/edge/env', 'STOP_TIMEOUT=60', 'LOG_GROUP=/shop/prod/edge']),
  )
  expect(files['/etc/slipway/edge.variables']).toBe("LOG_LEVEL=it's $5\n")
  expect(files['/etc/tmpfiles.d/slipway.conf']).toBe('d /run/slipway 0755 99 99 -\n')
  expect(files['/etc/slipway/edge.caddy']).toContain('edge.example.org {\n\treverse_proxy edge-proxy:8000\n}')
  const unit = files['/etc/systemd/system/slipway-edge.service']
  expect(unit).toMatch(/^ExecStart=\/usr\/local\/sbin\/slipway-boot edge \/shop\/prod\/edge\/image eu-west-1$/m)
  expect(unit).toMatch(/^Restart=on-failure$/m)
  expect(unit).toMatch(/^WantedBy=multi-user.target$/m)
})

it('refuses more than EC2 takes, and says where else variables may be', () => {
  const variables = Object.fromEntries(Array.from({ length: 90 }, (_, index) => [`NAME_${index}`, 'x'.repeat(100)]))
  expect(() => serviceOf({ variables })).toThrow(
    /the hosts of edge in dev would get \d+ bytes of user data, EC2 takes 16384; move 'variables' to parameters below \/shop\/dev\/edge\/env/,
  )
})
