import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Engine } from '../../../local/engine/engine.ts'
import { deployClaims as job } from '../../../local/github/claims.case.ts'
import { startIssuer } from '../../../local/github/oidc.ts'
import { roleArn } from '../roles.ts'
import { clientsOf, type Keys, type Subject } from '../subject.ts'
import { launchMiniStack } from './ministack.ts'
import { freePort, type Started, seed, startServer } from './process.ts'

const run = promisify(execFile)
const region = 'eu-west-1'
const stranger = '222222222222'

const emulated = async (
  name: 'moto' | 'MiniStack',
  account: string,
  programs: string,
  { url, stop }: Started,
): Promise<Subject> => {
  const subnet = await seed(join(programs, 'python'), url, region, account, stranger)
  const issuer = await startIssuer(() => new Date())
  const clients = (of: string) => clientsOf(of, region, { accessKeyId: of, secretAccessKey: 'test' }, url)
  return {
    ...clients(account),
    name,
    region,
    has: ['roles', 'functions'],
    registry: (of) => ({ url, host: `${of}.dkr.ecr.${region}.amazonaws.com` }),
    signedBy: (keys: Keys) => clientsOf(account, region, keys, url).sts,
    token: (claims = {}, audience = 'sts.amazonaws.com', options = {}) => issuer.sign({ ...job, ...claims }, audience, options),
    image: 'none',
    functionRole: roleArn(account, 'contract-deploy'),
    subnet,
    poll: 200,
    patience: 20_000,
    // An emulator ends with all that the rules have made.
    afterwards: () => {},
    close: async () => {
      await stop()
      await issuer.close()
    },
  }
}

export const motoSubject = async (programs: string): Promise<Subject> => {
  const cwd = await mkdtemp(join(tmpdir(), 'moto-'))
  const port = await freePort()
  const server = await startServer(join(programs, 'moto_server'), ['-H', '127.0.0.1', '-p', String(port)], port, { cwd })
  const subject = await emulated('moto', '123456789012', programs, server)
  return {
    ...subject,
    close: async () => {
      await subject.close()
      await rm(cwd, { recursive: true })
    },
  }
}

const account = '111111111111'
const image = 'slipway.local/contract:1'

/** An image of the machine's shell and `sleep` with their libraries, made without a registry. */
const importShell = async (env: NodeJS.ProcessEnv): Promise<void> => {
  const listed = await Promise.all(['/bin/sh', '/bin/sleep'].map((program) => run('ldd', [program])))
  const libraries = listed.flatMap(({ stdout }) => [...stdout.matchAll(/(\/\S+) \(0x/g)].map(([, path]) => path ?? ''))
  const files = [...new Set(['/bin/sh', '/bin/sleep', ...libraries])].map((path) => `'${path}'`).join(' ')
  await run('sh', ['-c', `tar -C / -ch ${files} 2>/dev/null | docker import --change 'ENV PATH=/bin' - ${image}`], { env })
}

/** MiniStack; tasks are containers of the given engine. */
export const miniStackSubject = async (programs: string, engine: Engine): Promise<Subject> => {
  const docker = { ...process.env, ...engine.env }
  await importShell(docker)
  const hostname = 'slipway-contract'
  const server = await launchMiniStack(programs, { ...engine.env, MINISTACK_HOSTNAME: hostname })
  const subject = await emulated('MiniStack', account, programs, server)
  // Only an instance of an image that names a container's has a shell behind it.
  const { ImageId } = await subject.ec2.registerImage({ Name: 'contract', ImageLocation: image })
  const { Instances } = await subject.ec2.runInstances({ ImageId, MinCount: 1, MaxCount: 1 })
  return {
    ...subject,
    has: ['registry', 'containers', 'roles', 'accounts', 'functions', 'hosts'],
    instance: Instances?.[0]?.InstanceId ?? '',
    other: clientsOf(stranger, region, { accessKeyId: stranger, secretAccessKey: 'test' }, server.url),
    image,
    close: async () => {
      await subject.close()
      const label = `label=ministack.instance=${hostname}:${server.port}`
      const { stdout } = await run('docker', ['ps', '--all', '--quiet', '--filter', label], { env: docker })
      const left = stdout.split('\n').filter((id) => id !== '')
      if (left.length > 0) await run('docker', ['rm', '--force', ...left], { env: docker })
      await run('docker', ['rmi', '--force', image], { env: docker })
    },
  }
}
