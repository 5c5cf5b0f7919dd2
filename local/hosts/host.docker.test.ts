import { execFile } from 'node:child_process'
import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { devAccount, region, registryAccount, scenario } from '../cloud.case.ts'
import { type Cloud, startCloud } from '../cloud.ts'
import { importNodeImage } from '../containers/node-image.case.ts'
import { run } from '../engine/command.ts'
import { useEngine } from '../engine/engine.case.ts'
import { createHost, type Host, type HostTools, removeHosts } from './host.ts'
import { proxyImage } from './proxy-image.ts'

useEngine()
const home = join(import.meta.dirname, '../../.slipway')
const registry = `${registryAccount}.dkr.ecr.${region}.amazonaws.com`
const config = `
global
  stats socket /run/slipway/web.sock mode 600 level admin
defaults
  mode http
  timeout connect 1s
  timeout client 5s
  timeout server 5s
resolvers docker
  nameserver dns 127.0.0.11:53
  hold valid 500ms
frontend http
  bind :8080
  default_backend app
backend app
  default-server check inter 100ms resolvers docker init-addr none
  server blue web-blue:8080
  server green web-green:8080
`

let cloud: Cloud
let tools: HostTools
let hosts: Host[]

/** Runs a script on a host as the agent does: with nothing but the host's own environment. */
const on = async (host: Host | undefined, script: string) => {
  const options = { env: host?.environment ?? {} }
  return (await promisify(execFile)('/bin/bash', ['-c', script], options)).stdout
}

const spec = (name: string) => ({
  instanceId: name,
  service: 'web',
  network: `slipway-test-${name}`,
  proxy: { name: `slipway-test-${name}-proxy`, config, port: 8080 },
  settings: { PORT: '8080' },
})

beforeAll(async () => {
  const env = {}
  cloud = await startCloud({ scenario })
  const address = new URL(await cloud.registry(registryAccount, region)).host
  const identity = { endpoint: cloud.endpoint, region, credentials: cloud.adminKey(devAccount) }
  const folder = await mkdtemp('/tmp/slipway-hosts-')
  const image = await proxyImage({ home, env, say: () => undefined })
  tools = { folder, env, session: `test-${process.pid}`, proxyImage: image, registry: { name: registry, address }, identity }
  hosts = [await createHost(tools, spec('i-1')), await createHost(tools, spec('i-2'))]
}, 120_000)

afterAll(async () => {
  await removeHosts(tools)
  await cloud.close()
})

const server = `/bin/node -e "require('http').createServer((_, answer) => answer.end(process.env.NAME)).listen(8080)"`

test('a host pulls from ECR by its own role, and serves through its proxy, also after a reboot', async () => {
  const [host, other] = hosts
  const image = await importNodeImage()
  const writer = { ...tools.identity, credentials: cloud.adminKey(registryAccount) }
  await run('docker', ['tag', image, `${tools.registry.address}/shop/app:1`], { env: tools.env })
  const { ECR } = await import('@aws-sdk/client-ecr')
  const { authorizationData } = await new ECR(writer).getAuthorizationToken({})
  const password = Buffer.from(authorizationData?.[0]?.authorizationToken ?? '', 'base64')
    .toString()
    .slice(4)
  const push = `docker --config ${tools.folder} login -u AWS -p '${password}' ${tools.registry.address} && docker --config ${tools.folder} push -q ${tools.registry.address}/shop/app:1`
  await run('sh', ['-c', push], { env: tools.env })
  await run('docker', ['image', 'rm', `${tools.registry.address}/shop/app:1`], { env: tools.env })

  await on(
    host,
    `export DOCKER_CONFIG=$SLIPWAY_ROOT/docker
    aws ecr get-login-password --region ${region} | docker login --username AWS --password-stdin ${registry}
    docker pull ${registry}/shop/app:1
    docker run -d --name i-1-web --network slipway-test-i-1 --network-alias web-blue --restart unless-stopped -e NAME=one ${registry}/shop/app:1 ${server}`,
  )
  expect(await on(host, `docker inspect --format '{{.Config.Image}}' i-1-web`)).toBe(`${registry}/shop/app:1\n`)
  expect((await on(host, "docker ps --format '{{.Names}}'")).split('\n')).toContain('i-1-web')
  expect(await on(other, "docker ps --format '{{.Names}}'")).toBe('slipway-test-i-2-proxy\n')
  const answer = async () => (await fetch(host?.address ?? '')).text()
  await expect.poll(answer, { timeout: 20_000 }).toBe('one')
  await on(
    host,
    `docker run -d --name i-1-idle --network slipway-test-i-1 --restart no -e NAME=two ${registry}/shop/app:1 ${server}`,
  )
  let booted = ''
  await host?.reboot(async () => {
    booted = await on(host, "docker ps --format '{{.Names}}'")
  })
  expect(booted.trim().split('\n').toSorted()).toEqual(['i-1-web', 'slipway-test-i-1-proxy'])
  await expect.poll(answer, { timeout: 20_000 }).toBe('one')
}, 120_000)

test('a host reads its parameters, and an error of Docker speaks of ECR', async () => {
  const ssm = new SSMClient(tools.identity)
  await ssm.send(new PutParameterCommand({ Name: '/shop/web/TOKEN', Type: 'SecureString', Value: 'a b' }))
  const read = await on(hosts[0], 'aws ssm get-parameters-by-path --path /shop/web --with-decryption --recursive --output json')
  expect(JSON.parse(read)).toMatchObject({ Parameters: [{ Name: '/shop/web/TOKEN', Value: 'a b' }] })
  await expect(on(hosts[0], `docker pull ${registry}/shop/none:1`)).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining(registry),
  })
  await expect(on(hosts[0], 'aws s3 ls')).rejects.toMatchObject({ code: 254, stderr: expect.stringContaining('has no command') })
})

test('nothing of the hosts is left when they are removed', async () => {
  await removeHosts(tools)
  const label = ['--quiet', '--filter', `label=slipway.session=${tools.session}`]
  expect(await run('docker', ['ps', '--all', ...label], { env: tools.env })).toBe('')
  expect(await run('docker', ['network', 'ls', ...label], { env: tools.env })).toBe('')
})
