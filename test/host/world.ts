import { execFile, spawn } from 'node:child_process'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { PROGRAM } from '../../lib/host/program.ts'
import { haproxyConfig } from '../../lib/host/proxy.ts'
import { type HostVerdict, type Operation, parseVerdict } from '../../lib/host/verdict.ts'
import { devAccount, region, registryAccount, scenario } from '../../local/cloud.case.ts'
import { type CloudOptions, startCloud } from '../../local/cloud.ts'
import { createHost, type Host, type HostTools, removeHosts } from '../../local/hosts/host.ts'
import { proxyImage } from '../../local/hosts/proxy-image.ts'
import { pushVariants } from '../failures/variants.ts'
import { type HostVariant, programs } from './programs.ts'

const SERVICE = 'edge'
const registry = `${registryAccount}.dkr.ecr.${region}.amazonaws.com`
const repository = `${registry}/shop/app`
const home = join(import.meta.dirname, '../../.slipway')

/** Short enough for a test, and no shorter than a slow machine needs. The drain outlives the slow requests of three seconds. */
const settings = {
  REPOSITORY: repository,
  REGION: region,
  PORT: '8080',
  SMOKE_PATHS: '/',
  PARAMETERS: '/shop/dev/edge/env',
  HEALTH_TIMEOUT: '60',
  BAKE_SECONDS: '2',
  DRAIN_TIMEOUT: '20',
  STOP_TIMEOUT: '3',
  MIN_FREE_MB: '64',
  MIN_FREE_INODES: '1000',
  TEST_HOST: 'yes',
}

export type Ended = { code: number | null; signal: string | null; stdout: string; verdict: HostVerdict | undefined }

export type Parameters = {
  image?: string
  release?: string
  version?: string
  command?: string
  /** Milliseconds after which the program and all that it started are killed, as the agent does it. */
  killAfter?: number
  /** The same, as soon as this resolves with something. */
  killWhen?: () => Promise<string | undefined>
  env?: Record<string, string>
}

export type HostWorld = Awaited<ReturnType<typeof startHostWorld>>
export type WorldHost = Awaited<ReturnType<HostWorld['host']>>

