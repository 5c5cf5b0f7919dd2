import { execFile } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { baseImage } from '../local/engine/base-image.ts'
import { type Engine, ensureEngine } from '../local/engine/engine.ts'
import { account, type BuildWorld, region, startBuildWorld } from './build-world.ts'

const MINUTES = 60_000
const root = join(import.meta.dirname, '..')
const home = join(root, '.slipway')
const say = (line: string): void => console.error(line)

/** The base comes from the sample service's Dockerfile; RUN and COPY leave times and names that must not reach the digest. */
const DOCKERFILE = `ARG BASE_IMAGE=BASE
FROM \${BASE_IMAGE} AS build
COPY . /srv
RUN --mount=type=secret,id=token test -s /run/secrets/token && echo built > /srv/artifact

FROM \${BASE_IMAGE}
ARG VERSION
ENV VERSION=\${VERSION}
COPY --from=build /srv /srv
COPY --from=libs/shared shared.txt /srv/
CMD ["node", "-e", "console.log(process.env.VERSION)"]
`

let engine: Engine
let world: BuildWorld
let config: string
let args: string

/** Notes each start of docker, and lets no build use what an earlier one left. */
const installDocker = async (): Promise<void> => {
  const real = (
    await promisify(execFile)('sh', ['-c', 'command -v docker'], { env: { ...process.env, ...engine.env } })
  ).stdout.trim()
  const script = `#!/bin/sh
echo "$*" >> "$(dirname "$0")/calls"
if [ "$1 $2" = "buildx build" ]; then shift 2; exec ${real} buildx build --no-cache "$@"; fi
exec ${real} "$@"
`
  writeFileSync(join(world.bin, 'docker'), script)
  chmodSync(join(world.bin, 'docker'), 0o755)
}

/** What leads docker to the engine; a step inherits nothing else. */
const dockerEnv = (): Record<string, string> => {
  const own = ['HOME', 'DOCKER_HOST', 'DOCKER_CONFIG', 'DOCKER_CONTEXT'].map((name) => [name, process.env[name] ?? ''])
  return { ...Object.fromEntries(own.filter(([, value]) => value !== '')), ...engine.env }
}

const build = (repository: string) =>
  world.run(
    { repository, 'build-args': args, inputs: 'libs/shared', 'build-secrets': 'token=TOKEN' },
    { ...dockerEnv(), TOKEN: 's3cr3t', PATH: `${world.bin}:${engine.env.PATH ?? process.env['PATH']}` },
  )

/** Runs a program that speaks to the registry with a token of the account. */
const registry = async (): Promise<{ host: string; password: string; auth: string }> => {
  const ecr = new ECRClient({ endpoint: world.cloud.endpoint, region, credentials: world.cloud.adminKey(account) })
  const { authorizationData } = await ecr.send(new GetAuthorizationTokenCommand({}))
  const { authorizationToken: auth = '', proxyEndpoint = '' } = authorizationData?.[0] ?? {}
  return { host: new URL(proxyEndpoint).host, auth, password: Buffer.from(auth, 'base64').toString().replace('AWS:', '') }
}
const run = async (program: string, ...parameters: string[]): Promise<string> => {
  const env = { ...process.env, ...engine.env, DOCKER_CONFIG: config }
  return (await promisify(execFile)(program, parameters, { env, maxBuffer: 1 << 24 })).stdout
}

beforeAll(async () => {
  engine = await ensureEngine({ home, say, install: true })
  const dockerfile = join(root, 'app', 'Dockerfile')
  const base = await baseImage(engine, { dockerfile, home, say })
  world = await startBuildWorld()
  await installDocker()
  config = mkdtempSync(join(tmpdir(), 'docker-config-'))
  args = base === undefined ? '' : `BASE_IMAGE=${base}`
  world.commit({ 'app/Dockerfile': DOCKERFILE, 'app/index.js': 'serve()\n', 'libs/shared/shared.txt': 'shared\n' })
}, 10 * MINUTES)

afterAll(async () => {
  await world?.close()
  if (config) rmSync(config, { recursive: true, force: true })
  await engine?.stop()
}, 2 * MINUTES)

it(
  'gives one tree one digest in two builds from nothing, and finds it without docker from then on',
  async () => {
    const first = await build('shop/app')
    say(`${first.log}\n${first.summary}`)
    const second = await build('shop/moving')
    expect(first.outputs).toMatchObject({ result: 'built', digest: expect.stringMatching(/^sha256:/) })
    expect(second.outputs).toMatchObject({ result: 'built', digest: first.outputs['digest'], tag: first.outputs['tag'] })
    const builds = world.dockerCalls().length
    const mark = world.cloud.recorder.mark()
    const third = await build('shop/app')
    say(`${third.summary}\nfound after ${third.milliseconds} ms, built after ${first.milliseconds} and ${second.milliseconds} ms`)
    expect(third.outputs).toEqual({ ...first.outputs, result: 'found' })
    expect([builds, world.dockerCalls().length]).toEqual([2, 2])
    expect(world.calls(mark)).toEqual(['ecr:BatchGetImage'])
    expect(first.log).not.toContain('s3cr3t')
    expect(world.leftovers()).toEqual([])
  },
  5 * MINUTES,
)

it(
  'pushes what docker pulls by digest, and what runs with the content tag in it',
  async () => {
    const { outputs } = await build('shop/app')
    const { host, auth } = await registry()
    mkdirSync(config, { recursive: true })
    writeFileSync(join(config, 'config.json'), JSON.stringify({ auths: { [host]: { auth } } }))
    const image = `${host}/shop/app@${outputs['digest']}`
    await run('docker', 'pull', '--quiet', image)
    try {
      expect((await run('docker', 'run', '--rm', '--network', 'none', image)).trim()).toBe(outputs['tag'])
      const files = await run(
        'docker',
        'run',
        '--rm',
        '--network',
        'none',
        image,
        'cat',
        '/srv/artifact',
        '/srv/shared.txt',
        '/srv/index.js',
      )
      expect(files).toBe('built\nshared\nserve()\n')
    } finally {
      await run('docker', 'rmi', image)
    }
  },
  5 * MINUTES,
)

it(
  'pushes what skopeo inspects and copies',
  async ({ skip }) => {
    if (!(await run('skopeo', '--version').catch(() => undefined))) return skip('skopeo is not installed')
    const { outputs } = await build('shop/app')
    const { host, password } = await registry()
    const image = `docker://${host}/shop/app@${outputs['digest']}`
    const inspected = JSON.parse(await run('skopeo', 'inspect', '--tls-verify=false', '--creds', `AWS:${password}`, image))
    expect(inspected).toMatchObject({ Digest: outputs['digest'], Os: 'linux', Created: '1970-01-01T00:00:00Z' })
    expect(inspected.Env).toContain(`VERSION=${outputs['tag']}`)
    await run('skopeo', 'copy', '--src-tls-verify=false', '--src-creds', `AWS:${password}`, image, `dir:${join(config, 'copy')}`)
  },
  5 * MINUTES,
)
