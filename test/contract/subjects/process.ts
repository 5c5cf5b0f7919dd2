import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { roleArn, roles } from '../roles.ts'

/** A port of loopback that nothing listens on. */
export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port was given')
  return address.port
}

export type Started = { url: string; stop(): Promise<void> }

/** Starts a server and waits until it answers; a server that ends instead is an error with its last words. */
export const startServer = async (
  program: string,
  args: string[],
  port: number,
  options: { env?: Record<string, string>; cwd: string },
): Promise<Started> => {
  const url = `http://127.0.0.1:${port}`
  const env = { ...process.env, ...options.env }
  const child = spawn(program, args, { cwd: options.cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let last = ''
  for (const output of [child.stdout, child.stderr]) {
    output.on('data', (text) => {
      last = `${last}${text}`.slice(-2_000)
    })
  }
  const ended = once(child, 'exit')
  // Also when this process dies of an error that nobody catches.
  const kill = (): void => void child.kill('SIGKILL')
  process.once('exit', kill)
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGTERM')
    const killed = setTimeout(kill, 15_000)
    await ended
    clearTimeout(killed)
    process.off('exit', kill)
  }
  const deadline = performance.now() + 60_000
  while (!(await fetch(url).catch(() => undefined))) {
    if (child.exitCode !== null || performance.now() > deadline) {
      await stop()
      throw new Error(`${program} does not answer: ${last}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return { url, stop }
}

const seeding = `
import boto3, json, sys
url, region, account = sys.argv[1:]
iam = boto3.client("iam", endpoint_url=url, region_name=region, aws_access_key_id=account, aws_secret_access_key="test")
for name, given in json.load(sys.stdin):
    getattr(iam, name)(**given)
ec2 = boto3.client("ec2", endpoint_url=url, region_name=region, aws_access_key_id=account, aws_secret_access_key="test")
print(ec2.describe_subnets()["Subnets"][0]["SubnetId"])
`

/**
 * Makes the OIDC provider and the roles in an emulator, by the Python SDK that the emulators bring with them; resolves to a subnet
 * that it has.
 */
export const seed = async (python: string, url: string, region: string, account: string, stranger: string): Promise<string> => {
  const provider = {
    Url: 'https://token.actions.githubusercontent.com',
    ClientIDList: ['sts.amazonaws.com'],
    ThumbprintList: ['0'.repeat(40)],
  }
  const calls = [
    ['create_open_id_connect_provider', provider],
    ...roles(account, stranger).map(({ name, trust, maxSessionDuration = 3600 }) => [
      'create_role',
      { RoleName: name, AssumeRolePolicyDocument: JSON.stringify(trust), MaxSessionDuration: maxSessionDuration },
    ]),
  ]
  return new Promise((resolve, reject) => {
    const child = execFile(python, ['-c', seeding, url, region, account], (error, printed, text) =>
      error
        ? reject(new Error(`${roleArn(account, 'contract-*')} cannot be made: ${text}`, { cause: error }))
        : resolve(printed.trim()),
    )
    child.stdin?.end(JSON.stringify(calls))
  })
}