/** Images in a registry, and simulated hosts on the Docker engine of `process.env` that run the program that ships. */
export const startHostWorld = async (options: Partial<CloudOptions> = {}) => {
  const cloud = await startCloud({ scenario, ...options })
  const folder = await mkdtemp('/tmp/slw-')
  const env = {}
  const tools: HostTools = {
    folder,
    env,
    session: `host-test-${process.pid}`,
    proxyImage: await proxyImage({ home, env, say: console.error }),
    registry: { name: registry, address: new URL(await cloud.registry(registryAccount, region)).host },
    identity: { endpoint: cloud.endpoint, region, credentials: cloud.adminKey(devAccount) },
  }
  const close = async (): Promise<void> => {
    await removeHosts(tools)
    await cloud.close()
  }
  const digests = await pushVariants(cloud, registryAccount, region, programs).catch(async (error: unknown) => {
    await close()
    throw error
  })
  const ssm = new SSMClient(tools.identity)
  const put = (name: string, value: string) =>
    ssm.send(
      new PutParameterCommand({ Name: `${settings.PARAMETERS}/${name}`, Type: 'SecureString', Value: value, Overwrite: true }),
    )
  await put('DATABASE_URL', 'hunter2hunter2')
  const program = join(folder, 'program.sh')
  await writeFile(program, PROGRAM)
  let count = 0

  /** `credentials` are those of the host's role; without them it may do everything. */
  const host = async (more: Record<string, string> = {}, credentials = tools.identity.credentials) => {
    count += 1
    const name = `slw-${process.pid}-${count}`
    const own = { ...settings, NETWORK: name, PREFIX: `${name}-`, PROXY: `${name}-proxy`, ...more }
    const config = haproxyConfig({ service: SERVICE, port: 8080, health: '/healthz', listen: 8000 })
    const identity = { ...tools.identity, ...(credentials && { credentials }) }
    const created = await createHost(
      { ...tools, identity },
      {
        instanceId: `i${count}`,
        service: SERVICE,
        network: name,
        proxy: { name: `${name}-proxy`, config, port: 8000 },
        settings: own,
      },
    )
    return hostOf(created, name, own)
  }

  const hostOf = (created: Host, name: string, own: Record<string, string>) => {
    const docker = async (...args: string[]): Promise<string> =>
      (await promisify(execFile)('docker', args, { env: created.environment })).stdout.trim()
    const start = (operation: Operation, parameters: Parameters = {}) => {
      const { image = '', release, version = '', command = '', env: more = {}, killAfter, killWhen } = parameters
      const given = {
        SSM_Operation: operation,
        SSM_Service: SERVICE,
        SSM_Image: image,
        SSM_Version: version,
        SSM_Command: command,
      }
      const all = { ...created.environment, ...given, SSM_Release: release ?? 'none', SSM_COMMAND_ID: 'c-1', ...more }
      const child = spawn('/bin/bash', [program], { env: all, cwd: '/', detached: true })
      const kill = (): unknown =>
        child.exitCode === null && child.signalCode === null && process.kill(-(child.pid ?? 0), 'SIGKILL')
      const timer = killAfter === undefined ? undefined : setTimeout(kill, killAfter)
      const look = setInterval(async () => (await killWhen?.()) !== undefined && kill(), 100)
      let stdout = ''
      child.stdout.on('data', (data) => {
        stdout += data
      })
      return new Promise<Ended>((resolve) =>
        child.on('close', (code, signal) => {
          clearTimeout(timer)
          clearInterval(look)
          resolve({ code, signal, stdout, verdict: parseVerdict(stdout) })
        }),
      )
    }
    return {
      ...created,
      name,
      docker,
      start,
      /** Deploys a variant as a release of its own. */
      deploy: (variant: HostVariant, release: string, more: Parameters = {}) =>
        start('deploy', { image: `${repository}@${digests[variant]}`, release, ...more }),
      /** Names of the service's containers, newest first. */
      containers: async (...filters: string[]): Promise<string[]> =>
        (await docker('ps', '--filter', `label=slipway.service=${name}-${SERVICE}`, '--format', '{{.Names}}', ...filters))
          .split('\n')
          .filter(Boolean)
          .map((each) => each.replace(`${name}-${SERVICE}-`, '')),
      /** Releases whose containers the engine starts again with itself. */
      restarting: async (): Promise<string[]> => {
        const own = await docker('ps', '--all', '--quiet', '--filter', `label=slipway.service=${name}-${SERVICE}`)
        const format = '{{.HostConfig.RestartPolicy.Name}} {{index .Config.Labels "slipway.release"}}'
        const policies = await docker('inspect', '--format', format, ...own.split('\n'))
        return policies.split('\n').flatMap((line) => (line.startsWith('no ') ? [] : [line.split(' ')[1] ?? '']))
      },
      state: (file: string) =>
        readFile(join(created.root, 'var/lib/slipway', SERVICE, file), 'utf8').then(
          (text) => text.trim(),
          () => undefined,
        ),
      /** Changes the file that infrastructure writes. */
      set: async (changed: Record<string, string>): Promise<void> => {
        Object.assign(own, changed)
        const lines = Object.entries({ ...own, PROXY_URL: created.address }).map(([key, value]) => `${key}=${value}\n`)
        await writeFile(join(created.root, `etc/slipway/${SERVICE}.env`), lines.join(''))
      },
      get: (path: string): Promise<string> => fetch(`${created.address}${path}`).then((answer) => answer.text()),
    }
  }
  return { cloud, digests, repository, host, put, imageOf: (variant: HostVariant) => `${repository}@${digests[variant]}`, close }
}
